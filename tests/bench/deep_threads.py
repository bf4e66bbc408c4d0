"""A discussion with a reflection of 2,328 replies and a thread of depth 24, against one with 20 reflections and 60
replies, in interleaved rounds of one run, cold (nothing kept from one page to the next) and warm:
`python -m tests.bench.deep_threads [--rounds N] [--postgresql]`.

The bar: to the first byte at most 1.5 times as long as the small discussion's page, and at most 40 kB gzip.
"""

import argparse
import gzip
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from typing import Any

from flask import Flask

from forum.discussions.counting import recount_discussions
from forum.discussions.models import Discussion, Post, Stage
from forum.discussions.operations import publish_post
from forum.discussions.setup import add_discussion
from tests.bench.classroom import (
    add_measured_discussion,
    add_people,
    add_posts_in_bulk,
    commit,
    db,
    empty_databases,
    kind_of,
    scratch_app,
    signed_in_client,
)

REPLIES, DEPTH = 2328, 24
BAR_RATIO, BAR_BYTES = 1.5, 40_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        app = stack.enter_context(scratch_app(*empty_databases(stack, chosen.postgresql, 1)))
        paths, client, fine = _build(app), signed_in_client(app), True
        print(f"{kind_of(app)}, {chosen.rounds} rounds")
        for name, prepare in (("cold", app.extensions["fragments"].clear), ("warm", lambda: None)):
            times, sizes = _measured(client, paths, prepare, chosen.rounds)
            small = next(iter(times.values()))
            for page, taken in times.items():
                ratio = median(mine / base for mine, base in zip(taken, small, strict=True))
                fine &= ratio <= BAR_RATIO and sizes[page] <= BAR_BYTES
                print(f"  {name}, {page}: {median(taken) * 1000:.2f} ms, {ratio:.2f}; {sizes[page]:,} bytes gzip")
    return 0 if fine else 1


def _build(app: Flask) -> dict[str, str]:
    """Addresses by what is there, the one to compare with first."""
    with app.app_context():
        training_class, learning, teaching = add_people("measured")
        small = add_measured_discussion(training_class, learning, teaching)
        large = add_discussion(training_class, "One answered by all", Stage.DURING, "Write **three** sentences.")
        deepest = _add_thread(large, learning)
        add_posts_in_bulk(large, learning, 40)
        commit()
        at = f"/discussions/{large.id}"
        return {
            "20 reflections, 60 replies": f"/discussions/{small.id}",
            "a post among these": f"/discussions/{small.id}/posts/1",
            "the large discussion": at,
            "around its deepest post": f"{at}?show={deepest}",
            "the reflection's page": f"{at}/posts/1",
            "the last of its pages": f"{at}/posts/1?after={REPLIES - 100}",
            "the deepest post's page": f"{at}/posts/{deepest}",
        }


def _add_thread(discussion: Discussion, learning: list[Any]) -> int:
    """The number of its deepest post: the last of the replies that answer one another, which come after the others."""
    root = publish_post(learning[0], discussion, "The first word.", None, "the-first-word")
    same = {name: getattr(root, name) for name in ("class_id", "discussion_id", "role", "format", "created_at")}
    same |= {
        "late": False,
        "body": "说得好，我们那里也是这样。",
        "html": "<p>说得好，我们那里也是这样。</p>",
        "characters": 11,
    }
    parent, depth = root.id, 1
    rows: list[dict[str, Any]] = []
    for number in range(2, REPLIES + 2):
        author = learning[number % len(learning)].id
        rows.append({**same, "number": number, "revision": number, "author_id": author, "root_id": root.id})
    flat = len(rows) - DEPTH + 1
    db.session.execute(db.insert(Post), [{**row, "parent_id": root.id, "depth": 1} for row in rows[:flat]])
    for row in rows[flat:]:
        depth += 1
        post = Post(**row, parent_id=parent, depth=depth) if depth > 2 else Post(**row, parent_id=_last(root), depth=2)
        db.session.add(post)
        db.session.flush()
        parent = post.id
    discussion.last_number = discussion.revision = REPLIES + 1
    recount_discussions([discussion.id])
    return discussion.last_number


def _last(root: Post) -> int:
    found = db.session.query(Post.id).filter(Post.root_id == root.id).order_by(Post.number.desc()).first()
    assert found is not None
    return int(found[0])


def _measured(
    client: Any, paths: dict[str, str], prepare: Callable[[], None], rounds: int
) -> tuple[dict[str, list[float]], dict[str, int]]:
    times: dict[str, list[float]] = {name: [] for name in paths}
    sizes = {}
    for turn in range(-2, rounds):
        for name, path in paths.items():
            prepare()
            started = time.perf_counter()
            answer = client.get(path)
            took = time.perf_counter() - started
            assert answer.status_code == 200
            sizes[name] = len(gzip.compress(answer.data, 6))
            if turn >= 0:
                times[name].append(took)
    return times, sizes


if __name__ == "__main__":
    sys.exit(main())

"""The discussion page with 1,000 posts in the database and with 400,000, in interleaved rounds of one run, nothing kept
from one page to the next: `python -m tests.bench.large [--posts N] [--rounds N] [--database SMALL LARGE]`.

Half of the large database's posts stand in discussions of 1,000 each, half in a single one.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from statistics import median

from flask import Flask

from forum.db import commit, db
from forum.discussions.models import Stage
from forum.discussions.setup import add_discussion
from tests.bench.classroom import add_people, add_posts_in_bulk, kind_of, scratch_app, signed_in_client

SMALL = 1000


def build(app: Flask, posts: int) -> dict[str, str]:
    """Paths: of a discussion of 1,000 among the others, and (in the large one) of a discussion with all."""
    with app.app_context():
        training_class, learning, _ = add_people("measured", trainees=200)
        paths = {}
        for number in range(posts // SMALL):
            discussion = add_discussion(training_class, f"Discussion {number}", Stage.DURING)
            add_posts_in_bulk(discussion, learning, SMALL)
            paths["1,000 in the discussion"] = f"/discussions/{discussion.id}"
        if posts > SMALL:
            discussion = add_discussion(training_class, "All in one", Stage.DURING)
            add_posts_in_bulk(discussion, learning, posts)
            paths["all in the discussion"] = f"/discussions/{discussion.id}"
            paths["all, from the middle"] = f"/discussions/{discussion.id}?after={posts // 2}"
        commit()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    return paths


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--database", nargs=2, default=[None, None])
    chosen = parser.parse_args()
    with ExitStack() as stack:
        small, large = (stack.enter_context(scratch_app(url)) for url in chosen.database)
        pages = {f"of {SMALL:,}: {name}": (small, path) for name, path in build(small, SMALL).items()}
        pages |= {
            f"of {2 * chosen.posts:,}: {name}": (large, path) for name, path in build(large, chosen.posts).items()
        }
        clients = {app: signed_in_client(app) for app in (small, large)}
        times: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(chosen.rounds + 2):
            for name, (app, path) in pages.items():
                app.extensions["fragments"].clear()
                started = time.perf_counter()
                assert clients[app].get(path).status_code == 200
                times[name].append(time.perf_counter() - started)
        first = next(iter(times.values()))[2:]
        for name, taken in times.items():
            ratio = median(mine / base for mine, base in zip(taken[2:], first, strict=True))
            print(f"{kind_of(small)}, {name}: {median(taken[2:]) * 1000:.1f} ms, {ratio:.2f} of the first")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The figures page of a class of 500 trainees and 40 discussions in a database of 1,000,000 posts, against one of its
discussion pages, in interleaved rounds of one run:
`python -m tests.bench.figures [--posts N] [--own N] [--rounds N] [--postgresql]`.

`--own` of the posts are the class's, one in eight a comment; the others stand in another class. The bar: every figures
page takes at most 10 times as long as the discussion page, both with nothing kept from one page to the next.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from statistics import median

import sqlalchemy as sa
from flask import Flask

from forum.classes.models import Enrolment, Role
from forum.db import commit, db
from forum.discussions.counting import recount_discussions
from forum.discussions.models import Post, Stage
from forum.discussions.setup import add_discussion
from tests.bench.classroom import (
    add_people,
    add_posts_in_bulk,
    empty_databases,
    kind_of,
    scratch_app,
    signed_in_client,
)

TRAINEES, DISCUSSIONS, AT_ONCE = 500, 40, 20_000
BAR = 10
FIGURES = "/classes/measured/figures"
WEEK = "?from=2026-11-16&to=2026-11-22"
PAGES = [
    FIGURES,
    *(f"{FIGURES}?by={by}" for by in ("trainee", "unit", "unit&level=0", "group", "stage", "week", "hour")),
    f"{FIGURES}{WEEK}",
    f"{FIGURES}/rows?figure=person_times",
    f"{FIGURES}/rows?figure=silent&by=discussion&row=1",
]


def build(app: Flask, posts: int, own: int) -> str:
    """The path of a discussion of the class; its first trainee organises."""
    with app.app_context():
        training_class, learning, teaching = add_people("measured", trainees=TRAINEES)
        db.session.get_one(Enrolment, (training_class.id, learning[0].id)).organises = True
        for number in range(DISCUSSIONS):
            discussion = add_discussion(training_class, f"Discussion {number}", list(Stage)[number % 3])
            # So that nobody is silent everywhere, and a few in each.
            add_posts_in_bulk(discussion, learning[: TRAINEES - number], own // DISCUSSIONS)
            _make_comments(discussion.id, [teacher.id for teacher in teaching])
            db.session.commit()
        elsewhere, others, _ = add_people("elsewhere", trainees=200)
        for start in range(0, posts - own, AT_ONCE):
            add_posts_in_bulk(add_discussion(elsewhere, f"{start}", Stage.DURING), others, AT_ONCE)
            db.session.commit()
        commit()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        return f"/discussions/{discussion.id}"


def _make_comments(discussion_id: int, teachers: list[int]) -> None:
    replies = sa.and_(Post.discussion_id == discussion_id, Post.number % 8 == 2)
    by = sa.case((Post.number % 16 == 2, teachers[0]), else_=teachers[1])
    db.session.execute(sa.update(Post).where(replies).values(role=Role.INSTRUCTOR, author_id=by))
    recount_discussions([discussion_id])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--own", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        (url,) = empty_databases(stack, chosen.postgresql, 1)
        app = stack.enter_context(scratch_app(url))
        first = build(app, chosen.posts, chosen.own)
        print(f"{kind_of(app)}, {chosen.own:,} posts of the class in {chosen.posts:,}", flush=True)
        return 0 if _measure(app, first, chosen.rounds) else 1


def _measure(app: Flask, first: str, rounds: int) -> bool:
    client = signed_in_client(app)
    times: dict[str, list[float]] = {path: [] for path in (first, *PAGES)}
    for turn in range(-1, rounds):
        for path, taken in times.items():
            app.extensions["fragments"].clear()
            started = time.perf_counter()
            answer = client.get(path)
            if turn >= 0:
                taken.append(time.perf_counter() - started)
            assert answer.status_code == 200, path
    fine = True
    for path, taken in times.items():
        ratio = median(mine / base for mine, base in zip(taken, times[first], strict=True))
        fine &= ratio <= BAR
        print(f"{path}: {median(taken) * 1000:.1f} ms, {ratio:.2f} of the discussion page", flush=True)
    return fine


if __name__ == "__main__":
    sys.exit(main())

"""The pages of a class's figures beside one of its discussion pages, in interleaved rounds of one run; the class, of
500 trainees and 40 discussions, in a database of 1,000,000 posts and 100,000 members, and in one of its own:
`python -m tests.bench.figures [--posts N] [--members N] [--own N] [--rounds N] [--postgresql]`.

Pages are measured anew (nothing kept from one to the next) and kept. The bars: a page of figures takes at most 10 times
as long as the discussion page in the same state, one of the matrix (50 people) 15 times, and each at most 1.3 times as
long as where the class is alone; the workbook of everything takes 5 s.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask import Flask

from forum.classes.models import Enrolment, Role
from forum.db import commit, db
from forum.discussions.counting import recount_discussions
from forum.discussions.models import Post, Stage
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from tests.bench.classroom import (
    TRAINEE,
    add_people,
    add_posts_in_bulk,
    counted_statements,
    empty_databases,
    kind_of,
    scratch_app,
    signed_in_client,
)

TRAINEES, DISCUSSIONS, A_CLASS = 500, 40, 1000
ALONE, WORKBOOK = 1.3, 5.0
FIGURES = "/classes/measured/figures"
MATRIX = f"{FIGURES}/matrix"
WEEK = "?from=2026-11-16&to=2026-11-22"
# Pages and their bars, in discussion pages.
KEPT = {
    FIGURES: 10,
    **{f"{FIGURES}?by={by}": 10 for by in ("trainee", "unit", "unit&level=0", "group", "stage", "week", "hour")},
    f"{FIGURES}{WEEK}": 10,
    MATRIX: 15,
    f"{MATRIX}?after=200": 15,
    f"{MATRIX}?silent=1&stage=after": 15,
    f"{FIGURES}/instructors": 10,
    f"{FIGURES}/units": 10,
    f"{FIGURES}/units?level=0": 10,
    f"{FIGURES}/charts": 10,
}
ANEW = KEPT | {f"{FIGURES}/rows?figure=person_times": 10, f"{FIGURES}/rows?figure=silent&by=discussion&row=1": 10}


def build(app: Flask, own: int) -> str:
    """The class, and the path of a discussion of it; its first trainee organises."""
    with app.app_context():
        training_class, learning, teaching = add_people("measured", trainees=TRAINEES)
        db.session.get_one(Enrolment, (training_class.id, learning[0].id)).organises = True
        for number in range(DISCUSSIONS):
            discussion = add_discussion(training_class, f"Discussion {number}", list(Stage)[number % 3])
            # So that nobody is silent everywhere, and a few in each.
            add_posts_in_bulk(discussion, learning[: TRAINEES - number], own // DISCUSSIONS)
            _make_comments(discussion.id, [teacher.id for teacher in teaching])
            db.session.commit()
        commit()
        return f"/discussions/{discussion.id}"


def _make_comments(discussion_id: int, teachers: list[int]) -> None:
    replies = sa.and_(Post.discussion_id == discussion_id, Post.number % 8 == 2)
    by = sa.case((Post.number % 16 == 2, teachers[0]), else_=teachers[1])
    db.session.execute(sa.update(Post).where(replies).values(role=Role.INSTRUCTOR, author_id=by))
    recount_discussions([discussion_id])


def surround(app: Flask, posts: int, members: int) -> None:
    """So many more, in classes of 1,000; whoever looks at the measured class has written in all of them, too."""
    with app.app_context():
        looking = db.session.query(Member).filter_by(email=TRAINEE).one()
        classes = range(members // A_CLASS)
        for number in classes:
            elsewhere, _learning, _teaching = add_people(f"elsewhere-{number}", trainees=0)
            people = [looking, *_many_members(number)]
            rows = [{"class_id": elsewhere.id, "member_id": one.id, "role": Role.TRAINEE} for one in people]
            db.session.execute(sa.insert(Enrolment), rows)
            add_posts_in_bulk(add_discussion(elsewhere, "Elsewhere", Stage.DURING), people, posts // len(classes))
            commit()


def _many_members(number: int) -> list[Member]:
    names = [f"别班学员{number}-{one}" for one in range(A_CLASS)]
    rows = [{"name": name, "sort_key": name, "session_stamp": name} for name in names]
    return list(db.session.scalars(sa.insert(Member).returning(Member), rows))


def analyse(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--own", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        large, alone = (stack.enter_context(scratch_app(url)) for url in empty_databases(stack, chosen.postgresql, 2))
        build(alone, chosen.own)
        first = build(large, chosen.own)
        surround(large, chosen.posts - chosen.own, chosen.members - TRAINEES)
        for app in (large, alone):
            analyse(app)
        print(
            f"{kind_of(large)}, {chosen.own:,} posts of the class in {chosen.posts:,}, {chosen.members:,} members",
            flush=True,
        )
        clients = [signed_in_client(app) for app in (large, alone)]
        fine = _anew_and_kept(clients, first, chosen.rounds)
        return 0 if _workbook(clients[0]) and fine else 1


def _anew_and_kept(clients: list[Any], first: str, rounds: int) -> bool:
    anew = _measured(clients, [first, *ANEW], rounds, anew=True)
    kept = _measured(clients, [first, *KEPT], rounds, anew=False)
    fine = _judged("anew", anew, ANEW, first)
    fine &= _judged("kept", kept, KEPT, first)
    against = {path: _ratio(anew[path][0], kept[first][0]) for path in (FIGURES, MATRIX)}
    print("anew, beside the kept discussion page: " + ", ".join(f"{one} {is_:.1f}" for one, is_ in against.items()))
    for path in ANEW:
        clients[0].application.extensions["fragments"].clear()
        with counted_statements(clients[0].application) as sent:
            size = len(clients[0].get(path).data)
        again = ""
        if path in KEPT:
            with counted_statements(clients[0].application) as sent_again:
                clients[0].get(path)
            again = f", {len(sent_again)} when kept"
        print(f"{path}: {size:,} bytes, {len(sent)} statements{again}", flush=True)
    return fine


def _measured(clients: list[Any], paths: list[str], rounds: int, anew: bool) -> dict[str, list[list[float]]]:
    """Seconds by path, by client, by round."""
    times: dict[str, list[list[float]]] = {path: [[] for _ in clients] for path in paths}
    for turn in range(-1, rounds):
        for path, of_path in times.items():
            for client, taken in zip(clients, of_path, strict=True):
                if anew:
                    client.application.extensions["fragments"].clear()
                else:
                    client.get(path)
                started = time.perf_counter()
                answer = client.get(path)
                if turn >= 0:
                    taken.append(time.perf_counter() - started)
                assert answer.status_code == 200, path
    return times


def _judged(state: str, times: dict[str, list[list[float]]], bars: dict[str, int], first: str) -> bool:
    fine = True
    for path, (here, alone) in times.items():
        ratio, larger = _ratio(here, times[first][0]), _ratio(here, alone)
        held = ratio <= bars.get(path, 1) and larger <= ALONE
        fine &= held
        said = f"{median(here) * 1000:.1f} ms, {ratio:.2f} of the discussion page, {larger:.2f} of itself alone"
        print(f"{state}, {path}: {said}{'' if held else ' — NOT HELD'}", flush=True)
    return fine


def _ratio(mine: list[float], base: list[float]) -> float:
    return median(one / other for one, other in zip(mine, base, strict=True))


def _workbook(client: Any) -> bool:
    started = time.perf_counter()
    answer = client.get(f"{FIGURES}.xlsx")
    taken = time.perf_counter() - started
    assert answer.status_code == 200
    print(f"the workbook of everything: {taken:.2f} s, {len(answer.data):,} bytes", flush=True)
    return taken <= WORKBOOK


if __name__ == "__main__":
    sys.exit(main())

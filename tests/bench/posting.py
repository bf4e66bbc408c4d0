"""Fifty people who post at once:
`python -m tests.bench.posting [--people N] [--seconds S] [--rounds N] [--kind sqlite|postgresql]`.

Into ten discussions, and into a single one, in rounds with a bare loop of transactions on the same kind of database
(read a discussion, insert a post, upsert a participation, commit; as many writers). The bars: no error, none lost or
doubled, numbers without gaps, `forum check` clean; over ten discussions at least 0.2 of the bare loop; into one at
least 40 a second, p95 under 1.5 s.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from statistics import median, quantiles

import sqlalchemy as sa

from forum.db import db
from forum.discussions.models import Post
from forum.statistics.checking import faults
from tests.bench.classroom import BODY, scratch_app
from tests.bench.room import Room, room

BAR_RATIO, BAR_RATE, BAR_P95 = 0.2, 40, 1.5
SPREAD = 10


def all_at_once(people: int, seconds: float, act: Callable[[int, int], None]) -> tuple[float, list[float]]:
    """`act(person, turn)` again and again by each; acts a second, and the seconds that each took."""
    took: list[list[float]] = [[] for _ in range(people)]
    faults: list[BaseException] = []
    started = time.monotonic()

    def work(person: int) -> None:
        try:
            while (begun := time.monotonic()) < started + seconds:
                act(person, len(took[person]))
                took[person].append(time.monotonic() - begun)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(person,)) for person in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    every = [one for each in took for one in each]
    return len(every) / (time.monotonic() - started), every


def bare_loop(engine: sa.Engine) -> Callable[[int, int], None]:
    """The least that a post can be, on tables of its own."""
    whole, name = sa.Integer, sa.String(60)
    tables = sa.MetaData()
    discussions = sa.Table(
        "bare_discussions", tables, sa.Column("id", whole, primary_key=True), sa.Column("title", name)
    )
    posts = sa.Table(
        "bare_posts", tables,
        sa.Column("id", whole, primary_key=True), sa.Column("discussion_id", whole, index=True),
        sa.Column("author_id", whole), sa.Column("body", sa.Text),
    )  # fmt: skip
    shares = sa.Table(
        "bare_participations", tables,
        sa.Column("discussion_id", whole, primary_key=True), sa.Column("author_id", whole, primary_key=True),
        sa.Column("posts", whole),
    )  # fmt: skip
    tables.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(discussions), [{"id": number, "title": "x"} for number in range(SPREAD)])
    upsert = f"""INSERT INTO {shares.name} VALUES (:discussion_id, :author_id, 1)
        ON CONFLICT (discussion_id, author_id) DO UPDATE SET posts = {shares.name}.posts + 1"""

    def act(person: int, turn: int) -> None:
        which = {"discussion_id": (person + turn) % SPREAD, "author_id": person}
        with engine.begin() as connection:
            connection.execute(sa.select(discussions).where(discussions.c.id == which["discussion_id"])).all()
            connection.execute(sa.insert(posts), {**which, "body": BODY})
            connection.execute(sa.text(upsert), which)

    return act


def post(served: Room, discussions: list[int], mark: str, person: int, turn: int) -> None:
    discussion = discussions[(person + turn) % len(discussions)]
    status, number = served.send(person, discussion, BODY.format(n=turn), f"{mark}-{person}-{turn}")
    if status != 303:
        raise AssertionError(f"refused with {status}")
    served.accepted.append(number)


def is_whole(served: Room) -> bool:
    """Every accepted post once, numbers from 1 on without gaps, and every figure as recounted."""
    with served.app.app_context():
        numbers = db.session.query(Post.discussion_id, sa.func.count(), sa.func.max(Post.number))
        rows = numbers.group_by(Post.discussion_id).all()
        tokens = db.session.query(sa.func.count(sa.distinct(Post.token))).filter(
            Post.token.regexp_match(r"^\w+-\d+-\d+$")
        )
        written = tokens.scalar()
        found = list(faults())
    gaps = [discussion for discussion, count, last in rows if count != last]
    print(
        f"{len(served.accepted)} accepted, {written} in the database; gaps in {gaps or 'none'}; "
        f"check: {found or 'clean'}"
    )
    return written == len(served.accepted) and not gaps and not found


def measure(kind: str, people: int, seconds: float, rounds: int) -> bool:
    with ExitStack() as opened:
        workers = 2 if kind == "postgresql" else 1
        served = opened.enter_context(room(people, workers, SPREAD, kind))
        bare_app = opened.enter_context(
            scratch_app(served.servers["postgresql"].new(False) if served.servers else None)
        )
        with bare_app.app_context():
            bare = bare_loop(db.engine)
        ratios, rates, single, took = [], [], [], []
        for turn in range(-1, rounds):
            least, _ = all_at_once(people, seconds, bare)
            spread, _ = all_at_once(people, seconds, partial(post, served, served.discussions, f"spread{turn + 1}"))
            rate, each = all_at_once(people, seconds, partial(post, served, served.discussions[:1], f"one{turn + 1}"))
            if turn >= 0:
                ratios.append(spread / least)
                rates.append(spread)
                single.append(rate)
                took += each
        fine = is_whole(served)
    p95 = quantiles(took, n=20)[-1]
    print(f"{kind}: {SPREAD} discussions {median(rates):.0f} posts/s, {median(ratios):.2f} of the bare loop "
          f"({min(ratios):.2f} to {max(ratios):.2f}); one {median(single):.0f} posts/s, p95 {p95:.2f} s")  # fmt: skip
    return fine and median(ratios) >= BAR_RATIO and median(single) >= BAR_RATE and p95 < BAR_P95


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--kind", choices=("sqlite", "postgresql"))
    chosen = parser.parse_args()
    kinds = [chosen.kind] if chosen.kind else ["sqlite", "postgresql"]
    fine = [measure(kind, chosen.people, chosen.seconds, chosen.rounds) for kind in kinds]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())

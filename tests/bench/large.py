"""The discussion page with 1,000 posts in the database and with 1,000,000, in interleaved rounds of one run, cold
(nothing kept from one page to the next) and warm:
`python -m tests.bench.large [--posts N] [--rounds N] [--postgresql]`.

Half of the large database's posts stand in discussions of 1,000 each, half in a single one. The bar: a discussion of
1,000 takes at most 1.3 times as long in the large database.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from statistics import median
from typing import Any

from flask import Flask

from forum.db import commit, db
from forum.discussions.models import Stage
from forum.discussions.setup import add_discussion
from tests.bench.classroom import (
    add_people,
    add_posts_in_bulk,
    empty_databases,
    kind_of,
    scratch_app,
    signed_in_client,
)

SMALL = 1000
BAR = 1.3


def build(app: Flask, posts: int) -> dict[str, str]:
    """Paths: of a discussion of 1,000 among the others, and (in the large one) of a discussion with all."""
    with app.app_context():
        training_class, learning, _ = add_people("measured", trainees=200)
        paths = {}
        for number in range(posts // SMALL):
            discussion = add_discussion(training_class, f"Discussion {number}", Stage.DURING)
            add_posts_in_bulk(discussion, learning, SMALL)
            paths["1,000 in the discussion"] = f"/discussions/{discussion.id}"
            db.session.commit()
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
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        small, large = (stack.enter_context(scratch_app(url)) for url in empty_databases(stack, chosen.postgresql, 2))
        pages = {f"of {SMALL:,}: {name}": (small, path) for name, path in build(small, SMALL).items()}
        built = build(large, chosen.posts // 2)
        pages |= {f"of {chosen.posts:,}: {name}": (large, path) for name, path in built.items()}
        judged = list(pages)[1]
        clients = {app: signed_in_client(app) for app in (small, large)}
        fine = True
        for state in ("cold", "warm"):
            ratios = _measured(f"{kind_of(small)}, {state}", pages, clients, chosen.rounds, cold=state == "cold")
            fine &= ratios[judged] <= BAR
    return 0 if fine else 1


def _measured(
    title: str, pages: dict[str, tuple[Flask, str]], clients: dict[Flask, Any], rounds: int, cold: bool
) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(-2, rounds):
        for name, (app, path) in pages.items():
            if cold:
                app.extensions["fragments"].clear()
            started = time.perf_counter()
            assert clients[app].get(path).status_code == 200
            if turn >= 0:
                times[name].append(time.perf_counter() - started)
    first, ratios = next(iter(times.values())), {}
    for name, taken in times.items():
        ratios[name] = median(mine / base for mine, base in zip(taken, first, strict=True))
        print(f"{title}, {name}: {median(taken) * 1000:.2f} ms, {ratios[name]:.2f} of the first", flush=True)
    return ratios


if __name__ == "__main__":
    sys.exit(main())

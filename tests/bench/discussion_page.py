"""The discussion page against a constant Flask page of the same server process, in interleaved rounds:
`python -m tests.bench.discussion_page [--rounds N] [--seconds S] [--database URL]` (an empty database; else SQLite).

The bar: the page reaches at least 0.2 of the constant page's requests a second, and takes as many SQL statements with 1
post as with 1,000, at most 8.
"""

import argparse
import gzip
import subprocess
import sys
from statistics import median

from flask import Flask

from forum.classes.models import Role
from forum.classes.operations import enrol_member
from forum.db import commit
from forum.discussions.models import Stage
from forum.discussions.setup import add_discussion
from tests.bench.classroom import (
    add_measured_discussion,
    add_people,
    add_posts_in_bulk,
    counted_statements,
    kind_of,
    scratch_app,
    signed_in_client,
)
from tests.bench.served import CHECKOUT, Served, served

BAR_RATIO, BAR_STATEMENTS = 0.2, 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--database")
    chosen = parser.parse_args()
    with scratch_app(chosen.database) as app:
        path, others = _build(app)
        print(f"{kind_of(app)}, {chosen.connections} connections, {chosen.rounds} rounds of {chosen.seconds} s each")
        fine = _report_statements(app, {"80 posts": path, **others})
        settings = app.extensions["settings"]
        with served(settings.database_url, settings.data) as server:
            fine &= report_rounds(server, path, chosen.rounds, chosen.seconds, chosen.connections)
    return 0 if fine else 1


def _build(app: Flask) -> tuple[str, dict[str, str]]:
    with app.app_context():
        training_class, learning, teaching = add_people("measured")
        discussion = add_measured_discussion(training_class, learning, teaching)
        others = {}
        for count in (1, 1000):
            other_class, other_people, _ = add_people(f"with-{count}")
            enrol_member(other_class, learning[0], Role.TRAINEE)
            other = add_discussion(other_class, f"With {count}", Stage.DURING)
            add_posts_in_bulk(other, other_people, count)
            others[f"{count} posts"] = f"/discussions/{other.id}"
        path = f"/discussions/{discussion.id}"
        commit()
    return path, others


def _report_statements(app: Flask, paths: dict[str, str]) -> bool:
    client = signed_in_client(app)
    counts = set()
    for name, path in paths.items():
        assert client.get(path).status_code == 200
        app.extensions["fragments"].clear()
        with counted_statements(app) as cold:
            client.get(path)
        with counted_statements(app) as warm:
            page = client.get(path).data
        counts.add((len(cold), len(warm)))
        print(
            f"  {name:>10}: {len(cold)} statements cold, {len(warm)} warm; "
            f"{len(page):,} bytes, {len(gzip.compress(page, 6)):,} gzip"
        )
    return len(counts) == 1 and all(max(pair) <= BAR_STATEMENTS for pair in counts)


def report_rounds(server: Served, path: str, rounds: int, seconds: float, connections: int) -> bool:
    cookie = server.sign_in()
    addresses = {"page": server.url + path, "constant": server.url + "/constant/"}
    rates: dict[str, list[float]] = {"page": [], "constant": []}
    cpu: dict[str, list[float]] = {"page": [], "constant": []}
    database: dict[str, list[float]] = {"page": [], "constant": []}
    for turn in range(-1, rounds):
        for name in ("page", "constant") if turn % 2 else ("constant", "page"):
            before, asked = server.cpu_seconds(), server.database_seconds()
            answers, took = _load(addresses[name], seconds, connections, cookie)
            if turn >= 0:
                rates[name].append(answers / took)
                cpu[name].append((server.cpu_seconds() - before) / (answers + connections) * 1000)
                database[name].append((server.database_seconds() - asked) / (answers + connections) * 1000)
    for name in rates:
        print(
            f"  {name:>10}: {median(rates[name]):7.0f} requests/s "
            f"(min {min(rates[name]):.0f}, max {max(rates[name]):.0f}), "
            f"{median(cpu[name]):.2f} ms of server CPU each, {median(database[name]):.2f} ms of the database's"
        )
    ratios = [page / constant for page, constant in zip(rates["page"], rates["constant"], strict=True)]
    effort = median(cpu["constant"]) / median(cpu["page"])
    print(
        f"  page/constant: {median(ratios):.3f} (min {min(ratios):.3f}, max {max(ratios):.3f}), by CPU {effort:.3f}; "
        f"bar {BAR_RATIO}"
    )
    return median(ratios) >= BAR_RATIO


def _load(url: str, seconds: float, connections: int, cookie: str) -> tuple[int, float]:
    command = [sys.executable, "-m", "tests.bench.load", url, str(seconds), str(connections), cookie]
    answers, took = subprocess.run(
        command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True, timeout=120
    ).stdout.split()
    return int(answers), float(took)


if __name__ == "__main__":
    sys.exit(main())

"""Posts a second of `forum threads import` on SQLite, commit included:
`python -m tests.bench.import_threads [--posts N] [--rounds N]`; with FORUM_TEST_CORPUS also its real files, each into a
class of its own. The bar: 1,500 posts a second.
"""

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from flask import Flask

from forum import clock
from forum.classes.operations import create_class
from forum.db import commit
from forum.interop.threads import import_threads
from tests.bench.classroom import BODY, scratch_app

BAR = 1500
PEOPLE, DISCUSSIONS = 200, 20


def generated(posts: int) -> list[bytes]:
    """Three replies to each reflection, the third to the second; a quarter HTML, a quarter plain text."""
    roles = ["instructor"] * 5 + ["trainee"] * (PEOPLE - 5)
    rows: list[dict[str, object]] = [
        {
            "type": "member",
            "id": f"u{n}",
            "name": f"学员{n}",
            "email": None,
            "role": role,
            "unit": f"City / District {n % 10}",
        }
        for n, role in enumerate(roles)
    ]
    rows += [
        {
            "type": "discussion",
            "id": f"d{n}",
            "title": f"Discussion {n}",
            "prompt": "What **struck** you?",
            "stage": "during",
        }
        for n in range(DISCUSSIONS)
    ]
    start = datetime(2026, 2, 1, tzinfo=UTC)
    for n in range(posts):
        place = n % 4
        rows.append(
            {
                "type": "post", "id": f"p{n}", "discussion": f"d{n // 4 % DISCUSSIONS}", "author": f"u{n * 7 % PEOPLE}",
                "parent": None if place == 0 else f"p{n - 1}" if place == 3 else f"p{n - place}",
                "at": (start + timedelta(seconds=40 * n)).isoformat(),
                "body": BODY.format(n=n) if place == 0 else f"回复 {n}：说得好，我们那里也是这样。\n\n打算回去试一试。",
                "format": ("markdown", "html", "text", "markdown")[place],
            }
        )  # fmt: skip
    return [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows]


def measured(app: Flask, slug: str, lines: list[bytes]) -> tuple[int, float]:
    """How many posts, in how many seconds."""
    with app.app_context():
        today = clock.now().date()
        training_class = create_class(slug, slug, today, today, "Asia/Shanghai")
        commit()
        started = time.perf_counter()
        report = import_threads(training_class, lines, keep_going=True)
        commit()
        return report.posts, time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    lines = generated(chosen.posts)
    with scratch_app() as app:
        rates = []
        for turn in range(chosen.rounds):
            posts, took = measured(app, f"generated-{turn}", lines)
            rates.append(posts / took)
        print(
            f"{chosen.posts} generated posts: {median(rates):.0f} a second "
            f"(min {min(rates):.0f}, max {max(rates):.0f}); bar {BAR}"
        )
        if corpus := os.environ.get("FORUM_TEST_CORPUS"):
            for number, file in enumerate(sorted(Path(corpus, "threads", "jsonl").glob("*.jsonl"))):
                posts, took = measured(app, f"real-{number}", file.read_bytes().splitlines(keepends=True))
                print(f"{file.name}: {posts} posts in {took:.2f} s, {posts / took:.0f} a second")
    return 0 if median(rates) >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

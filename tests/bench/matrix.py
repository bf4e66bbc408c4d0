"""The matrix of 500 trainees and 40 discussions, and the pages beside it, in a database of 1,000,000 posts, against one
of the discussion pages, in interleaved rounds of one run:
`python -m tests.bench.matrix [--posts N] [--own N] [--rounds N] [--postgresql]`.

The database is that of `tests.bench.figures`. The bar: a page of the matrix, 50 people, takes at most 15 times as long
as the discussion page, both with nothing kept from one page to the next.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from statistics import median

from flask import Flask

from tests.bench.classroom import counted_statements, empty_databases, kind_of, scratch_app, signed_in_client
from tests.bench.figures import FIGURES, build

BAR = 15
MATRIX = f"{FIGURES}/matrix"
PAGES = [
    MATRIX,
    f"{MATRIX}?after=200",
    f"{MATRIX}?silent=1&stage=after",
    f"{FIGURES}/instructors",
    f"{FIGURES}/units",
    f"{FIGURES}/units?level=0",
    f"{FIGURES}/charts",
]


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
        fine &= ratio <= BAR or not path.startswith(MATRIX)
        with counted_statements(app) as sent:
            size = len(client.get(path).data)
        said = (
            f"{median(taken) * 1000:.1f} ms, {ratio:.2f} of the discussion page, {len(sent)} statements, {size:,} bytes"
        )
        print(f"{path}: {said}", flush=True)
    return fine


if __name__ == "__main__":
    sys.exit(main())

"""The discussion page as a ministry has it: PostgreSQL with 1,000,000 posts, greenlets, two workers:
`python -m tests.bench.at_scale [--posts N] [--rounds N]`.

In interleaved rounds beside a constant Flask page of the same server (at least 0.2 of its requests a second), with the
CPU of server and database a page; then an open loop of 50 page loads a second, whether or not the ones before have been
answered: its p95 at most 3 times that of one load a second.
"""

import argparse
import http.client
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

from tests.bench.classroom import scratch_app
from tests.bench.discussion_page import report_rounds
from tests.bench.large import build
from tests.bench.served import Served, served
from tests.databases import PostgreSQLServer

WORKERS, RATE, BAR = 2, 50, 3.0


def median_and_p95_of(server: Served, path: str, cookie: str, rate: float, seconds: float) -> tuple[float, float]:
    """Milliseconds; each load begins when it is due, on a connection of its own."""
    took: list[float] = []

    def load() -> None:
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == 200, answer.status
        took.append(time.perf_counter() - begun)

    begun, threads = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        threads.append(threading.Thread(target=load))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return median(took) * 1000, quantiles(took, n=20)[-1] * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=12)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        database = PostgreSQLServer(Path(folder))
        try:
            with scratch_app(database.new(migrated=False)) as app:
                path = build(app, chosen.posts)["1,000 in the discussion"]
                settings = app.extensions["settings"]
                with served(settings.database_url, settings.data, WORKERS, database.server_pid()) as server:
                    fine = report_rounds(server, path, chosen.rounds, 1.5, 8)
                    cookie = server.sign_in()
                    # The first loads after the rounds find everything as busy people left it.
                    median_and_p95_of(server, path, cookie, 5, 2)
                    (half_alone, alone), (half_loaded, loaded) = (
                        median_and_p95_of(server, path, cookie, rate, seconds)
                        for rate, seconds in ((1, 40), (RATE, 10))
                    )
        finally:
            database.stop()
    print(
        f"  p95 at one load a second {alone:.1f} ms (median {half_alone:.1f}), at {RATE} {loaded:.1f} ms (median "
        f"{half_loaded:.1f}): {loaded / alone:.2f} (bar {BAR})"
    )
    return 0 if fine and loaded <= BAR * alone else 1


if __name__ == "__main__":
    sys.exit(main())

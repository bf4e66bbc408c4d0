"""Eight people who write at once on PostgreSQL while the figures are read:
`python -m tests.bench.writers [--seconds S]`.

Through two workers: six trainees post and edit, two instructors hide and restore, two more people read pages of
figures all the time. Nobody is answered with an error; afterwards `forum check` finds nothing.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter

from forum.statistics.checking import faults
from tests.bench.room import Room, room

FIGURES = "/classes/measured/figures"
PAGES = (f"{FIGURES}?by=trainee", f"{FIGURES}?by=unit", f"{FIGURES}/matrix", f"{FIGURES}/units")
TRAINEES, DISCUSSIONS = 6, 3


def write(served: Room, person: int, over: threading.Event, done: Counter[str]) -> None:
    """A post, and now and then another text for it."""
    turn = 0
    while not over.is_set():
        turn += 1
        discussion = random.choice(served.discussions)
        status, number = served.send(person, discussion, f"第 {turn} 条，{person}。", f"{person}-{turn}")
        done[f"post {status}"] += 1
        if number and turn % 3 == 0:
            path = f"/discussions/{discussion}/posts/{number}/edit"
            status, _ = served.submit(person, path, body=f"改过的第 {turn} 条。")
            done[f"edit {status}"] += 1


def moderate(served: Room, person: int, over: threading.Event, done: Counter[str]) -> None:
    while not over.is_set():
        path = f"/discussions/{random.choice(served.discussions)}/posts/{random.randint(2, 60)}"
        status, _ = served.submit(person, f"{path}/hide", reason="跑题")
        done[f"hide {status}"] += 1
        if random.random() < 0.7:
            status, _ = served.submit(person, f"{path}/restore")
            done[f"restore {status}"] += 1


def read(served: Room, person: int, over: threading.Event, done: Counter[str]) -> None:
    while not over.is_set():
        for path in PAGES:
            served.get(path, served.cookies[person])
            done["read"] += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    seconds = parser.parse_args().seconds
    over, done = threading.Event(), Counter[str]()
    with room(40, 2, DISCUSSIONS) as served:
        doing = [(write, person) for person in range(TRAINEES)]
        doing += [(act, person) for act in (moderate, read) for person in served.staff]
        threads = [threading.Thread(target=act, args=(served, person, over, done)) for act, person in doing]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        over.set()
        for thread in threads:
            thread.join()
        with served.app.app_context():
            found = list(faults())
    print(", ".join(f"{what}: {count}" for what, count in sorted(done.items())))
    print(f"check: {found or 'clean'}")
    refused = [what for what in done if what.endswith(("500", "503"))]
    return 0 if not found and not refused and done["read"] else 1


if __name__ == "__main__":
    sys.exit(main())

"""A class that discusses live, on PostgreSQL and greenlets: `python -m tests.bench.live_class WHAT [...]`.

reach: from a reply by HTTP until it is on every member's socket (p95 under 150 ms), and what page loads cost meanwhile
(at most twice as long), in alternated rounds of one run. hold: a post a second through two workers while 20 people load
pages: every page ends with exactly the server's posts and revision. kill: the same, and a worker is killed in the
middle: no accepted post is lost or doubled, everybody is back within 10 s. redis: the same, and Redis is gone for the
middle half of the time. away: a tenth of the members are off line for the middle half.
"""

import argparse
import os
import signal
import sys
import time
from statistics import median, quantiles

from forum.db import db
from forum.discussions.models import Discussion, Post
from tests.bench.listeners import Listeners
from tests.bench.room import Loads, Room, room


def loads_for(served: Room, seconds: float, posting: bool, ears: Listeners) -> tuple[list[float], list[float]]:
    """Seconds that pages took, and from each post until each member had it."""
    loads, reached = Loads(served, people=4, pause=0.1), []
    loads.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.monotonic()
        if posting:
            mark = len(served.accepted)
            number = served.publish(mark % 50, f"第 {mark} 条：说得好。", f"reach-{mark}")
            served.accepted.append(number)
            sent = served.sent_at
            while any(number not in one.heard for one in ears.all):
                assert time.monotonic() < sent + 20, "somebody did not hear it"
                time.sleep(0.005)
            reached += [one.heard[number] - sent for one in ears.all]
        time.sleep(max(0.0, begun + 0.5 - time.monotonic()))
    loads.over.set()
    loads.join()
    return loads.took, reached


def reach(members: int, rounds: int) -> bool:
    with room(members, 1) as served:
        ears = Listeners(served.host, served.cookies, served.discussion)
        ears.start()
        print(f"{members} members joined within {ears.wait_for(members):.1f} s")
        ratios, reached = [], []
        loads_for(served, 2, True, ears)
        for number in range(rounds):
            quiet, _ = loads_for(served, 3, False, ears)
            busy, times = loads_for(served, 3, True, ears)
            reached += times
            ratios.append(median(busy) / median(quiet))
            print(f"  round {number}: a page {median(quiet) * 1000:.1f} ms quiet, {median(busy) * 1000:.1f} ms busy")
        ears.stop()
        cuts = quantiles(reached, n=100)
        found = ", ".join(f"p{percent} {cuts[percent - 1] * 1000:.0f}" for percent in (50, 95, 99))
        print(f"a reply on {members} sockets: {found} ms")
        print(f"page loads meanwhile: {median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f})")
        return cuts[94] < 0.15 and median(ratios) <= 2


def hold(members: int, workers: int, seconds: int, what: str) -> bool:
    kill = what == "kill"
    with room(members, workers) as served:
        ears = Listeners(served.host, served.cookies, served.discussion)
        ears.start()
        print(f"{members} members joined within {ears.wait_for(members):.1f} s")
        loads = Loads(served, people=20, pause=1.0)
        loads.start()
        back = None
        for second in range(seconds):
            begun = time.monotonic()
            served.accepted.append(served.publish(second % 50, f"第 {second} 条：说得好。", f"hold-{second}"))
            if kill and second == seconds // 2:
                os.kill(served.workers()[0], signal.SIGKILL)
                killed = time.monotonic()
            if second == seconds // 4:
                served.servers["redis"].stop() if what == "redis" else None
                ears.send_away(members // 10, seconds / 2) if what == "away" else None
            if second == seconds * 3 // 4 and what == "redis":
                served.servers["redis"].start()
            if kill and second > seconds // 2 and back is None and ears.ends and ears.joined() == members:
                back = max(one.joined_at for one in ears.all) - killed
            time.sleep(max(0.0, begun + 1 - time.monotonic()))
        loads.over.set()
        loads.join()
        time.sleep(5)
        ears.stop()
        fine = _compare(served, ears)
        print(f"page loads: {len(loads.took)}, median {median(loads.took) * 1000:.0f} ms, most {max(loads.took):.2f} s")
        if kill:
            print(f"{ears.ends} were cut off; the last was back after {back and round(back, 1)} s")
            fine &= back is not None and back <= 10
        return fine


def _compare(served: Room, ears: Listeners) -> bool:
    with served.app.app_context():
        discussion = db.session.get_one(Discussion, served.discussion)
        here = db.session.query(Post.number).filter_by(discussion_id=discussion.id)
        numbers, revision = {row.number for row in here}, discussion.revision
    first = min(served.accepted)
    exact = sum(
        one.revision == revision and {number for number in one.heard if number >= first} == set(served.accepted)
        for one in ears.all
    )
    doubled = len(served.accepted) - len(set(served.accepted))
    lost = len(set(served.accepted) - numbers)
    more = len([number for number in numbers if number >= first]) - len(set(served.accepted))
    asked = sum(one.asked for one in ears.all)
    print(f"{exact} of {len(ears.all)} end with exactly the server's posts and revision; {asked} asked over HTTP")
    print(f"{len(served.accepted)} posts accepted, {lost} lost, {doubled} doubled, {more} that nobody was told of")
    return exact == len(ears.all) and not (lost or doubled or more)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("reach", "hold", "kill", "redis", "away"))
    parser.add_argument("--members", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=120)
    chosen = parser.parse_args()
    if chosen.what == "reach":
        return 0 if reach(chosen.members or 500, chosen.rounds) else 1
    return 0 if hold(chosen.members or 2000, chosen.workers, chosen.seconds, chosen.what) else 1


if __name__ == "__main__":
    sys.exit(main())

"""A class that discusses live, on PostgreSQL and greenlets: `python -m tests.bench.live_class WHAT [...]`.

reach: from a reply by HTTP until it is on every member's socket (p95 under 150 ms), and what page loads cost meanwhile
(at most twice as long), in alternated rounds of one run. hold: a post a second through two workers while 20 people load
pages: every page ends with exactly the server's posts and revision. kill: the same, and a worker is killed in the
middle: no accepted post is lost or doubled, everybody is back within 10 s. redis: the same, and Redis is gone for the
middle half of the time. away: a tenth of the members are off line for the middle half.
"""

import argparse
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from forum.db import commit, db
from forum.discussions.models import Discussion, Post
from forum.members.models import Member
from tests.bench.classroom import add_measured_discussion, add_people, scratch_app, settings_for
from tests.bench.listeners import Listeners
from tests.databases import PostgreSQLServer
from tests.realtime.process import Redis

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass
class Room:
    """A served class, and the cookies of its members."""

    host: str
    pid: int
    redis: Redis
    discussion: int
    cookies: list[str]
    # Against forged requests, of each cookie: as the page has it on which somebody writes.
    tokens: list[str]
    accepted: list[int] = field(default_factory=list)

    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def get(self, path: str, cookie: str) -> str:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "zh"})
            answer = connection.getresponse()
            assert answer.status == 200, answer.status
            return answer.read().decode()
        finally:
            connection.close()

    def publish(self, member: int, body: str, token: str) -> int:
        """As the outbox does: with the same token again until there is an answer."""
        for _ in range(60):
            try:
                return self._publish(member, body, token)
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)
        raise AssertionError("nobody took the post")

    def _publish(self, member: int, body: str, token: str) -> int:
        form = urlencode({"body": body, "parent": "1", "token": token, "csrf_token": self.tokens[member]})
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            headers = {"Cookie": self.cookies[member], "Content-Type": "application/x-www-form-urlencoded"}
            self.sent_at = time.monotonic()
            connection.request("POST", f"/discussions/{self.discussion}/posts", form, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 303, answer.status
            return int((answer.headers["Location"] or "").rpartition("-")[2])
        finally:
            connection.close()


@contextmanager
def room(members: int, workers: int) -> Iterator[tuple[Room, "object"]]:
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        data, server = Path(folder), PostgreSQLServer(Path(folder) / "pg")
        redis = Redis(data)
        try:
            with scratch_app(server.new(migrated=False)) as app:
                with app.app_context():
                    training_class, learning, teaching = add_people("measured", trainees=members)
                    discussion = add_measured_discussion(training_class, learning, teaching).id
                    commit()
                    people = [member.get_id() for member in db.session.query(Member).order_by(Member.id)][:members]
                signer = SecureCookieSessionInterface().get_signing_serializer(app)
                assert signer
                secrets = [os.urandom(20).hex() for _ in people]
                cookies = [
                    f"session={signer.dumps({'_user_id': who, '_fresh': True, 'language': 'zh', 'csrf_token': secret})}"
                    for who, secret in zip(people, secrets, strict=True)
                ]
                forms = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
                tokens = [str(forms.dumps(secret)) for secret in secrets]
                url = app.config["SQLALCHEMY_DATABASE_URI"]
                with _served(url, data, redis.url, workers) as (host, pid):
                    yield Room(host, pid, redis, discussion, cookies, tokens), app
        finally:
            redis.stop()
            server.stop()


@contextmanager
def _served(url: str, data: Path, redis_url: str, workers: int) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = {"FORUM_DATA": str(data), "FORUM_DATABASE_URL": str(url), "FORUM_REDIS_URL": redis_url}
    said |= {"FORUM_SECRET_KEY": settings_for(str(url), data).secret_key, "FORUM_BASE_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "forum", "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | said)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, "the server did not start"
                time.sleep(0.1)
        yield f"127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


class Loads(threading.Thread):
    """People who load the discussion's page, each again after a pause; seconds that each took."""

    def __init__(self, served: Room, people: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.served, self.people, self.pause = served, people, pause
        self.took: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        threads = [threading.Thread(target=self._load, args=(number,)) for number in range(self.people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _load(self, number: int) -> None:
        cookie = self.served.cookies[-1 - number]
        while not self.over.wait(self.pause * (0.5 + random.random())):
            begun = time.monotonic()
            try:
                self.served.get(f"/discussions/{self.served.discussion}", cookie)
            except (OSError, http.client.HTTPException):
                continue
            self.took.append(time.monotonic() - begun)


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
    with room(members, 1) as (served, _app):
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
    with room(members, workers) as (served, app):
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
                served.redis.stop() if what == "redis" else None
                ears.send_away(members // 10, seconds / 2) if what == "away" else None
            if second == seconds * 3 // 4 and what == "redis":
                served.redis.start()
            if kill and second > seconds // 2 and back is None and ears.ends and ears.joined() == members:
                back = max(one.joined_at for one in ears.all) - killed
            time.sleep(max(0.0, begun + 1 - time.monotonic()))
        loads.over.set()
        loads.join()
        time.sleep(5)
        ears.stop()
        fine = _compare(served, app, ears)
        print(f"page loads: {len(loads.took)}, median {median(loads.took) * 1000:.0f} ms, most {max(loads.took):.2f} s")
        if kill:
            print(f"{ears.ends} were cut off; the last was back after {back and round(back, 1)} s")
            fine &= back is not None and back <= 10
        return fine


def _compare(served: Room, app: "object", ears: Listeners) -> bool:
    with app.app_context():  # type: ignore[attr-defined]
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

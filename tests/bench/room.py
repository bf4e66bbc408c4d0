"""A class as `forum serve` serves it, and its members as far as the server sees them: they write, they load pages."""

import http.client
import io
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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from forum.db import commit, db
from forum.discussions.models import Stage
from forum.discussions.operations import publish_post
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from tests.bench.classroom import add_measured_discussion, add_people, scratch_app
from tests.bench.served import CHECKOUT, wait_for
from tests.databases import PostgreSQLServer
from tests.realtime.process import Redis


@dataclass
class Room:
    """A served class, its discussions (the first has 80 posts, the others one), and the cookies of its members: of
    trainees, and of two instructors in `staff`."""

    host: str
    pid: int
    app: Flask
    servers: dict[str, Any]
    # The server's environment, and the processes beside it.
    told: dict[str, str]
    discussions: list[int]
    cookies: list[str]
    # Against forged requests, of each cookie: as the page has it on which somebody writes.
    tokens: list[str]
    staff: tuple[int, int]
    accepted: list[int] = field(default_factory=list)
    jobs: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def discussion(self) -> int:
        return self.discussions[0]

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
                status, number = self.send(member, self.discussion, body, token)
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)
            else:
                assert status == 303, status
                return number
        raise AssertionError("nobody took the post")

    def send(self, member: int, discussion: int, body: str, token: str, file: bytes = b"") -> tuple[int, int]:
        """A reply, once, perhaps with a file: the answer's status, and the number of the post if it was taken (else
        0)."""
        said = {"body": body, "parent": "1", "token": token}
        self.sent_at = time.monotonic()
        status, location = self.submit(member, f"/discussions/{discussion}/posts", file, **said)
        number = location.rpartition("#post-")[2]
        return status, int(number) if status == 303 and number else 0

    def submit(self, member: int, path: str, file: bytes = b"", **fields: str) -> tuple[int, str]:
        """A form: the answer's status, and where it leads on."""
        told = fields | {"csrf_token": self.tokens[member]}
        form, kind = urlencode(told).encode(), "application/x-www-form-urlencoded"
        if file:
            boundary, form = encode_multipart(told | {"files": FileStorage(io.BytesIO(file), "file.txt")})
            kind = f'multipart/form-data; boundary="{boundary}"'
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request("POST", path, form, {"Cookie": self.cookies[member], "Content-Type": kind})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers["Location"] or ""
        finally:
            connection.close()


@contextmanager
def room(members: int, workers: int, discussions: int = 1, kind: str = "postgresql", **told: str) -> Iterator[Room]:
    """On PostgreSQL with Redis, or in one process on SQLite; `told` is the server's environment."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="forum-bench-")))
        servers: dict[str, Any] = {}
        if kind == "postgresql":
            servers = {"postgresql": PostgreSQLServer(folder / "pg"), "redis": Redis(folder)}
            for one in servers.values():
                opened.callback(one.stop)
            told["FORUM_REDIS_URL"] = servers["redis"].url
            # As in production: what is committed is on the disk.
            for name in ("fsync", "full_page_writes"):
                servers["postgresql"].run(f"ALTER SYSTEM SET {name} = on")
            servers["postgresql"].run("SELECT pg_reload_conf()")
        app = opened.enter_context(scratch_app(servers["postgresql"].new(migrated=False) if servers else None))
        ids = _furnish(app, members, discussions)
        cookies, tokens = _sign_in(app, members + 2)
        settings = app.extensions["settings"]
        told = {"FORUM_DATABASE_URL": settings.database_url, "FORUM_DATA": str(settings.data)} | told
        told |= {"FORUM_SECRET_KEY": settings.secret_key, "FORUM_POST_LIMIT": "1000000/minute"}
        host, pid = opened.enter_context(_served(workers, told))
        served = Room(host, pid, app, servers, told, ids, cookies, tokens, (members, members + 1))
        yield served
        for process in served.jobs:
            process.terminate()
            process.wait(timeout=60)


def run_beside(served: Room, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "forum", *arguments], cwd=CHECKOUT, env=os.environ | served.told)


def _furnish(app: Flask, members: int, discussions: int) -> list[int]:
    with app.app_context():
        training_class, learning, teaching = add_people("measured", trainees=members)
        made = [add_measured_discussion(training_class, learning, teaching)]
        for number in range(1, discussions):
            made.append(add_discussion(training_class, f"Discussion {number}", Stage.DURING))
            publish_post(teaching[0], made[-1], "第一条。", None, f"first-{number}")
        commit()
        return [one.id for one in made]


def _sign_in(app: Flask, members: int) -> tuple[list[str], list[str]]:
    """Cookies of the first members, without asking the server for each, and what they put into forms."""
    with app.app_context():
        people = [member.get_id() for member in db.session.query(Member).order_by(Member.id)][:members]
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    secrets = [os.urandom(20).hex() for _ in people]
    cookies = [
        f"session={signer.dumps({'_user_id': who, '_fresh': True, 'language': 'zh', 'csrf_token': secret})}"
        for who, secret in zip(people, secrets, strict=True)
    ]
    forms = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    return cookies, [str(forms.dumps(secret)) for secret in secrets]


@contextmanager
def _served(workers: int, told: dict[str, str]) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"FORUM_BASE_URL": f"http://127.0.0.1:{port}", **told}
    command = [sys.executable, "-m", "forum", "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | told)
    try:
        wait_for(port, process)
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
        cookie = self.served.cookies[self.served.staff[0] - 1 - number]
        while not self.over.wait(self.pause * (0.5 + random.random())):
            begun = time.monotonic()
            try:
                self.served.get(f"/discussions/{self.served.discussion}", cookie)
            except (OSError, http.client.HTTPException):
                continue
            self.took.append(time.monotonic() - begun)

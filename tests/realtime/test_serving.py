"""`forum serve` as it is typed, on both databases; and what it says when it cannot."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from flask_socketio import join_room
from werkzeug.serving import WSGIRequestHandler, make_server
from wsproto.events import AcceptConnection, CloseConnection

from forum import transport
from forum.extensions import Sockets
from tests.databases import KINDS, settings_for
from tests.realtime.clients import Frames
from tests.realtime.process import CHECKOUT, PATIENCE, Redis, eventually
from tests.realtime.serving import Serving


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_arguments: Any) -> None:
        pass


class Readers:
    """Two who read a page again and again, each time on a new connection; none is ever turned away."""

    def __init__(self, server: Serving) -> None:
        self.server, self.pages, self.are_done = server, 0, Event()
        self.pool = ThreadPoolExecutor(2)

    def __enter__(self) -> "Readers":
        self.reading = [self.pool.submit(self.read) for _ in range(2)]
        self.read_on()
        return self

    def __exit__(self, *_error: object) -> None:
        self.are_done.set()
        for reader in self.reading:
            reader.result(PATIENCE)
        self.pool.shutdown()

    def read(self) -> None:
        while not self.are_done.wait(0.02):
            assert "password" in self.server.ask("/sign-in")
            self.pages += 1

    def read_on(self) -> None:
        wanted = self.pages + 8
        eventually(lambda: self.pages >= wanted or any(reader.done() for reader in self.reading))


def connected(server: Serving) -> Frames:
    client = Frames.to(server)
    assert isinstance(client.next(), AcceptConnection)
    assert client.text().startswith("0{")
    # Who says nothing at all is not kept.
    client.say("3")
    return client


@pytest.mark.parametrize(("kind", "workers"), [("sqlite", 1), ("postgresql", 2)])
def test_pages_and_sockets_are_served_until_it_is_told_to_stop(
    kind: str, workers: int, scratch_database: Callable[..., str], redis_server: Redis, tmp_path: Path
) -> None:
    """By threads on SQLite; by greenlets, in as many processes as were asked for, on PostgreSQL. Nobody is turned away
    while it begins anew, nor before it has said that it will stop."""
    url = scratch_database(kind)
    server = Serving(url, tmp_path, "--workers", str(workers), FORUM_REDIS_URL=redis_server.url, FORUM_DRAIN="1")
    with urllib.request.urlopen(f"{server.url}/sign-in", timeout=PATIENCE) as page:
        assert page.status == 200
    client = connected(server)
    assert ("gevent.monkey" in server.command_line()) == (kind == "postgresql")
    eventually(lambda: len(server.workers()) == workers)
    if kind == "sqlite":
        eventually(lambda: '"jobs":"running"' in server.ask("/readyz"))
    former = set(server.workers())
    with Readers(server) as readers:
        server.process.send_signal(signal.SIGHUP)
        assert client.closing_code() == 1001
        client.close()
        eventually(lambda: len(server.workers()) == workers and not former & set(server.workers()))
        readers.read_on()
        client = connected(server)
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: not server.is_ready())
        readers.read_on()
    assert client.closing_code() == 1001
    client.close()
    said, _ = server.process.communicate(timeout=PATIENCE)
    assert server.process.returncode == 0, said
    assert said == ""


def test_what_all_workers_count_is_told_together_and_no_longer_once_they_are_gone(
    scratch_database: Callable[..., str], redis_server: Redis, tmp_path: Path
) -> None:
    told = {"FORUM_REDIS_URL": redis_server.url, "FORUM_METRICS_TOKEN": "a token"}
    server = Serving(scratch_database("sqlite"), tmp_path, "--workers", "2", **told)
    request = urllib.request.Request(f"{server.url}/metrics", headers={"Authorization": "Bearer a token"})

    def counted(name: str) -> float:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            found = re.findall(rf"^forum_{name}(?:{{.*}})? (\S+)$", answer.read().decode(), re.MULTILINE)
        return sum(map(float, found))

    for _ in range(20):
        server.ask("/sign-in")
    assert counted("requests_total") >= 20
    client = connected(server)
    eventually(lambda: counted("sockets") == 1)
    former = set(server.workers())
    server.process.send_signal(signal.SIGHUP)
    assert client.closing_code() == 1001
    client.close()
    eventually(lambda: len(server.workers()) == 2 and not former & set(server.workers()))
    eventually(lambda: counted("sockets") == 0)
    server.process.send_signal(signal.SIGTERM)
    said, _ = server.process.communicate(timeout=PATIENCE)
    assert (server.process.returncode, said) == (0, "")


@pytest.mark.parametrize("kind", KINDS)
def test_it_begins_anew_in_the_environment_that_a_symlink_leads_to_by_now(
    kind: str, scratch_database: Callable[..., str], tmp_path: Path
) -> None:
    """And goes on as it is where that leads nowhere."""
    begun, current = tmp_path / "begun", tmp_path / "current"
    for version in ("one", "two"):
        script = tmp_path / version / "forum"
        script.parent.mkdir()
        noted = f"open({str(begun)!r}, 'a').write('{version} ')"
        script.write_text(f"#!{sys.executable}\n{noted}\nfrom forum.cli import main\nmain()\n")
        script.chmod(0o700)
    current.symlink_to("one")
    server = Serving(scratch_database(kind), tmp_path, begun_by=(str(current / "forum"),))
    eventually(server.workers)
    former = set(server.workers())
    lead(current, "two")
    server.process.send_signal(signal.SIGHUP)
    eventually(lambda: server.workers() and not former & set(server.workers()))
    assert begun.read_text() == "one two two ", "tried, then begun"
    lead(current, "three")
    server.process.send_signal(signal.SIGHUP)
    assert server.process.stdout
    eventually(lambda: "so it goes on as it is" in server.process.stdout.readline())
    assert server.is_ready()
    server.process.terminate()
    server.process.communicate(timeout=PATIENCE)
    assert begun.read_text() == "one two two "


def lead(symlink: Path, target: str) -> None:
    symlink.unlink()
    symlink.symlink_to(target)


def run(script: str, *arguments: str, patched: bool = True) -> str:
    patch = "from gevent.monkey import patch_all; patch_all()\n" if patched else ""
    command = [sys.executable, "-c", patch + script, *arguments]
    return subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout


def test_under_gevent_a_password_is_hashed_in_a_thread() -> None:
    """The function runs aside, and what it answers comes back; without gevent it just runs."""
    script = """if True:
        import gevent.monkey
        from forum.greenlets import aside
        from forum.members.operations import Member, hash_password, verify_password
        where = gevent.monkey.get_original("_thread", "get_ident")
        member = Member(password_hash=hash_password("correct horse"))
        print(aside(where) != where(), verify_password(member, "correct horse"), verify_password(member, "wrong horse"))
    """
    assert run(script) == "True True False\n"
    assert run(script, patched=False) == "False True False\n"


def test_the_server_that_reloads_code_serves_sockets_too(monkeypatch: pytest.MonkeyPatch) -> None:
    app, sockets = Flask(__name__), Sockets()
    monkeypatch.setattr(transport, "socketio", sockets)
    sockets.on("join")(lambda room: join_room(room) or room)
    transport.init_transport(app, settings_for("sqlite://", Path()))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        sock = socket.create_connection(("127.0.0.1", server.port))
        client = Frames(sock, f"127.0.0.1:{server.port}")
        assert isinstance(client.next(), AcceptConnection)
        client.text()
        client.say("40")
        client.text()
        client.join("a")
        with app.app_context():
            sockets.emit("said", 1, to="a")
        assert client.text() == '42["said",1]'
        client.send(CloseConnection(code=1000))
        assert client.closing_code() == 1000
        assert client.next() is None
        client.close()
        eventually(lambda: not app.extensions["live"].clients)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_under_gevent_a_statement_that_takes_long_holds_up_nobody(scratch_database: Callable[..., str]) -> None:
    script = """if True:
        import gevent, sqlalchemy, sys
        engine = sqlalchemy.create_engine(sys.argv[1])
        def wait():
            with engine.connect() as connection:
                connection.execute(sqlalchemy.text("SELECT pg_sleep(0.5)"))
        waiting = gevent.spawn(wait)
        turns = 0
        while not waiting.dead:
            gevent.sleep(0.01)
            turns += 1
        print(turns > 5)
    """
    assert run(script, scratch_database("postgresql", migrated=False)) == "True\n"

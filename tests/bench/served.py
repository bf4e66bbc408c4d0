"""The real application served as `forum serve` does, with a constant Flask page beside it under /constant:
`python -m tests.bench.served DATABASE_URL DATA PORT WORKERS`."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from tests.bench.classroom import PASSWORD, TRAINEE, settings_for

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass
class Served:
    port: int
    pid: int
    database_pid: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Of the server's workers, so far."""
        return _seconds_of_children(self.pid)

    def database_seconds(self) -> float:
        """Of the database's processes, so far; SQLite has none of its own."""
        return _seconds_of_children(self.database_pid) if self.database_pid else 0.0

    def sign_in(self) -> str:
        """The first trainee's cookie."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', answer.read().decode())
        cookie = _cookie(answer)
        assert token
        form = urlencode({"email": TRAINEE, "password": PASSWORD, "csrf_token": token[1]})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", form, headers)
        answer = connection.getresponse()
        assert answer.status == 302, answer.status
        cookie = _cookie(answer)
        answer.read()
        # As a browser does after its first page: the session with its token against forged requests.
        connection.request("GET", "/", headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        connection.close()
        return _cookie(answer) or cookie


def _seconds_of_children(pid: int) -> float:
    ticks = 0
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _cookie(answer: http.client.HTTPResponse) -> str:
    """The session's, of those the answer sets."""
    cookies = answer.headers.get_all("Set-Cookie") or []
    return next((cookie.split(";")[0] for cookie in cookies if cookie.startswith("session=")), "")


@contextmanager
def served(database_url: str, data: Path, workers: int = 0, database_pid: int | None = None) -> Iterator[Served]:
    """By threads, or by so many workers of greenlets."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    module = ["gevent.monkey", "--module", "tests.bench.served"] if workers else ["tests.bench.served"]
    command = [sys.executable, "-m", *module, database_url, str(data), str(port), str(workers or 1)]
    process = subprocess.Popen(command, cwd=CHECKOUT)
    try:
        wait_for(port, process)
        yield Served(port, process.pid, database_pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the server did not start") from None
            time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def serve(database_url: str, data: Path, port: int, workers: int) -> None:
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    from forum import create_app
    from forum.serving import serve_app

    constant = Flask("constant")
    constant.add_url_rule("/", view_func=lambda: "the same for everybody")
    app = create_app(settings_for(database_url, data))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/constant": constant.wsgi_app})  # type: ignore[method-assign]
    serve_app(app, "127.0.0.1", port, workers)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

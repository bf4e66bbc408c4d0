"""The forum itself in a process of its own, on a socket that listens already:
`python [-m gevent.monkey --module] tests.realtime.forum_server FD`, the settings from the environment."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.cast import Browser
from tests.realtime.clients import Visitor
from tests.realtime.process import CHECKOUT, PATIENCE, Process


class ForumProcess(Process):
    """On SQLite with threads, on PostgreSQL with greenlets, as `forum serve` does it."""

    def __init__(self, url: str, data: Path, redis_url: str = "", secret_key: str = "for tests only") -> None:
        patched = ["-m"] if url.startswith("sqlite") else ["-m", "gevent.monkey", "--module"]
        told = {"FORUM_DATABASE_URL": url, "FORUM_DATA": str(data), "FORUM_REDIS_URL": redis_url}
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(512)
            self.port = listening.getsockname()[1]
            told |= {"FORUM_SECRET_KEY": secret_key, "FORUM_BASE_URL": self.url}
            self.process = subprocess.Popen(
                [sys.executable, *patched, "tests.realtime.forum_server", str(listening.fileno())],
                cwd=CHECKOUT,
                env=os.environ | told,
                pass_fds=[listening.fileno()],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )


class Page(Visitor):
    """A page of the forum as its server sees it: a socket with the cookies of somebody's browser."""

    def __init__(self, process: Process, browser: Browser) -> None:
        browser.csrf_token()
        session = browser.client.get_cookie("session")
        assert session
        self.cookie = f"session={session.value}"
        super().__init__(process, cookie=self.cookie)

    def listen(self, discussion_id: int) -> Any:
        return self.client.call("join", {"discussion": discussion_id, "since": 0}, timeout=PATIENCE)

    def names(self) -> list[str]:
        """Of what has come so far."""
        return [self.heard.get()[0] for _ in range(self.heard.qsize())]

    def hears(self, *wanted: str) -> list[Any]:
        """Until these events have come in this order, whatever comes between them; what came with each."""
        said = []
        for name in wanted:
            until = time.monotonic() + PATIENCE
            while (heard := self.next())[0] != name:
                assert heard[0] != "disconnected"
                assert time.monotonic() < until, f"{name} never came"
            said.append(heard[1] if len(heard) > 1 else None)
        return said


def main() -> None:
    from forum import create_app
    from forum.config import Settings
    from forum.serving import serve_app

    serve_app(create_app(Settings.from_environment()), "127.0.0.1", 0, bind=f"fd://{sys.argv[1]}")


if __name__ == "__main__":
    main()

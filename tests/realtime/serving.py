"""The forum itself, begun by its command."""

import http.client
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.realtime.process import CHECKOUT, PATIENCE, Process, eventually


class Serving(Process):
    """On a port that was free a moment ago."""

    def __init__(
        self, database_url: str, data: Path, *arguments: str,
        begun_by: tuple[str, ...] = (sys.executable, "-m", "forum"), **environment: str,
    ) -> None:  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [*begun_by, "serve", "--port", str(self.port), *arguments]
        own = {"FORUM_DATABASE_URL": database_url, "FORUM_DATA": str(data), "FORUM_SECRET_KEY": "for tests only"}
        # Not the forum that is installed, where this is another checkout.
        own["PYTHONPATH"] = str(CHECKOUT)
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, env={**os.environ, **own, **environment}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        eventually(self.accepts)

    def accepts(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()[0]
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    def workers(self) -> list[str]:
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(connection):
            connection.request("GET", "/readyz")
            return {200: True, 503: False}[connection.getresponse().status]

    def command_line(self) -> str:
        return Path(f"/proc/{self.process.pid}/cmdline").read_text().replace("\0", " ")

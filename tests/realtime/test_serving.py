"""`forum serve` as it is typed, on both databases; and what it says when it cannot."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from wsproto.events import AcceptConnection

from tests.realtime.clients import Frames
from tests.realtime.process import CHECKOUT, PATIENCE, Process, eventually


class Serving(Process):
    """The forum itself, begun by its command on a port that was free a moment ago."""

    def __init__(self, database_url: str, data: Path, *arguments: str, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "forum", "serve", "--port", str(self.port), *arguments]
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

    def command_line(self) -> str:
        return Path(f"/proc/{self.process.pid}/cmdline").read_text().replace("\0", " ")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_pages_and_sockets_are_served_until_it_is_told_to_stop(
    kind: str, scratch_database: Callable[..., str], tmp_path: Path
) -> None:
    server = Serving(scratch_database(kind), tmp_path)
    with urllib.request.urlopen(f"{server.url}/sign-in", timeout=PATIENCE) as page:
        assert page.status == 200
    client = Frames.to(server)
    assert isinstance(client.next(), AcceptConnection)
    assert client.text().startswith("0{")
    assert ("gevent.monkey" in server.command_line()) == (kind == "postgresql")
    server.process.send_signal(signal.SIGTERM)
    assert client.closing_code() == 1001
    client.close()
    said, _ = server.process.communicate(timeout=PATIENCE)
    assert server.process.returncode == 0, said
    assert said == ""


def run(script: str, *options: str) -> str:
    command = [sys.executable, *options, "-c", script]
    return subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout


def test_under_gevent_a_password_is_hashed_in_a_thread() -> None:
    """The function runs aside, and what it answers comes back; without gevent it just runs."""
    script = """if True:
        import gevent.monkey
        where = gevent.monkey.get_original("_thread", "get_ident")
        if {patched}: gevent.monkey.patch_all()
        from forum.greenlets import aside
        from forum.members.operations import hash_password, verify_password, Member
        member = Member(password_hash=hash_password("correct horse"))
        print(aside(where) != where(), verify_password(member, "correct horse"), verify_password(member, "wrong horse"))
    """
    assert run(script.replace("{patched}", "True")) == "True True False\n"
    assert run(script.replace("{patched}", "False")) == "False True False\n"

"""What goes wrong under the forum command: one line on stderr, no traceback, no password; and whose its files are."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from forum.db import db
from forum.members.models import Member
from tests.databases import inside
from tests.test_cli import ADD_CLASS, Terminal, bare, busy, settled, terminal
from tests.test_demo import start

__all__ = ["bare", "busy", "settled", "terminal"]

DATES = ["--starts", "2026-03-02", "--ends", "2026-03-13"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["serve", "--port", "99999"], 2, "--port"),
        (["serve", "--port", "-1"], 2, "--port"),
        (["demo", "--port", "0"], 2, "--port"),
        (["demo", "--data", "/dev/null/x"], 1, "/dev/null/x: Not a directory"),
        (["figures", "spring", "-o", "/dev/full"], 1, "No space left"),
        (["figures", "spring", "--format", "xlsx", "-o", "/dev/full"], 1, "No space left"),
        (["figures", "spring", "-o", "/dev/null/x"], 1, "Not a directory"),
        (["threads", "import", "/proc/self/mem", "--class", "spring"], 1, "Input/output error"),
        (["member", "add", "a@b@example.org", "--name", "A"], 2, "not an e-mail address"),
        (["member", "add", "a\u200bb@example.org", "--name", "A"], 2, "not an e-mail address"),
        (["member", "add", "a\tb@example.org", "--name", "A"], 2, "not an e-mail address"),
        (["member", "add", f"{'x' * 250}@example.org", "--name", "A"], 2, "not an e-mail address"),
        (["member", "add", "new@example.org", "--name", "\u200b\ufeff"], 1, "needs a name"),
        (["member", "add", "new@example.org", "--name", "名" * 121], 1, "longer than 120"),
        (["member", "add", "new@example.org", "--name", "\udcffA"], 1, "UTF-8"),
        (["member", "add", "\udcff@example.org", "--name", "A"], 2, "not an e-mail address"),
        (["figures", "\udcff"], 1, "UTF-8"),
        (["class", "add", "fresh", "--title", " \u200b", *DATES], 1, "needs a title"),
        (["class", "add", "fresh", "--title", "题" * 201, *DATES], 1, "longer than 200"),
        (["class", "add", "fresh", "--title", "\udcffA", *DATES], 1, "UTF-8"),
    ],
)
def test_a_fault_is_said_in_one_line(settled: Terminal, arguments: list[str], code: int, words: str) -> None:
    assert words in settled.fails(code, *arguments)


def test_a_binary_file_is_no_file_of_threads(settled: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "threads.jsonl"
    file.write_bytes(bytes(range(256)) * 20)
    result = settled.run("threads", "import", str(file), "--class", "spring")
    assert result.exit_code == 1
    assert "nothing was imported" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", ["check", "upgrade"])
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no address of a database"),
        ("mysql://forum:s3cret@localhost/forum", "no address of a database"),
        ("oracle://forum:s3cret@localhost/forum", "no address of a database"),
        ("moon://forum:s3cret@localhost/forum", "no address of a database"),
        ("postgresql://forum:s3cret@localhost:s3cret/forum", "no address of a database"),
        ("postgresql://forum:p@s3cret@localhost/forum", "no address of a database"),
        ("postgresql://forum:s3cret@127.0.0.1:1/forum", "refused"),
        ("postgresql://forum:s3cret@127.0.0.1:1/forum?no_such_option=s3cret", "database"),
        ("sqlite:////dev/null/x/forum.sqlite3", ""),
    ],
)
def test_a_database_out_of_reach_is_named_without_its_password(
    terminal: Terminal, command: str, url: str, words: str
) -> None:
    line = terminal.fails(1, command, FORUM_DATABASE_URL=url)
    assert words in line
    assert "s3cret" not in line


def test_a_broken_database_is_said(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "broken.sqlite3"
    file.write_bytes(os.urandom(8192))
    for command in ("check", "upgrade"):
        assert "not a database" in terminal.fails(1, command, FORUM_DATABASE_URL=f"sqlite:///{file}")


def test_a_database_that_another_holds_is_said(settled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"connect_args": {"isolation_level": None, "timeout": 0.1}}
    monkeypatch.setattr("forum.config._engine_options", lambda _url: options)
    connection = sqlite3.connect(settled.url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    line = settled.fails(1, "member", "add", "new@example.org", "--name", "New")
    connection.close()
    assert "locked" in line


@pytest.mark.parametrize("broken", ["{", "[1]", '[{"a": 1}]', "null", "\xff"])
def test_a_broken_file_of_accounts_names_the_way_out(terminal: Terminal, tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "accounts.json").write_text(broken, encoding="latin-1")
    assert "--fresh" in terminal.fails(1, "demo", "--data", str(folder))


def test_the_longest_names_that_fit_are_taken(terminal: Terminal) -> None:
    email = f"{'x' * 242}@example.org"
    terminal.ok("member", "add", email, "--name", "名" * 120)
    terminal.ok("class", "add", "long", "--title", "题" * 200, *DATES)
    with inside(terminal.url, terminal.data):
        assert db.session.query(Member.email).scalar() == email


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_what_the_commands_make_is_for_its_owner_only(tmp_path: Path) -> None:
    """Also where the terminal would let everybody read."""
    data = tmp_path / "made" / "data"
    environment = {**os.environ, "FORUM_DATA": str(data), "LC_ALL": "C.UTF-8"}

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "forum.cli", *arguments]
        return subprocess.run(command, env=environment, umask=0o022, capture_output=True, timeout=60)

    assert run("upgrade").returncode == 0
    assert run(*ADD_CLASS).returncode == 0
    assert mode(data) == 0o700
    assert {file.name: mode(file) for file in data.iterdir()} == {"forum.sqlite3": 0o600, "secret-key": 0o600}
    full = run("figures", "spring", "-o", "/dev/full")
    assert (full.returncode, full.stderr) == (1, b"forum: No space left on device.\n")


def test_the_demonstrations_accounts_are_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    result = start(tmp_path / "demo")
    after = os.umask(before)
    assert result.exit_code == 0, result.output
    assert after == 0o022, "the terminal's own ways are as before"
    assert (tmp_path / "demo" / "accounts.json").exists()
    assert mode(tmp_path / "demo") == 0o700
    assert {mode(file) for file in (tmp_path / "demo").iterdir()} == {0o600}


def test_whoever_reads_may_stop_reading(settled: Terminal) -> None:
    environment = {**os.environ, **settled.environment}
    command = f"{sys.executable} -m forum.cli figures spring --by trainee | true"
    result = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, timeout=60)
    assert result.stderr == b""


def test_an_address_of_redis_that_is_none_is_said_without_its_password(terminal: Terminal) -> None:
    said = terminal.fails(1, "serve", "--workers", "2", FORUM_REDIS_URL="http://somewhere:secret@host")
    assert "FORUM_REDIS_URL is no address of a Redis server" in said
    assert "secret" not in said

"""The forum command, on databases of its own that are really written to."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.engine import Engine

from forum import clock
from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.cli import main
from forum.db import commit, db
from forum.discussions.models import Participation, PostWords, Stage
from forum.discussions.operations import publish_post
from forum.discussions.setup import add_discussion
from forum.members.models import Member, SecondStep
from forum.settings.operations import change_settings, dated
from tests.cast import Browser
from tests.databases import KINDS, SQLiteFiles, inside, test_app

ScratchDatabase = Callable[..., str]
ADD_CLASS = ["class", "add", "spring", "--title", "Spring seminar", "--starts", "2026-03-02", "--ends", "2026-03-13"]


class Terminal:
    """`run("check")` in an environment that names the database."""

    def __init__(self, url: str, data: Path) -> None:
        self.url, self.data = url, data
        self.environment = {"FORUM_DATABASE_URL": url, "FORUM_DATA": str(data), "FORUM_SECRET_KEY": "for tests only"}

    def run(self, *arguments: str, **environment: str | None) -> Result:
        result = CliRunner().invoke(main, arguments, env={**self.environment, **environment})
        for engines in list(db._app_engines.values()):
            for engine in engines.values():
                if isinstance(engine, Engine) and engine.url.database and str(engine.url.database) in self.url:
                    engine.dispose()
        return result

    def ok(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def fails(self, code: int, *arguments: str, **environment: str | None) -> str:
        """The one line on stderr."""
        result = self.run(*arguments, **environment)
        assert isinstance(result.exception, SystemExit), repr(result.exception)
        assert result.exit_code == code, result.output
        lines = result.stderr.splitlines()
        assert len(lines) == 1, result.stderr
        assert lines[0].startswith("forum: ")
        return lines[0]


@pytest.fixture
def terminal(scratch_database: ScratchDatabase, tmp_path: Path) -> Terminal:
    return Terminal(scratch_database("sqlite"), tmp_path)


@pytest.fixture
def bare(scratch_database: ScratchDatabase, tmp_path: Path) -> Terminal:
    """Before the first `forum upgrade`."""
    return Terminal(scratch_database("sqlite", migrated=False), tmp_path)


@pytest.fixture(scope="module")
def settled(sqlite_server: SQLiteFiles, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """With a class and a member; for what changes nothing."""
    terminal = Terminal(sqlite_server.new(), tmp_path_factory.mktemp("settled"))
    terminal.ok(*ADD_CLASS)
    terminal.ok("member", "add", "tina@example.org", "--name", "Tina")
    return terminal


@pytest.fixture
def busy(terminal: Terminal) -> Terminal:
    """A class in which one trainee has written and another has not."""
    terminal.ok(*ADD_CLASS)
    for name in ("Tina", "Tom"):
        terminal.ok("member", "add", f"{name.lower()}@example.org", "--name", name)
    with inside(terminal.url, terminal.data):
        spring = db.session.query(TrainingClass).one()
        tina, tom = db.session.query(Member).order_by(Member.id)
        for member in (tina, tom):
            enrol_member(spring, member, Role.TRAINEE)
        discussion = add_discussion(spring, "A lecture", Stage.DURING)
        publish_post(tina, discussion, "今天学习", None, "token")
        commit()
    return terminal


@pytest.mark.parametrize("kind", KINDS)
def test_from_nothing_to_figures(kind: str, scratch_database: ScratchDatabase, tmp_path: Path) -> None:
    terminal = Terminal(scratch_database(kind, migrated=False), tmp_path)
    assert "up to date" in terminal.ok("upgrade")
    assert "up to date" in terminal.ok("upgrade"), "a second time changes nothing"
    assert terminal.ok(*ADD_CLASS).strip() == "http://127.0.0.1:5000/classes/spring"
    terminal.ok("member", "add", "ada@example.org", "--name", "Ada", "--admin")
    assert json.loads(terminal.ok("figures", "spring", "--format", "json"))["totals"]["trainees"] == 0
    assert "agrees" in terminal.ok("check")


def test_the_link_that_a_new_member_gets_works(terminal: Terminal) -> None:
    link = terminal.ok("member", "add", "Ada@Example.org", "--name", "Ada", "--admin").strip()
    terminal.ok(*ADD_CLASS)
    app = test_app(terminal.url, terminal.data)
    browser = Browser(app)
    path = link.removeprefix("http://127.0.0.1:5000")
    assert browser.submit(browser.get(path), "", password="a good password", again="a good password").status == 302
    assert "Spring seminar" in browser.get("/").words, "an administrator sees every class"
    browser.submit(browser.get("/"), "/sign-out")
    assert browser.sign_in("ada@example.org", "a good password").status == 302
    with app.app_context():
        db.engine.dispose()


def test_a_new_class_is_in_the_zone_that_administrators_have_chosen(terminal: Terminal) -> None:
    with inside(terminal.url, terminal.data):
        change_settings(dated({}), {"default_timezone": "Europe/Berlin"})
        commit()
    terminal.ok(*ADD_CLASS)
    with inside(terminal.url, terminal.data):
        assert db.session.query(TrainingClass).one().timezone == "Europe/Berlin"


def test_a_new_link_for_who_forgot_replaces_the_first(terminal: Terminal) -> None:
    first = terminal.ok("member", "add", "tina@example.org", "--name", "Tina").strip()
    second = terminal.ok("member", "link", "tina@example.org").strip()
    app = test_app(terminal.url, terminal.data)
    browser = Browser(app)
    assert [browser.get(link.removeprefix("http://127.0.0.1:5000")).status for link in (first, second)] == [404, 200]
    with app.app_context():
        db.engine.dispose()


def test_a_lost_phone_is_no_longer_asked_for(terminal: Terminal) -> None:
    terminal.ok("member", "add", "ada@example.org", "--name", "Ada", "--admin")
    with inside(terminal.url, terminal.data):
        ada = db.session.query(Member).one()
        db.session.add(SecondStep(member_id=ada.id, secret="kept", confirmed_at=clock.now()))
        commit()
    assert terminal.ok("member", "end-second-step", "Ada@example.org") == ""
    with inside(terminal.url, terminal.data):
        assert db.session.query(SecondStep).count() == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["member", "add", "tina@example.org", "--name", "Again"], 1, "already an account"),
        (["member", "add", "not-an-address", "--name", "Nobody"], 2, "not an e-mail address"),
        (["member", "add", "new@example.org"], 2, "--name"),
        (["member", "add", "new@example.org", "--name", " "], 1, "needs a name"),
        (["member", "link", "nobody@example.org"], 1, "no account"),
        (["member", "end-second-step", "nobody@example.org"], 1, "no account"),
        (["member", "end-second-step", "tina@example.org"], 1, "with the password alone"),
        (ADD_CLASS, 1, "already a class"),
        (["class", "add", "Bad Slug", *ADD_CLASS[3:]], 1, "short name"),
        (
            ["class", "add", "backwards", "--title", "T", "--starts", "2026-03-13", "--ends", "2026-03-02"],
            1,
            "before the first",
        ),
        (["class", "add", "nowhere", *ADD_CLASS[3:], "--timezone", "Mars/Olympus"], 1, "no time zone"),
        (["class", "add", "someday", "--title", "T", "--starts", "soon", "--ends", "2026-03-02"], 2, "--starts"),
        (["figures", "autumn"], 1, "no class"),
        (["figures", "spring", "--format", "xlsx"], 2, "-o FILE"),
        (["figures", "spring", "--from", "2026-03-05", "--to", "2026-03-01"], 2, "--to is before"),
        (["figures", "spring", "--by", "moon"], 2, "--by"),
        (["threads", "import", "missing.jsonl", "--class", "spring"], 2, "missing.jsonl"),
        (["serve", "--workers", "2"], 2, "FORUM_REDIS_URL"),
        (["no-such-command"], 2, "no-such-command"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    settled: Terminal, arguments: list[str], code: int, words: str
) -> None:
    assert words in settled.fails(code, *arguments)


@pytest.mark.parametrize("to", ["9999-12-31", "0001-01-01"])
def test_days_that_no_class_has_seen_are_refused(settled: Terminal, to: str) -> None:
    assert "1900 to 9000" in settled.fails(2, "figures", "spring", "--from", "0001-01-01", "--to", to)


@pytest.mark.parametrize(
    "arguments",
    [["member", "add", "a@example.org", "--name", "A"], ["figures", "spring"], ["check"], ["serve"], ADD_CLASS],
)
def test_an_old_schema_is_refused_naming_the_way_out(bare: Terminal, arguments: list[str]) -> None:
    assert "forum upgrade" in bare.fails(1, *arguments)


def test_serve_asks_for_a_secret_once_a_database_is_named(terminal: Terminal) -> None:
    assert "FORUM_SECRET_KEY" in terminal.fails(1, "serve", FORUM_SECRET_KEY=None)


def test_a_setting_that_makes_no_sense_is_said(terminal: Terminal) -> None:
    assert "FORUM_DEFAULT_LOCALE" in terminal.fails(1, "check", FORUM_DEFAULT_LOCALE="tlh")


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(bare: Terminal) -> None:
    for _ in range(2):
        assert bare.run("upgrade", FORUM_SECRET_KEY=None, FORUM_DATABASE_URL=None).exit_code == 0
        kept = (bare.data / "secret-key").read_text()
    assert (bare.data / "secret-key").stat().st_mode & 0o077 == 0
    assert len(kept) > 40
    assert (bare.data / "forum.sqlite3").exists()


def test_a_class_is_in_the_default_time_zone_unless_told(terminal: Terminal) -> None:
    terminal.ok(*ADD_CLASS)
    terminal.ok("class", "add", "harbour", *ADD_CLASS[3:], "--timezone", "-05:00")
    with inside(terminal.url, terminal.data):
        zones = {entry.slug: entry.timezone for entry in db.session.query(TrainingClass)}
    assert zones == {"spring": "Asia/Shanghai", "harbour": "-05:00"}


def test_the_figures_come_in_every_format(busy: Terminal, tmp_path: Path) -> None:
    table = busy.ok("figures", "spring", "--by", "trainee")
    assert "Participation rate       50.0 %" in table
    assert table.splitlines()[-1].endswith("Tom")
    as_json = json.loads(busy.ok("figures", "spring", "--by", "trainee", "--format", "json"))
    assert (as_json["totals"]["posts"], as_json["totals"]["characters"]) == (1, 4)
    assert [(row["name"], row["posts"]) for row in as_json["rows"]] == [("Tina", 1), ("Tom", 0)]
    lines = list(csv.DictReader(busy.ok("figures", "spring", "--by", "trainee", "--format", "csv").splitlines()))
    assert [(line["name"], line["posts"]) for line in lines] == [("Tina", "1"), ("Tom", "0"), ("total", "1")]
    for form, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfkey"), ("json", b"{")):
        file = tmp_path / f"figures.{form}"
        assert busy.ok("figures", "spring", "--format", form, "-o", str(file)) == ""
        assert file.read_bytes().startswith(start)


def test_check_names_each_fault_in_a_line_and_ends_with_one(busy: Terminal) -> None:
    assert "agrees" in busy.ok("check")
    with inside(busy.url, busy.data):
        db.session.query(Participation).one().characters = 99
        commit()
    result = busy.run("check")
    assert result.exit_code == 1
    assert "99" in result.stdout
    assert all(line.startswith("spring: ") for line in result.stdout.splitlines())


def test_what_search_does_not_find_is_written_anew(busy: Terminal) -> None:
    with inside(busy.url, busy.data):
        db.session.query(PostWords).delete()
        commit()
    assert busy.run("check").stdout == "discussion 1: search does not find 1 of its posts; run `forum reindex`\n"
    assert busy.ok("reindex") == "Every post can be found.\n"
    assert "agrees" in busy.ok("check")


def test_the_commands_speak_the_terminals_language_in_texts_for_people(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = terminal.ok("check")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert terminal.ok("check") != english


@pytest.fixture(scope="module")
def process() -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        surroundings = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-m", "forum.cli", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=surroundings | environment, timeout=60)

    return run


def test_the_command_runs_as_a_program(
    process: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    data = str(tmp_path / "data")
    refused = process("check", FORUM_DATA=data)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[0].startswith("forum: ")
    assert "forum upgrade" in refused.stderr
    upgraded = process("upgrade", FORUM_DATA=data)
    assert (upgraded.returncode, upgraded.stderr) == (0, "")


def test_before_there_is_an_application_the_command_speaks_chinese_too(
    process: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    spoken = {"FORUM_DATA": str(tmp_path), "LC_ALL": "zh_CN.UTF-8"}
    manual = process("figures", "--help", **spoken)
    assert (manual.returncode, manual.stderr) == (0, "")
    assert all(words in manual.stdout for words in ("用法", "一个班的参与数据。", "写入文件。", "显示本说明。"))
    assert "不在 1<=x<=65535 的范围内" in process("serve", "--port", "0", **spoken).stderr
    assert "不是数据库地址" in process("check", FORUM_DATABASE_URL="moon://x", **spoken).stderr

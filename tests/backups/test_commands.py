"""`forum backup` and `forum restore` at a terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.backups.conftest import Place
from tests.test_cli import Terminal

pytestmark = pytest.mark.one_database


@pytest.fixture
def terminal(settled: Place) -> Terminal:
    return Terminal(settled.url, settled.data)


def test_a_backup_is_for_its_owner_and_overwrites_nothing(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "forum.zip"
    assert "2 uploads" in terminal.ok("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert "overwrites nothing" in terminal.fails(1, "backup", str(file))
    assert "No such file" in terminal.fails(1, "backup", str(tmp_path / "nowhere" / "forum.zip"))
    assert "FORUM_BACKUPS" in terminal.fails(2, "backup")
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["forum.zip"]


def test_into_a_folder_those_that_are_outdated_go_if_it_is_said(terminal: Terminal, tmp_path: Path) -> None:
    old = [tmp_path / f"forum-2025010{day}T030000Z.zip" for day in range(1, 9)]
    for file in old:
        file.touch()
    terminal.ok("backup", str(tmp_path))
    assert all(file.exists() for file in old)
    [taken] = set(tmp_path.glob("forum-*.zip")) - set(old)
    taken.unlink()
    terminal.environment["FORUM_BACKUPS"] = str(tmp_path)
    terminal.ok("backup", "--keep")
    assert [file for file in old if file.exists()] == old[2:], "six days beside today; two weeks beside this"


def test_a_backup_comes_back_once(terminal: Terminal, new_place: Callable[[str], Place], tmp_path: Path) -> None:
    file = tmp_path / "forum.zip"
    terminal.ok("backup", str(file))
    target = new_place("sqlite")
    empty = Terminal(target.url, target.data)
    result = empty.run("restore", str(file))
    assert (target.data / "uploads" / "tw" / "two.pdf").exists()
    assert "is restored" in result.stdout
    # The made-up rows disagree with one another, and are told of; they are there all the same.
    assert (result.exit_code, result.stdout.splitlines()[1:]) == (1, terminal.run("check").stdout.splitlines())
    assert "not empty" in empty.fails(1, "restore", str(file))
    file.write_bytes(file.read_bytes()[:-1])
    assert "damaged" in empty.fails(1, "restore", str(file))
    assert "missing.zip" in empty.fails(2, "restore", "missing.zip")

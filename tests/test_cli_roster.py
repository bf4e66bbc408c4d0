"""forum roster import: a spreadsheet into a class, every bad row on stderr, one summary on stdout."""

from pathlib import Path

import pytest

from forum.classes.models import Enrolment
from forum.db import db
from tests.classes.workbooks import csv, xlsx
from tests.databases import inside
from tests.test_cli import ADD_CLASS, Terminal, terminal

__all__ = ["terminal"]

ROWS = [
    ["春季班花名册"],
    ["姓名", "单位", "手机"],
    ["张三", "City / North", 13900000001],
    [None, "City / North", 13900000002],
    ["李四", "City / North", 13900000001],
    ["王五", "City / North", "lost"],
]


@pytest.fixture
def spring(terminal: Terminal) -> Terminal:
    terminal.ok(*ADD_CLASS)
    return terminal


def people(terminal: Terminal) -> int:
    with inside(terminal.url, terminal.data):
        return db.session.query(Enrolment).count()


def written(folder: Path, data: bytes, name: str = "roster.xlsx") -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def test_good_rows_are_imported_and_bad_ones_listed_with_number_and_reason(spring: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, xlsx(ROWS))
    result = spring.run("roster", "import", file, "--class", "spring")
    assert result.exit_code == 0
    assert result.stdout == "New in the class: 2. Changed: 0. Already there: 0. Bad rows: 2.\n"
    assert result.stderr.splitlines() == [
        "bad row 4: There is no name.",
        "bad row 5 (李四): Row 3 has the same phone number.",
        "row 6 (王五): “lost” does not look like a whole phone number, please check; imported without it. "
        "Landlines begin with the area code.",
    ]
    assert people(spring) == 2
    again = spring.run("roster", "import", file, "--class", "spring")
    assert "New in the class: 0. Changed: 0. Already there: 2." in again.stdout
    assert people(spring) == 2


def test_a_dry_run_says_the_same_and_writes_nothing(spring: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, xlsx(ROWS))
    dry = spring.run("roster", "import", file, "--class", "spring", "--dry-run")
    assert (dry.exit_code, people(spring)) == (0, 0)
    assert dry.stdout.splitlines() == [
        "New in the class: 2. Changed: 0. Already there: 0. Bad rows: 2.",
        "Nothing was written.",
    ]
    assert dry.stderr == spring.run("roster", "import", file, "--class", "spring").stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG", "no CSV, XLS or XLSX"),
        (csv("Section,Period", "1,2"), "no row has a header"),
        (csv("姓名,手机"), "nobody below it"),
    ],
)
def test_what_cannot_be_read_ends_with_one_line(spring: Terminal, tmp_path: Path, data: bytes, words: str) -> None:
    assert words in spring.fails(1, "roster", "import", written(tmp_path, data), "--class", "spring")
    assert people(spring) == 0


def test_where_every_row_is_bad_the_command_fails(spring: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, csv("姓名,手机", ",13900000001", ",13900000002"), "roster.csv")
    result = spring.run("roster", "import", file, "--class", "spring")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "forum: nobody could be read from roster.csv."
    assert "Bad rows: 2." in result.stdout


def test_an_unknown_class_and_a_missing_file_are_said(spring: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, xlsx(ROWS))
    assert "no class" in spring.fails(1, "roster", "import", file, "--class", "autumn")
    assert "missing.xlsx" in spring.fails(2, "roster", "import", "missing.xlsx", "--class", "spring")


def test_what_a_name_holds_is_not_obeyed_by_the_terminal(spring: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, "姓名,手机\n\x1b[31mX,1\n\u202eY,2".encode(), "roster.csv")
    stderr = spring.run("roster", "import", file, "--class", "spring").stderr
    assert "\x1b" not in stderr
    assert "\u202e" not in stderr

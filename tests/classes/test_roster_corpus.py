"""Rosters from elsewhere, file by file: what each is read as, and that importing it twice adds nobody twice."""

from __future__ import annotations

import contextlib
import json
import os
import random
from pathlib import Path

import pytest

from forum.classes.models import TrainingClass
from forum.classes.roster import import_roster
from forum.classes.roster_rows import Roster, RosterRow, read_roster
from forum.classes.sheets import read_file, read_sheets
from forum.db import db
from forum.errors import Refused
from tests.cast import World
from tests.classes.workbooks import xlsx

pytestmark = [pytest.mark.corpus, pytest.mark.one_database]

ROSTERS = Path(os.environ.get("FORUM_TEST_CORPUS", "."), "rosters")

# People read, and one of them.
READ = {
    "canvas/test_user_1.csv": (1, RosterRow(2, "Jamie Kennedy", email="user@example.edu")),
    "moodle/example.csv": (3, RosterRow(4, "Student Three", email="s3@example.com")),
    "moodle/upload_users_cohorts.csv": (4, RosterRow(2, "Tom Jones", email="tomjones@example.com")),
    "sds-100-users/Student.csv": (86, RosterRow(2, "Ora Klein")),
    "sds-100-users/Teacher.csv": (12, RosterRow(2, "Craig Beane")),
    "sds-v2.1/users.csv": (8, RosterRow(3, "Jean Craig", phone="11234567890", email="jean.craig@outlook.com")),
    "zh/import_student.xls": (
        1,
        RosterRow(2, "张三", phone="18358288994", email="8893412533498@126.com", unit="百度", position="开发"),
    ),
}
# Lists of schools, courses, enrolments by number, and texts.
REFUSED = [
    "sds-100-users/School.csv", "sds-100-users/Section.csv", "sds-100-users/StudentEnrollment.csv",
    "sds-100-users/TeacherRoster.csv", "sds-v2.1/academicSessions.csv", "sds-v2.1/classes.csv",
    "sds-v2.1/enrollments.csv", "sds-v2.1/orgs.csv", "sds-v2.1/roles.csv", "zh/xinde_list_2017-02-15.xls",
]  # fmt: skip
TEMPLATE = "zh/export_user_list_model.cells.json"


def test_every_file_of_the_corpus_has_its_expectation() -> None:
    files = {str(file.relative_to(ROSTERS)) for file in ROSTERS.rglob("*") if file.is_file()}
    assert files == {*READ, *REFUSED, TEMPLATE}, "set FORUM_TEST_CORPUS to the directory of test data"


@pytest.mark.parametrize("name", READ)
def test_people_are_read_and_imported_once(world: World, name: str) -> None:
    count, somebody = READ[name]
    roster = read_roster(read_file(ROSTERS / name))
    assert (len(roster.rows), roster.bad, roster.warnings) == (count, [], [])
    assert somebody in roster.rows
    assert import_twice(world, roster) == [count, 0]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_roster_of_people_is_refused_saying_what_was_looked_for(name: str) -> None:
    with pytest.raises(Refused, match=r"姓名 or “Name”"):
        read_roster(read_file(ROSTERS / name))


def test_the_roll_of_a_class_is_read_below_its_committee(world: World) -> None:
    kept = json.loads((ROSTERS / TEMPLATE).read_text(encoding="utf-8"))
    with pytest.raises(Refused, match="header is in row 10, but there is nobody below"):
        read_roster(read_sheets(workbook_of(kept, [])))
    people = [[1, "某 甲", "男", "群众", 40, "本科", "汉族", "市局 处长", 13800138001.0, "住宿", "110101199001011234"]]
    roster = read_roster(
        read_sheets(workbook_of(kept, [*people, [2], [3, "某乙", None, None, None, None, None, "区局科长"]]))
    )
    assert (roster.sheet, roster.header_row, roster.other_sheets) == ("社区班", 10, [])
    assert roster.rows == [
        RosterRow(11, "某甲", phone="13800138001", unit="市局", position="处长"),
        RosterRow(13, "某乙", unit="区局科长"),
    ]
    assert "身份证" in roster.unused
    assert import_twice(world, roster) == [2, 0]


def workbook_of(kept: dict, people: list[list[object]]) -> bytes:
    rows: list[list[object]] = [[None] * kept["cols"] for _row in range(10)]
    for cell in kept["cells"]:
        rows[cell["row"] - 1][cell["col"] - 1] = cell["value"]
    hidden = {kept["other_sheets"][0]["name"]: ([["Auto_Open"]], "veryHidden")}
    return xlsx([*rows, *people], merged=["A1:K2", "A4:K4"], title=kept["sheet"], **hidden)


def import_twice(world: World, roster: Roster) -> list[int]:
    """How many are new each time."""
    new = []
    for _time in range(2):
        with world.inside():
            training_class = db.session.query(TrainingClass).filter_by(slug="autumn").one()
            plan = import_roster(training_class, roster.rows)
            assert plan.bad == []
            new.append(len(plan.of("new")))
    return new


@pytest.mark.parametrize("name", [name for name in [*READ, *REFUSED] if name.endswith(".xls")])
def test_no_damage_to_an_old_workbook_is_an_error_of_ours(name: str) -> None:
    whole, chance = (ROSTERS / name).read_bytes(), random.Random(1)
    for _time in range(200):
        damaged = bytearray(whole)
        for _byte in range(chance.randint(1, 6)):
            damaged[chance.randrange(8, len(whole))] = chance.randrange(256)
        with contextlib.suppress(Refused):
            read_sheets(bytes(damaged))

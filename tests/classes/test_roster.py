"""A roster becomes enrolments: who is new, known and changed, and all of it at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from forum.classes.models import Enrolment, Group, Role
from forum.classes.roster import import_roster, plan_roster
from forum.classes.roster_rows import RosterRow
from forum.db import db
from forum.errors import Refused
from forum.members.models import Member
from forum.text import sort_key
from forum.units.models import Unit
from tests.cast import World
from tests.classes.importing import account, changes, class_of, enrolled, outcomes, reasons, row, take


def test_somebody_new_gets_an_account_without_password_and_is_enrolled(world: World) -> None:
    new = row(
        2, "张三", phone="13900000001", email="z@example.org", unit="City / North", position="主任", group="Third group"
    )
    plan = take(world, new, row(3, "Una", role=Role.INSTRUCTOR, organises=True))
    assert outcomes(plan) == {2: "new", 3: "new"}
    assert (plan.new_units, plan.new_groups) == (["City / North"], ["Third group"])
    assert enrolled(world)["张三"] == ("trainee", "City / North", "Third group", False)
    assert enrolled(world)["Una"] == ("instructor", None, None, True)
    assert account(world, "张三") == ("13900000001", "z@example.org", "主任", "City / North")
    with world.app.app_context():
        member = db.session.query(Member).filter_by(name="张三").one()
        assert (member.password_hash, member.is_administrator) == (None, False)
        assert member.sort_key == sort_key("张三")
        assert len(member.session_stamp) == 16


def test_importing_again_adds_nobody_twice_and_changes_nothing(world: World) -> None:
    rows = [
        row(2, "张三", phone="13900000001", unit="City / North", group="Third group"),
        row(3, "李四", email="l@example.org", position="主任"),
        row(4, "王五", unit="City / North", group="Third group"),
        row(5, "赵六"),
    ]
    assert set(outcomes(take(world, *rows)).values()) == {"new"}
    before = enrolled(world)
    with world.app.app_context():
        revision = class_of().roster_revision
    again = take(world, *rows)
    assert set(outcomes(again).values()) == {"known"}
    assert (again.warnings, again.bad, enrolled(world)) == ([], [], before)
    with world.app.app_context():
        assert class_of().roster_revision == revision
        assert db.session.query(Group).filter_by(name="Third group").count() == 1


def test_the_roster_is_touched_once_however_many_rows(world: World) -> None:
    with world.app.app_context():
        before = class_of().roster_revision
    take(world, *(row(number, f"Person {number}") for number in range(2, 12)))
    with world.app.app_context():
        assert class_of().roster_revision == before + 1


def test_a_plan_writes_nothing(world: World) -> None:
    with world.app.app_context():
        counts = [db.session.query(model).count() for model in (Member, Enrolment, Unit, Group)]
        plan_roster(class_of(), [row(2, "张三", unit="New / Unit", group="New"), row(3, "Tina", group="New")])
        assert not db.session.dirty
        assert not db.session.new
        assert counts == [db.session.query(model).count() for model in (Member, Enrolment, Unit, Group)]


def test_who_is_missing_in_the_file_stays(world: World) -> None:
    before = set(enrolled(world))
    take(world, row(2, "张三"))
    assert set(enrolled(world)) == before | {"张三"}


def test_an_empty_cell_changes_nothing(world: World) -> None:
    before = enrolled(world)
    plan = take(world, row(2, "Tina", phone="13800138000"), row(3, "Ivan", email="ivan@example.org"))
    assert outcomes(plan) == {2: "known", 3: "known"}
    assert enrolled(world) == before
    assert account(world, "Ivan")[2] == "Lecturer"


def test_a_member_of_another_class_is_enrolled_with_the_unit_of_the_file_or_else_their_own(world: World) -> None:
    plan = take(
        world, row(2, "Stella", email="stella@example.org"), row(3, "Ada", email="ada@example.org", unit="City")
    )
    assert outcomes(plan) == {2: "new", 3: "new"}
    assert enrolled(world)["Stella"][1] == "City / East"
    assert enrolled(world)["Ada"][1] == "City"
    assert account(world, "Ada")[3] is None


def test_who_had_withdrawn_is_enrolled_again_and_that_is_said(world: World) -> None:
    plan = take(world, row(2, "Wendy", email="wendy@example.org"))
    assert changes(plan) == {2: [("returns", "", "")]}
    assert "withdrawn" in reasons(plan.warnings)[2]
    assert "Wendy" in enrolled(world)


def test_a_roster_gives_the_mark_of_organisers_and_never_takes_it(world: World) -> None:
    plan = take(
        world,
        row(2, "Olga", email="olga@example.org", role=Role.TRAINEE),
        row(3, "Ivan", email="ivan@example.org", role=Role.INSTRUCTOR, organises=True),
    )
    assert changes(plan) == {2: [("role", "instructor", "trainee")], 3: [("organises", "", "")]}
    assert enrolled(world)["Olga"][0::3] == ("trainee", True)
    assert enrolled(world)["Ivan"][0::3] == ("instructor", True)


def test_good_rows_are_taken_beside_bad_ones(world: World) -> None:
    take(world, row(2, "甲", phone="13900000001"), row(3, "乙", phone="13900000001"))
    assert "甲" in enrolled(world)
    assert "乙" not in enrolled(world)


def test_an_archived_class_is_refused(world: World) -> None:
    world.archive()
    with world.app.app_context(), pytest.raises(Refused, match="archived"):
        plan_roster(class_of(), [row(2, "甲")])
    with world.app.app_context(), pytest.raises(Refused, match="archived"):
        import_roster(class_of(), [row(2, "甲")])


def test_somebody_added_at_the_same_moment_is_refused_and_not_an_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.classes.roster_matching.members_by_contact", lambda _phones, _emails: [])
    with world.app.app_context(), pytest.raises(Refused, match="try once more"):
        import_roster(class_of(), [row(2, "Tina", phone="13800138000", unit="Elsewhere")])


def test_figures_move_with_the_unit(world: World) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion)
    take(world, row(2, "Tina", phone="13800138000", unit="City / North"), row(3, "甲", unit="City / North"))
    assert world.totals().trainees == 3
    assert {figures.name: figures.posts for figures in world.figures(by="unit").rows}["City / North"] == 1


def test_five_hundred_rows_take_a_few_statements(world: World) -> None:
    rows = [
        row(number, f"人{number}", phone=f"139{number:08}", unit=f"City / Unit {number % 40}", group=f"{number % 9}组")
        for number in range(2, 502)
    ]
    assert count_statements(world, rows) <= 25
    assert count_statements(world, rows) <= 12, "the second time"


def count_statements(world: World, rows: list[RosterRow]) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with world.inside():
        engine = db.session.connection().engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            plan = import_roster(class_of(), rows)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    assert len(plan.people) == 500
    return len([statement for statement in seen if not statement.startswith(("SAVEPOINT", "RELEASE"))])

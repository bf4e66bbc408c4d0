"""A roster becomes enrolments: who is new, known and changed, whom a roster may not change, and all of it at once."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from forum.classes.models import Enrolment, Group, Role, TrainingClass
from forum.classes.roster import Plan, import_roster, plan_roster
from forum.classes.roster_rows import RosterRow
from forum.db import db
from forum.errors import Refused
from forum.members.models import Member
from forum.members.operations import add_member
from forum.text import sort_key
from forum.units.models import Unit
from tests.cast import Person, World


def row(number: int, name: str, **told: Any) -> RosterRow:
    return RosterRow(number, name, **told)


def class_of(slug: str = "spring") -> TrainingClass:
    return db.session.query(TrainingClass).filter_by(slug=slug).one()


def take(world: World, *rows: RosterRow, slug: str = "spring") -> Plan:
    """Import and commit."""
    with world.inside():
        return import_roster(class_of(slug), rows)


def outcomes(plan: Plan) -> dict[int, str]:
    return {person.row.number: person.outcome.value for person in plan.people}


def changes(plan: Plan) -> dict[int, list[tuple[str, str, str]]]:
    return {
        person.row.number: [(change.what, change.before, change.after) for change in person.changes]
        for person in plan.people
        if person.changes
    }


def reasons(faults: list[Any]) -> dict[int, str]:
    return {fault.row: fault.reason for fault in faults}


def enrolled(world: World, slug: str = "spring") -> dict[str, tuple[str, str | None, str | None, bool]]:
    """Role, unit, group and mark of everybody active, by name."""
    with world.app.app_context():
        return {
            each.member.name: (
                each.role.value,
                each.unit.path if each.unit else None,
                each.group.name if each.group else None,
                each.organises,
            )
            for each in db.session.query(Enrolment).filter_by(class_id=class_of(slug).id, withdrawn_at=None)
        }


def account(world: World, name: str) -> tuple[str | None, str | None, str, str | None]:
    with world.app.app_context():
        member = db.session.query(Member).filter_by(name=name).one()
        return member.phone, member.email, member.position, member.unit.path if member.unit else None


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


def test_members_are_known_by_phone_or_address(world: World) -> None:
    plan = take(
        world,
        row(2, "Tina", phone="13800138000", group="Second group"),
        row(3, "Tom", email="tom@example.org", unit="City / North"),
    )
    assert changes(plan) == {
        2: [("group", "First group", "Second group")],
        3: [("unit", "City / West", "City / North")],
    }
    assert enrolled(world)["Tina"] == ("trainee", "City / East", "Second group", False)
    assert enrolled(world)["Tom"] == ("trainee", "City / North", "Second group", False)
    assert account(world, "Tom")[3] == "City / West", "the member's own unit is not the class's business"


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


@pytest.mark.parametrize("name", ["tina", "ada", "stella"])
def test_an_account_in_use_is_changed_by_no_roster(world: World, name: str) -> None:
    person: Person = getattr(world.cast, name)
    if name == "ada":
        with world.inside():
            world.member(person).password_hash = None
    before = account(world, person.name)
    told = {"phone": "13900000009", "position": "Thief"}
    for _time in range(2):
        plan = take(world, row(2, "Mallory", email=person.email, **told))
        assert "account" in reasons(plan.warnings)[2]
    assert account(world, person.name) == before
    with world.app.app_context():
        assert db.session.query(Member).filter_by(phone="13900000009").count() == 0
        assert db.session.query(Member).filter_by(name="Mallory").count() == 0


def test_another_name_on_an_account_is_told_but_only_of_who_is_in_the_class(world: World) -> None:
    plan = take(world, row(2, "X", email="tom@example.org"), row(3, "Y", email="stella@example.org"))
    assert "Tom" in reasons(plan.warnings)[2]
    assert "Stella" not in reasons(plan.warnings)[3]
    assert "another name" in reasons(plan.warnings)[3]


def test_an_account_that_nobody_has_used_is_corrected_by_its_class(world: World) -> None:
    take(world, row(2, "张三", unit="City / North"), row(3, "李四", phone="13900000002"))
    plan = take(
        world,
        row(2, "张三", unit="City / North", phone="13900000001", position="主任"),
        row(3, "李斯", phone="13900000002", email="l@example.org"),
    )
    assert changes(plan) == {
        2: [("phone", "", "13900000001"), ("position", "", "主任")],
        3: [("name", "李四", "李斯"), ("email", "", "l@example.org")],
    }
    assert account(world, "张三") == ("13900000001", None, "主任", "City / North")
    assert account(world, "李斯")[:2] == ("13900000002", "l@example.org")
    assert len(enrolled(world)) == 7


@pytest.mark.parametrize("how", ["a password", "a first sign-in", "another class", "administration"])
def test_an_account_is_no_longer_the_roster_s_after(world: World, how: str) -> None:
    take(world, row(2, "张三", unit="City / North"))
    with world.inside():
        member = db.session.query(Member).filter_by(name="张三").one()
        match how:
            case "a password":
                member.password_hash = "set"
            case "a first sign-in":
                member.first_signed_in_at = world.clock.now
            case "another class":
                db.session.add(Enrolment(class_id=class_of("autumn").id, member_id=member.id, role=Role.TRAINEE))
            case "administration":
                member.is_administrator = True
    plan = take(world, row(2, "张三", unit="City / North", phone="13900000001"))
    assert outcomes(plan) == {2: "known"}
    assert "account" in reasons(plan.warnings)[2]
    assert account(world, "张三")[0] is None


@pytest.mark.parametrize("name", ["Ivan", "Omar"])
def test_a_namesake_with_an_account_in_use_and_no_unit_told_is_somebody_else(world: World, name: str) -> None:
    plan = take(world, row(2, name, phone="13900000001"))
    assert outcomes(plan) == {2: "new"}
    assert name in reasons(plan.warnings)[2]


def test_namesakes_of_other_units_are_other_people(world: World) -> None:
    plan = take(world, row(2, "Tina", unit="City / West"), row(3, "Tom", unit="City / West"))
    assert outcomes(plan) == {2: "new", 3: "known"}


def test_who_is_meant_must_be_clear_among_namesakes(world: World) -> None:
    take(world, row(2, "张三", phone="13900000001"), row(3, "张三", phone="13900000002"))
    plan = take(world, row(2, "张三"))
    assert list(reasons(plan.bad)) == [2]
    assert "张三" in reasons(plan.bad)[2]


def test_rows_that_repeat_another_are_bad_and_name_it(world: World) -> None:
    plan = take(
        world,
        row(2, "甲", phone="13900000001", email="a@example.org"),
        row(3, "乙", phone="13900000001"),
        row(4, "丙", email="a@example.org"),
        row(5, "丁", unit="City"),
        row(6, "丁", unit="City"),
        row(7, "戊"),
        row(8, "戊", phone="13900000003"),
        row(9, "丁", unit="Elsewhere"),
    )
    assert set(outcomes(plan)) == {2, 5, 8, 9}
    said = reasons(plan.bad)
    assert set(said) == {3, 4, 6, 7}
    assert all(f"Row {first} " in said[number] for number, first in [(3, 2), (4, 2), (6, 5), (7, 8)])


def test_the_phone_of_one_and_the_address_of_another_are_bad(world: World) -> None:
    plan = take(world, row(2, "Tina", phone="13800138000", email="tom@example.org"))
    assert list(reasons(plan.bad)) == [2]
    assert plan.people == []


def test_two_rows_for_one_account_are_bad(world: World) -> None:
    plan = take(world, row(2, "Tina", phone="13800138000"), row(3, "Tina T.", email="tina@example.org"))
    assert outcomes(plan) == {2: "known"}
    assert "Row 2" in reasons(plan.bad)[3]


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


def test_an_unused_account_that_the_command_line_made_is_found_by_its_address(world: World) -> None:
    with world.inside():
        add_member("Uma", email="uma@example.org")
    assert outcomes(take(world, row(2, "Uma", email="uma@example.org"))) == {2: "new"}
    with world.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Member).where(Member.name == "Uma")) == 1

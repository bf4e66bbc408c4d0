"""Whom a row means, and whose account a roster may not change."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from forum.classes.models import Enrolment, Role
from forum.db import db
from forum.members.models import Member
from forum.members.operations import add_member
from tests.cast import Person, World
from tests.classes.importing import account, changes, class_of, enrolled, outcomes, reasons, row, take

pytestmark = pytest.mark.one_database


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
        assert "account" in reasons(plan.warnings if name == "tina" else plan.bad)[2]
    assert account(world, person.name) == before
    with world.app.app_context():
        assert db.session.query(Member).filter_by(phone="13900000009").count() == 0
        assert db.session.query(Member).filter_by(name="Mallory").count() == 0


def test_another_name_on_an_account_is_told_but_only_of_who_is_in_the_class(world: World) -> None:
    plan = take(world, row(2, "X", email="tom@example.org"), row(3, "Y", email="stella@example.org"))
    assert "Tom" in reasons(plan.warnings)[2]
    assert "Stella" not in reasons(plan.bad)[3]
    assert "another name" in reasons(plan.bad)[3]


def test_whoever_took_somebody_s_number_first_does_not_get_what_the_roster_gives_that_person(world: World) -> None:
    """Numbers are nobody's proof: a trainee of another class may have entered the number of an organiser to be."""
    plan = take(world, row(2, "Real Organiser", email=world.cast.stella.email, role=Role.INSTRUCTOR, organises=True))
    assert list(reasons(plan.bad)) == [2]
    assert "Stella" not in enrolled(world)


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


@pytest.mark.parametrize("where", [{"unit": "City / North"}, {"group": "First group"}])
def test_a_corrected_phone_number_makes_nobody_a_second_time(world: World, where: dict[str, str]) -> None:
    take(world, row(2, "张三", phone="1380000", **where), row(3, "李四", phone="13900000002", **where))
    plan = take(world, row(2, "张三", phone="13800000000", **where), row(3, "李四", phone="13900000002", **where))
    assert outcomes(plan) == {2: "changed", 3: "known"}
    assert changes(plan) == {2: [("phone", "1380000", "13800000000")]}
    assert "with another phone number" in reasons(plan.warnings)[2]
    assert account(world, "张三")[0] == "13800000000"


@pytest.mark.parametrize("why", ["used", "withdrawn", "two in the class", "two in the roster", "another unit", "known"])
def test_another_phone_number_is_another_person_where_that_is_not_clear(world: World, why: str) -> None:
    old = row(2, "张三", phone="13900000001", unit="City / North", group="First group")
    new = row(3, "张三", phone="13900000002", unit="City / North", group="First group")
    rows = [new]
    take(world, old)
    match why:
        case "used" | "withdrawn":
            with world.inside():
                member = db.session.query(Member).filter_by(name="张三").one()
                if why == "used":
                    member.first_signed_in_at = world.clock.now
                else:
                    db.session.query(Enrolment).filter_by(member_id=member.id).one().withdrawn_at = world.clock.now
        case "two in the class":
            take(world, old, row(3, "张三", phone="13900000003", unit="City / North"))
        case "two in the roster":
            rows.append(row(4, "张三", phone="13900000004", unit="City / North"))
        case "another unit":
            rows = [row(3, "张三", phone="13900000002", unit="City / West", group="First group")]
        case "known":
            rows.append(old)
    plan = take(world, *rows)
    assert outcomes(plan)[3] == "new"
    with world.app.app_context():
        assert db.session.query(Member).filter_by(phone="13900000001").count() == 1


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


def test_an_unused_account_that_the_command_line_made_is_found_by_its_address(world: World) -> None:
    with world.inside():
        add_member("Uma", email="uma@example.org")
    assert outcomes(take(world, row(2, "Uma", email="uma@example.org"))) == {2: "new"}
    with world.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Member).where(Member.name == "Uma")) == 1

"""Adding one person by hand: an account that is there is enrolled as it is, never changed, never doubled."""

import pytest

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.operations import withdraw_enrolment
from forum.classes.queries import person_of
from forum.db import db
from forum.members.models import Member
from tests.cast import Browser, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

NEW = "/classes/spring/members/new"


@pytest.fixture
def olga(world: World) -> Browser:
    return world.client_of(world.cast.olga)


def add(browser: Browser, name: str, **fields: str) -> Page:
    sent = {"role": "trainee", "group": "", "unit": "", **fields}
    return browser.submit(browser.get(NEW), NEW, name=name, **sent)


def enrolment(name: str) -> Enrolment:
    """Only inside."""
    member = db.session.query(Member).filter_by(name=name).one()
    found = person_of(db.session.query(TrainingClass).filter_by(slug="spring").one(), member.id)
    assert found is not None
    return found


def count(world: World) -> tuple[int, int]:
    with world.app.app_context():
        return db.session.query(Member).count(), db.session.query(Enrolment).count()


def test_a_new_person_gets_an_account_and_a_place(world: World, olga: Browser) -> None:
    group = str(world.cast.spring.groups["first"])
    done = add(
        olga, " Nina  Novak ", phone="+86 139 0013 9000", email="Nina@Example.org", position="lecturer",
        unit="City / North", group=group, organises="y",
    )  # fmt: skip
    assert done.status == 303
    page = olga.get(done.headers["Location"])
    assert "Nina Novak is enrolled" in page.words
    assert page.form("/slips").element.one("button").words == "New one-time link"
    with world.app.app_context():
        found = enrolment("Nina Novak")
        member = found.member
        assert (member.phone, member.email, member.position) == ("13900139000", "nina@example.org", "lecturer")
        assert (found.role, found.organises, str(found.group_id)) == (Role.TRAINEE, True, group)
        assert found.unit is not None
        assert found.unit.path == "City / North"
        assert member.unit_id == found.unit_id
        assert member.password_hash is None


@pytest.mark.parametrize(
    "fields", [{"email": " STELLA@example.org"}, {"email": "stella@example.org", "phone": "5551234"}]
)
def test_an_account_that_is_there_is_enrolled_and_stays_as_it_is(
    world: World, olga: Browser, fields: dict[str, str]
) -> None:
    before = count(world)
    done = add(olga, "stella", position="queen", unit="City / North", role="observer", **fields)
    assert done.status == 303
    assert "Stella had an account already" in olga.get(done.headers["Location"]).words
    assert count(world) == (before[0], before[1] + 1)
    with world.app.app_context():
        found = enrolment("Stella")
        assert (found.role, found.unit.path if found.unit else "") == (Role.OBSERVER, "City / North")
        assert (found.member.position, found.member.phone) == ("", None)
        assert found.member.unit is not None
        assert found.member.unit.path == "City / East"


def test_without_a_unit_it_is_the_account_s(world: World, olga: Browser) -> None:
    add(olga, "Stella", email="stella@example.org")
    with world.app.app_context():
        unit = enrolment("Stella").unit
        assert unit is not None
        assert unit.path == "City / East"


def test_another_name_is_asked_about_and_not_given_away(world: World, olga: Browser) -> None:
    page = add(olga, "Sheila", email="stella@example.org")
    assert page.status == 422
    assert "under another name" in page.refusal
    assert "Stella" not in page.words
    assert page.one("input", id="name")["value"] == "Sheila"
    assert olga.submit(page, NEW, role="trainee", group="", is_known="y").status == 303
    with world.app.app_context():
        assert enrolment("Stella").is_active


@pytest.mark.parametrize(
    ("name", "fields", "complaint"),
    [
        ("Nina", {}, "Please give a phone number or an e-mail address"),
        ("", {"phone": "13900139000"}, "Please enter the name"),
        ("  ", {"phone": "13900139000"}, "Please enter the name"),
        ("Nina", {"phone": "12"}, "“12” is not a phone number"),
        ("Nina", {"email": "nina"}, "“nina” is not an e-mail address"),
        ("Nina", {"email": "x" * 255}, "at most 254 characters"),
        ("N" * 121, {"phone": "13900139000"}, "at most 120 characters"),
        ("Nina", {"phone": "13900139000", "role": "king"}, "Please choose one of the list"),
        ("Nina", {"phone": "13900139000", "unit": "u" * 121}, "The name of the unit is too long"),
        ("Tina", {"phone": "13800138000"}, "Tina is in the class already"),
        ("Tina", {"phone": "13800138000", "email": "stella@example.org"}, "two different accounts"),
        ("Wendy", {"email": "wendy@example.org"}, "Wendy was withdrawn from the class"),
    ],
)
def test_what_cannot_be_is_refused_and_the_form_kept(
    world: World, olga: Browser, name: str, fields: dict[str, str], complaint: str
) -> None:
    before = count(world)
    page = add(olga, name, **fields)
    assert page.status == 422
    assert complaint in page.words
    assert count(world) == before
    assert page.one("input", id="name").get("value").strip() == name.strip()
    for field in ("phone", "email", "unit"):
        if field in fields:
            assert page.one("input", id=field)["value"] == fields[field]


def test_who_was_withdrawn_is_brought_back_not_added(world: World, olga: Browser) -> None:
    with world.inside():
        withdraw_enrolment(enrolment("Tom"))
    assert add(olga, "Tom", email=world.cast.tom.email).status == 422
    path = f"/classes/spring/members/{world.cast.tom.id}"
    page = olga.submit(olga.get(path), f"{path}/restore")
    assert olga.submit(page, f"{path}/restore", confirm="yes").status == 303
    with world.app.app_context():
        found = enrolment("Tom")
        assert found.is_active
        assert found.group_id == world.cast.spring.groups["second"]

"""Correcting the account of somebody who has never been in, by hand; of nobody else."""

import pytest

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import db
from forum.members.models import Member
from tests.cast import Browser, Person, World
from tests.newcomers import Newcomer
from tests.pages import Page

PEOPLE = "/classes/spring/members"
RIGHT = {"name": "Nina Novak", "phone": "139 0013 9000", "email": "Nina@Example.org", "position": "Chair"}


@pytest.fixture
def olga(world: World) -> Browser:
    return world.client_of(world.cast.olga)


@pytest.fixture
def nina(newcomer: Newcomer) -> Person:
    return newcomer("Nina", phone="1380000", position="chair")


def correct(browser: Browser, person: Person, **fields: str) -> Page:
    path = f"{PEOPLE}/{person.id}"
    return browser.submit(browser.get(path), f"{path}/account", **fields)


def account(world: World, person: Person) -> tuple[str, str | None, str | None, str]:
    with world.app.app_context():
        member = db.session.get_one(Member, person.id)
        return member.name, member.phone, member.email, member.position


def test_who_has_never_been_in_is_corrected_by_hand(world: World, olga: Browser, nina: Person) -> None:
    page = olga.get(f"{PEOPLE}/{nina.id}")
    assert page.one("input", id="phone")["value"] == "1380000"
    assert "AccountForm" not in page.source
    done = correct(olga, nina, **RIGHT)
    assert done.status == 303
    assert "The account is corrected" in olga.get(done.headers["Location"]).words
    assert account(world, nina) == ("Nina Novak", "13900139000", "nina@example.org", "Chair")
    with world.app.app_context():
        assert db.session.get_one(Member, nina.id).sort_key.lower().startswith("nina novak")
    assert correct(olga, nina, phone="", email="", position="").status == 303
    assert account(world, nina) == ("Nina Novak", None, None, "")


@pytest.mark.parametrize("field", [{"phone": "13800138000"}, {"email": "Stella@example.org"}])
def test_a_number_or_address_of_somebody_else_is_refused_without_saying_whose(
    world: World, olga: Browser, nina: Person, field: dict[str, str]
) -> None:
    before = account(world, nina)
    page = correct(olga, nina, **field)
    assert page.status == 422
    assert "Another account has this phone number or e-mail address already" in page.refusal
    assert "Tina" not in page.one("main").words
    assert "Stella" not in page.one("main").words
    (name, value), *_rest = field.items()
    assert page.one("input", id=name)["value"] == value
    assert account(world, nina) == before


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"name": " "}, "Please enter the name"),
        ({"name": "\u200b"}, "A member needs a name"),
        ({"name": "N" * 121}, "at most 120 characters"),
        ({"phone": "12"}, "“12” is not a phone number"),
        ({"email": "nina"}, "“nina” is not an e-mail address"),
        ({"position": "p" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(
    world: World, olga: Browser, nina: Person, fields: dict[str, str], complaint: str
) -> None:
    page = correct(olga, nina, **fields)
    assert page.status == 422
    assert complaint in page.words
    assert account(world, nina)[:2] == ("Nina", "1380000")


@pytest.mark.parametrize("how", ["a password", "a first sign-in", "another class", "administration"])
def test_an_account_that_is_not_the_class_s_alone_stays_as_it_is(
    world: World, olga: Browser, nina: Person, how: str
) -> None:
    before, form = account(world, nina), olga.get(f"{PEOPLE}/{nina.id}")
    with world.inside():
        member = world.member(nina)
        match how:
            case "a password":
                member.password_hash = "set"
            case "a first sign-in":
                member.first_signed_in_at = world.clock.now
            case "another class":
                enrol_member(db.session.query(TrainingClass).filter_by(slug="autumn").one(), member, Role.TRAINEE)
            case "administration":
                member.is_administrator = True
    path = f"{PEOPLE}/{nina.id}"
    assert not [form for form in olga.get(path).forms if form.action.endswith("/account")]
    page = olga.submit(form, f"{path}/account", **RIGHT)
    assert page.status == 422
    assert "stays as it is" in page.refusal
    assert account(world, nina) == before


@pytest.mark.parametrize(
    ("name", "status"), [("tina", 403), ("ivan", 403), ("omar", 403), ("stella", 404), ("wendy", 404)]
)
def test_only_organisers_correct_accounts(world: World, nina: Person, name: str, status: int) -> None:
    browser, before = world.client_of(getattr(world.cast, name)), account(world, nina)
    assert browser.post(f"{PEOPLE}/{nina.id}/account", **RIGHT).status == status
    assert account(world, nina) == before


def test_an_organiser_corrects_nobody_of_another_class(world: World, olga: Browser, newcomer: Newcomer) -> None:
    nora = newcomer("Nora", slug="autumn")
    assert olga.post(f"{PEOPLE}/{nora.id}/account", **RIGHT).status == 404
    assert account(world, nora)[0] == "Nora"

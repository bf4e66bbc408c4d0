"""A slip opens no more than its class could give: what is given to the same person elsewhere voids it."""

import pytest

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import db
from forum.members.operations import issue_password_link
from tests.cast import Browser, Person, World
from tests.classes.importing import row, take
from tests.newcomers import Newcomer, newcomer

__all__ = ["newcomer"]

NEW = "a brand new password"
ADD = "/classes/autumn/members/new"


def slip_of(world: World, person: Person) -> str:
    with world.inside():
        return f"/password/{issue_password_link(world.member(person))}"


def works(world: World, link: str) -> bool:
    return Browser(world.app).get(link).status == 200


@pytest.fixture
def autumn(world: World) -> Browser:
    """Stella's browser, who organises another class."""
    with world.inside():
        from forum.classes.queries import get_enrolment

        enrolment = get_enrolment(world.member(world.cast.stella), world.cast.autumn.id)
        assert enrolment is not None
        enrolment.organises = True
    return world.client_of(world.cast.stella)


def test_enrolled_by_hand_in_another_class(world: World, newcomer: Newcomer, autumn: Browser) -> None:
    link = slip_of(world, newcomer("Nina", phone="13900139000"))
    assert works(world, link)
    answer = autumn.submit(
        autumn.get(ADD), ADD, name="Nina", phone="13900139000", organises="y", role="trainee", group="", unit=""
    )
    assert answer.status == 303
    assert not works(world, link)


def test_enrolled_by_a_roster_in_another_class(world: World, newcomer: Newcomer) -> None:
    link = slip_of(world, newcomer("Nina", phone="13900139000"))
    take(world, row(2, "Nina", phone="13900139000", organises=True), slug="autumn")
    assert not works(world, link)


def test_a_roster_that_changes_nothing_voids_nothing(world: World, newcomer: Newcomer) -> None:
    link = slip_of(world, newcomer("Nina", phone="13900139000"))
    take(world, row(2, "Nina", phone="13900139000", position="secretary"))
    assert works(world, link)


def test_brought_back_into_another_class(world: World, newcomer: Newcomer, autumn: Browser) -> None:
    nina = newcomer("Nina", phone="13900139000")
    with world.inside():
        other = db.session.query(TrainingClass).filter_by(slug="autumn").one()
        enrol_member(other, world.member(nina), Role.TRAINEE)
    page = f"/classes/autumn/members/{nina.id}"
    assert autumn.post(f"{page}/withdraw", confirm="yes").status == 303
    olga = world.client_of(world.cast.olga)
    refused = olga.submit(olga.get("/classes/spring/slips"), "/classes/spring/slips", whom=f"member-{nina.id}")
    assert refused.status == 422, "who was in a class of others may be brought back into it"
    link = slip_of(world, nina)
    assert autumn.post(f"{page}/restore", confirm="yes").status == 303
    assert not works(world, link)


def test_nobody_enrols_an_administrator_but_one(world: World) -> None:
    add = "/classes/spring/members/new"
    for organiser, status in ((world.cast.olga, 422), (world.cast.ada, 303)):
        browser = world.client_of(organiser)
        assert (
            browser.submit(
                browser.get(add), add, name="Ada", email="ada@example.org", role="observer", group="", unit=""
            ).status
            == status
        )


@pytest.mark.one_database
def test_a_token_is_typed_as_one_likes(world: World, newcomer: Newcomer) -> None:
    link = slip_of(world, newcomer("Nina"))
    token = link.removeprefix("/password/")
    for typed in (token.upper(), token.replace("-", ""), f"{token[:9]} {token[9:]}"):
        page = Browser(world.app).get(f"/password/{typed}")
        assert page.status == 200
        assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.one_database
@pytest.mark.parametrize("accounts", ["9" * 5000, "²", "-1", "x"])
def test_nonsense_ids_in_the_file_s_form_are_nobody_s(world: World, accounts: str) -> None:
    olga = world.client_of(world.cast.olga)
    assert olga.post("/classes/spring/slips/file", accounts=accounts, tokens="").status == 200


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["materials-²-title", f"materials-{'9' * 5000}-title"])
def test_lines_of_a_form_that_are_numbered_oddly_are_no_lines(world: World, name: str) -> None:
    olga = world.client_of(world.cast.olga)
    fields = {"kind": "lecture", "title": "A lecture", name: "X"}
    assert olga.post("/classes/spring/programme/new", **fields).status == 303

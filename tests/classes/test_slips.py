"""Slips for the first sign-in: who gets one, what is on it, and whose account it must never open."""

import csv
import io
import re

import pytest

from forum.classes import slips
from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import db
from forum.members.models import Member, PasswordLink
from tests.cast import Browser, Person, World
from tests.discussions.test_pages import statements
from tests.newcomers import Newcomer
from tests.pages import Page

pytestmark = pytest.mark.one_database

SLIPS = "/classes/spring/slips"
TOKEN = re.compile(r"/password/([a-z2-9]{4}(?:-[a-z2-9]{4}){3})")
NEW = "a brand new password"


def make(browser: Browser, whom: str = "all", where: str = SLIPS) -> Page:
    return browser.submit(browser.get(where), where, whom=whom)


def make_anew(browser: Browser, asked: Page) -> Page:
    """New ones for all, where the forum asked."""
    assert asked.status == 422
    return browser.submit(asked, SLIPS, again=asked.all("button", name="again")[-1]["value"])


def names(page: Page) -> list[str]:
    return [slip["aria-label"] for slip in page.all("article", class_="slip")]


def link_on(page: Page, name: str) -> str:
    found = TOKEN.search(page.one("article", aria_label=name).text)
    assert found, page.one("article", aria_label=name).words
    return found[0]


def links(world: World, person: Person) -> int:
    with world.app.app_context():
        return db.session.query(PasswordLink).filter_by(member_id=person.id).count()


def use(world: World, link: str) -> Page:
    browser = Browser(world.app)
    return browser.submit(browser.get(link), "", password=NEW, again=NEW)


def test_a_slip_leads_into_the_class_and_its_owner_counts_as_come_in(world: World, newcomer: Newcomer) -> None:
    nina = newcomer("Nina", phone="13900139000")
    olga = world.client_of(world.cast.olga)
    page = make(olga)
    assert page.status == 200
    assert page.headers["Cache-Control"] == "no-store"
    slip = page.one("article", aria_label="Nina")
    assert "Spring seminar" in slip.words
    assert "Later you sign in with 13900139000" in slip.words
    assert "until 1 Apr" in slip.words
    browser = Browser(world.app)
    link = link_on(page, "Nina")
    assert "Welcome, Nina" in browser.get(link).words
    done = browser.submit(browser.get(link), "", password=NEW, again=NEW)
    assert done.headers["Location"] == "/classes"
    assert browser.get("/classes").headers["Location"] == "/classes/spring"
    with world.app.app_context():
        assert db.session.get_one(Member, nina.id).first_signed_in_at == world.clock.now
    assert "Nina" not in olga.get(SLIPS).one("main").words
    assert Browser(world.app).sign_in("139 0013 9000", NEW).status == 302


def test_the_code_on_the_slip_is_drawn_without_styles(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina")
    page = make(world.client_of(world.cast.olga))
    drawing = page.one("article", aria_label="Nina").one("svg")
    assert drawing.all("path")
    assert "style=" not in page.source
    assert "<script>" not in page.source


def test_a_slip_is_good_for_thirty_days(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina")
    link = link_on(make(world.client_of(world.cast.olga)), "Nina")
    world.clock.advance(days=30, minutes=-1)
    assert Browser(world.app).get(link).status == 200
    world.clock.advance(minutes=2)
    assert Browser(world.app).get(link).status == 404


def test_slips_are_made_for_a_group_for_a_unit_or_for_one(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina", group="first", unit="City / East"), newcomer("Nils", group="second", unit="City / East")
    noor = newcomer("Noor", group="second", unit="City / West")
    olga = world.client_of(world.cast.olga)
    choices = {option.words: option["value"] for option in olga.get(SLIPS).all("option")}
    # Tina and Tom of the cast have a password and have not been in either.
    group, unit = choices["Second group (3)"], choices["East (3)"]
    assert {"Nils", "Noor"} <= set(names(make(olga, group))) <= {"Nils", "Noor", "Tom"}
    assert {"Nina", "Nils"} <= set(names(make_anew(olga, make(olga, unit)))) <= {"Nina", "Nils", "Tina"}
    assert names(make_anew(olga, make(olga, f"member-{noor.id}"))) == ["Noor"]


@pytest.mark.parametrize("whom", ["", "group-999", "unit-x", "everybody", "member-999"])
def test_slips_for_nobody_are_refused(world: World, newcomer: Newcomer, whom: str) -> None:
    newcomer("Nina")
    page = make(world.client_of(world.cast.olga), whom)
    assert page.status == 422
    assert page.refusal
    assert not TOKEN.search(page.source)


@pytest.mark.parametrize("name", ["tina", "ada", "ivan"])
def test_no_organiser_takes_over_an_account_with_a_password(world: World, name: str) -> None:
    person = getattr(world.cast, name)
    if name == "ada":
        enrol(world, person)
    olga = world.client_of(world.cast.olga)
    page = make(olga, f"member-{person.id}")
    assert page.status == 422
    assert person.name in page.refusal
    make(olga)
    assert links(world, person) == 0


def enrol(world: World, person: Person, slug: str = "spring", organises: bool = False) -> None:
    with world.inside():
        training_class = db.session.query(TrainingClass).filter_by(slug=slug).one()
        enrol_member(training_class, world.member(person), Role.TRAINEE, organises)


def test_an_administrator_without_password_is_not_for_taking_either(world: World, newcomer: Newcomer) -> None:
    nadia = newcomer("Nadia", is_administrator=True)
    for person in (world.cast.olga, world.cast.ada):
        page = make(world.client_of(person), f"member-{nadia.id}")
        assert page.status == 422
        make(world.client_of(person))
    assert links(world, nadia) == 0


def test_who_has_a_password_gets_a_slip_without_a_link(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina")
    slip = make(world.client_of(world.cast.olga)).one("article", aria_label="Tom")
    assert "You have an account already" in slip.words
    assert "/classes/spring" in slip.words
    assert not TOKEN.search(slip.text)


def test_who_is_in_another_class_too_is_reached_by_who_organises_both(world: World, newcomer: Newcomer) -> None:
    """Else an organiser could enrol anybody and walk into the other class in their name."""
    nina = newcomer("Nina", slug="autumn", organises=True)
    enrol(world, nina)
    olga = world.client_of(world.cast.olga)
    refused = make(olga, f"member-{nina.id}")
    assert refused.status == 422
    assert "Nina is in another class too" in refused.refusal
    page = make(olga)
    assert "Nina" not in names(page)
    assert "No slip for Nina" in page.words
    assert links(world, nina) == 0
    assert "Nina" in names(make(world.client_of(world.cast.ada)))
    enrol(world, world.cast.olga, "autumn", organises=True)
    assert "Nina" in names(make_anew(olga, make(olga)))


def test_an_administrator_makes_a_link_for_somebody_who_forgot_the_password(world: World) -> None:
    page = make(world.client_of(world.cast.ada), f"member-{world.cast.tina.id}")
    assert use(world, link_on(page, "Tina")).status == 302


def test_who_has_been_in_is_not_among_everybody(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina")
    olga = world.client_of(world.cast.olga)
    assert Browser(world.app).sign_in(world.cast.tina.email).status == 302
    page = olga.get(SLIPS)
    assert "Tina" not in page.one("main").words
    assert "Tina" not in names(make(olga))


def test_the_file_holds_the_links_just_made_and_no_formula(world: World, newcomer: Newcomer) -> None:
    newcomer("=1+1", phone="13900139000", unit="City / East")
    olga = world.client_of(world.cast.olga)
    page = make(olga)
    file = olga.submit(page, "/slips/file")
    assert file.headers["Content-Disposition"] == 'attachment; filename="slips-spring.csv"'
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.source.startswith("\ufeff")
    rows = {row["Name"]: row for row in csv.DictReader(io.StringIO(file.source[1:], newline=""))}
    assert rows["'=1+1"]["Unit"] == "City / East"
    assert rows["'=1+1"]["Phone"] == "13900139000"
    assert rows["'=1+1"]["Link"].endswith(link_on(page, "=1+1"))
    assert rows["Tom"]["Link"].endswith("/classes/spring")
    # Making the file makes no new links.
    assert Browser(world.app).get(link_on(page, "=1+1")).status == 200


def test_the_file_gives_away_nobody_of_another_class(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina")
    nora = newcomer("Nora", slug="autumn", phone="13700137000")
    theirs = make(world.client_of(world.cast.ada), where="/classes/autumn/slips")
    token = link_on(theirs, "Nora").removeprefix("/password/")
    olga = world.client_of(world.cast.olga)
    file = olga.submit(make(olga), "/slips/file", tokens=f"{token} guess", accounts=f"{nora.id} x {world.cast.tom.id}")
    assert "13700137000" not in file.source
    assert "Nora" not in file.source
    assert "Tom" in file.source


@pytest.mark.parametrize(("name", "status"), [("tina", 403), ("ivan", 403), ("omar", 403), ("stella", 404)])
def test_slips_are_the_organisers_matter(world: World, name: str, status: int) -> None:
    browser = world.client_of(getattr(world.cast, name))
    assert browser.get(SLIPS).status == status
    assert browser.post(SLIPS, whom="all").status == status
    assert browser.post(f"{SLIPS}/file", tokens="guess").status == status
    with world.app.app_context():
        assert db.session.query(PasswordLink).count() == 0


def test_the_slips_of_many_take_as_many_statements_as_those_of_few(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina")
    olga = world.client_of(world.cast.olga)
    page = olga.get(SLIPS)
    with statements() as few:
        olga.submit(page, SLIPS, whom="all")
    for number in range(30):
        newcomer(f"Person {number}", unit=f"City / Unit {number}")
    page = olga.get(SLIPS)
    with statements() as asking:
        asked = olga.submit(page, SLIPS, whom="all")
    with statements() as many:
        assert len(names(make_anew(olga, asked))) > 30
    assert len(asking) < len(few)
    assert len(many) == len(few)


@pytest.mark.one_database
def test_the_page_says_how_many_came_in_and_finds_the_others(world: World, newcomer: Newcomer) -> None:
    newcomer("张伟", group="first", unit="City / East"), newcomer("Nils", unit="City / West")
    olga = world.client_of(world.cast.olga)
    with world.app.app_context():
        signed_in = db.session.query(Member).filter(Member.first_signed_in_at.is_not(None)).count()
    page = olga.get(SLIPS)
    assert f"{signed_in} of 7 people have signed in" in page.words
    assert page.one("nav", aria_label="Organise the class").one("a", aria_current="page").words == "First sign-in"
    found = olga.get(f"{SLIPS}?q=zhangw").one("section", aria_labelledby="waiting")
    assert "张伟" in found.words
    assert "Nils" not in found.words
    assert "1 person found" in found.words
    assert "Nobody found" in olga.get(f"{SLIPS}?q=qqq").words
    by_unit = [heading.words for heading in olga.get(f"{SLIPS}?by=unit").all("h3")]
    assert by_unit[-1].startswith("No unit")
    assert any(heading.startswith("East") for heading in by_unit)


@pytest.mark.one_database
def test_the_invitation_says_where_and_whom_to_ask(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    text = olga.get(SLIPS).one("textarea").text
    assert "“Spring seminar”, 2 Mar to 13 Mar" in text
    assert "/classes/spring\n" in text
    assert text.endswith("Ask Olga.")


@pytest.mark.one_database
def test_more_slips_than_a_page_bears_are_refused(
    world: World, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    nina = newcomer("Nina")
    monkeypatch.setattr(slips, "MOST_SLIPS", 1)
    olga = world.client_of(world.cast.olga)
    assert make(olga).status == 422
    assert links(world, nina) == 0
    assert names(make(olga, f"member-{nina.id}")) == ["Nina"]


@pytest.mark.one_database
def test_pages_slips_and_file_exist_in_chinese(world: World, newcomer: Newcomer) -> None:
    newcomer("张伟")
    olga = world.client_of(world.cast.olga)
    olga.submit(olga.get("/"), "/language", language="zh")
    page = olga.get(SLIPS)
    assert page.one("html")["lang"] == "zh-CN"
    assert "3月2日" in page.one("textarea").text
    made = make(olga)
    assert "4月1日" in made.one("article", aria_label="张伟").words
    assert "张伟" in olga.submit(made, "/slips/file").source

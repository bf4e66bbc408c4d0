"""The one-time link with which a password is set."""

import pytest

from forum import clock
from forum.errors import Refused
from forum.members import operations, queries
from forum.members.models import Member
from tests.cast import PASSWORD, Browser, Person, World

pytestmark = pytest.mark.one_database

NEW = "a brand new password"


def link_for(world: World, person: Person) -> str:
    with world.inside():
        return f"/password/{operations.issue_password_link(world.member(person))}"


def set_password(browser: Browser, link: str, password: str = NEW, again: str | None = None) -> int:
    page = browser.submit(browser.get(link), "", password=password, again=password if again is None else again)
    return page.status


def test_a_link_sets_the_password_and_signs_in(browser: Browser, world: World) -> None:
    link = link_for(world, world.cast.tina)
    assert "Welcome, Tina" in browser.get(link).words
    assert set_password(browser, link) == 302
    assert "Tina" in browser.get("/").words
    assert Browser(world.app).sign_in(world.cast.tina.email, NEW).status == 302
    assert Browser(world.app).sign_in(world.cast.tina.email, PASSWORD).status == 422


def test_a_link_works_once(browser: Browser, world: World) -> None:
    link = link_for(world, world.cast.tina)
    set_password(browser, link)
    page = Browser(world.app).get(link)
    assert page.status == 404
    assert "This link no longer works" in page.words


def test_looking_at_the_page_does_not_use_the_link_up(browser: Browser, world: World) -> None:
    """Mail scanners open every link."""
    link = link_for(world, world.cast.tina)
    assert [browser.get(link).status for _ in range(3)] == [200, 200, 200]
    assert set_password(browser, link) == 302


def test_a_link_lasts_fourteen_days(browser: Browser, world: World) -> None:
    link = link_for(world, world.cast.tina)
    world.clock.advance(days=13, hours=23)
    assert browser.get(link).status == 200
    world.clock.advance(hours=1)
    assert browser.get(link).status == 404


def test_a_link_that_runs_out_while_the_page_is_open_sets_nothing(browser: Browser, world: World) -> None:
    link = link_for(world, world.cast.tina)
    page = browser.get(link)
    world.clock.advance(days=15)
    assert browser.submit(page, "", to=link, password=NEW, again=NEW).status == 404
    assert Browser(world.app).sign_in(world.cast.tina.email).status == 302


def test_a_new_link_replaces_the_one_before_but_nobody_elses(browser: Browser, world: World) -> None:
    first, toms = link_for(world, world.cast.tina), link_for(world, world.cast.tom)
    second = link_for(world, world.cast.tina)
    assert [browser.get(link).status for link in (first, second, toms)] == [404, 200, 200]


def test_of_two_who_use_a_link_at_once_one_is_refused(world: World) -> None:
    link = link_for(world, world.cast.tina)
    with world.app.app_context():
        token = link.rsplit("/", 1)[1]
        seen = queries.password_link(token, clock.now())
        assert seen is not None
        operations.use_password_link(seen, operations.hash_password(NEW))
        with pytest.raises(Refused):
            operations.use_password_link(seen, operations.hash_password("another password"))


def test_a_link_that_never_was_is_not_there(browser: Browser) -> None:
    assert browser.get("/password/guess").status == 404


def test_only_the_hash_of_the_token_is_kept(world: World) -> None:
    from forum.db import db
    from forum.members.models import PasswordLink

    link = link_for(world, world.cast.tina)
    with world.app.app_context():
        kept = db.session.query(PasswordLink).one().token_hash
    assert kept not in link
    assert link.rsplit("/", 1)[1] not in kept


def test_a_new_password_signs_out_everywhere_else(browser: Browser, world: World) -> None:
    elsewhere = world.client_of(world.cast.tina)
    remembered = Browser(world.app)
    remembered.sign_in(world.cast.tina.email, remember="y")
    set_password(browser, link_for(world, world.cast.tina))
    assert elsewhere.get("/").status == 302
    assert remembered.get("/").status == 302
    assert browser.get("/").status == 200


@pytest.mark.parametrize(
    ("password", "again", "complaint"),
    [
        ("short", "short", "at least 8 characters"),
        (NEW, "another one", "The two passwords differ"),
        ("", "", "Please choose a password"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_usable(
    browser: Browser, world: World, password: str, again: str, complaint: str
) -> None:
    link = link_for(world, world.cast.tina)
    page = browser.submit(browser.get(link), "", password=password, again=again)
    assert page.status == 422
    assert complaint in page.words
    assert set_password(browser, link) == 302


def test_a_password_is_kept_at_the_cost_that_owasp_asks_for(world: World) -> None:
    with world.inside():
        member = world.member(world.cast.tina)
        operations.set_password(member, operations.hash_password(NEW))
        assert isinstance(member, Member)
        assert (member.password_hash or "").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def nobody_s_link(world: World) -> str:
    """Of somebody on a roster without phone and address."""
    with world.inside():
        return f"/password/{operations.issue_password_link(operations.add_member('Nina'))}"


@pytest.mark.parametrize(
    ("login", "later"), [("139 0000 0001", "13900000001"), (" Nina@Example.org", "nina@example.org")]
)
def test_who_has_nothing_to_sign_in_with_says_it_with_the_first_password(
    browser: Browser, world: World, login: str, later: str
) -> None:
    link = nobody_s_link(world)
    answer = browser.submit(browser.get(link), "", password=NEW, again=NEW, login=login)
    assert answer.status == 302
    assert Browser(world.app).sign_in(later, NEW).status == 302


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("", "enter a phone number or an e-mail address"),
        ("Nina", "enter a phone number or an e-mail address"),
        ("nina@", "enter a phone number or an e-mail address"),
        ("tina@example.org", "Another account has tina@example.org already"),
        ("TINA@example.org ", "Another account has tina@example.org already"),
    ],
)
def test_what_nobody_could_sign_in_with_is_refused_and_the_link_still_works(
    browser: Browser, world: World, login: str, words: str
) -> None:
    link = nobody_s_link(world)
    page = browser.submit(browser.get(link), "", password=NEW, again=NEW, login=login)
    assert page.status == 422
    assert words in page.one(id="login-errors").words
    assert page.form("").fields["login"] == login
    assert browser.submit(browser.get(link), "", password=NEW, again=NEW, login="nina@example.org").status == 302


def test_who_has_an_address_is_not_asked_and_cannot_slip_another_in(browser: Browser, world: World) -> None:
    link = link_for(world, world.cast.tina)
    page = browser.get(link)
    assert not page.all("input", name="login")
    assert browser.submit(page, "", password=NEW, again=NEW, login="other@example.org").status == 302
    assert Browser(world.app).sign_in("other@example.org", NEW).status == 422

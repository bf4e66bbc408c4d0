"""Who forgot the password has a link sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from forum.db import db
from forum.jobs import send_password_link
from forum.members import operations
from forum.members.models import PasswordLink
from tests.cast import Browser, World
from tests.inbox.post_office import PostOffice
from tests.pages import Page
from tests.test_limits import allow

pytestmark = pytest.mark.one_database

NEW = "four quiet lamps"


@pytest.fixture
def post_office(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    office = PostOffice()
    settings = replace(world.app.extensions["settings"], mail_url=office.open(), mail_from="forum@example.org")
    monkeypatch.setitem(world.app.extensions, "settings", settings)
    yield office
    office.close()


def ask(world: World, login: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Page, list[tuple[str, int]]]:
    """The answer, and what a worker is asked for."""
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(world.app.extensions["jobs"], "enqueue", lambda name, *ids: asked.append((name, *ids)))
    browser = Browser(world.app)
    return browser.submit(browser.get("/password"), "", login=login, to="/password"), asked


def test_who_forgot_the_password_gets_a_link_by_mail(
    world: World, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.inside():
        slip = operations.issue_password_link(world.member(world.cast.tina))
    assert Browser(world.app).get("/sign-in").one("a", href="/password")
    answer, asked = ask(world, "138 0013 8000", monkeypatch)
    assert asked == [("send_password_link", world.cast.tina.id)]
    with world.inside():
        send_password_link(world.cast.tina.id)
    letter = post_office.letters[0]
    assert letter["To"] == "Tina <tina@example.org>"
    link = next(line for line in letter.get_content().split() if "/password/" in line).removeprefix("http://localhost")
    assert Browser(world.app).get(f"/password/{slip}").status == 200, "whoever asks voids nobody's slip"
    browser = Browser(world.app)
    assert browser.submit(browser.get(link), "", password=NEW, again=NEW).status == 302
    assert Browser(world.app).get(f"/password/{slip}").status == 404, "but the password that was set does"
    nobody, asked = ask(world, "nobody@example.org", monkeypatch)
    assert (nobody.words, nobody.status) == (answer.words, answer.status)
    assert asked == [("send_password_link", 0)]


def test_a_mailed_link_lasts_an_hour_and_nobody_is_flooded(
    world: World, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [ask(world, world.cast.tina.email, monkeypatch) for _ in range(4)]
    assert [len(asked) for _page, asked in answers] == [1, 1, 1, 0]
    assert answers[0][0].words == answers[3][0].words
    with world.inside():
        for nobody in (0, 999_999):
            send_password_link(nobody)
        send_password_link(world.cast.tina.id)
        made = db.session.query(PasswordLink).one()
        assert (made.expires_at - world.clock.now).total_seconds() == 3600
    assert len(post_office.letters) == 1
    allow(world.app, monkeypatch, address_failures="1/minute")
    assert [ask(world, f"{step}@example.org", monkeypatch)[0].status for step in range(2)] == [200, 429]


def test_without_mail_there_is_no_such_page(world: World) -> None:
    browser = Browser(world.app)
    assert browser.get("/password").status == 404
    assert not browser.get("/sign-in").all("a", href="/password")

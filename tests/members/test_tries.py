"""Guessing passwords, and shutting others out by guessing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import PASSWORD, Browser, World
from tests.pages import Page
from tests.test_limits import allow

pytestmark = pytest.mark.one_database

HERE, THERE = "10.0.0.1", "203.0.113.9"


def attempt(browser: Browser, login: str, password: str, address: str = HERE, **options: Any) -> Page:
    fields = browser.get("/sign-in").form("/sign-in").fields | {"email": login, "password": password}
    sent = browser.client.post("/sign-in", data=fields, environ_base={"REMOTE_ADDR": address}, **options)
    return Page(sent)


def guess(world: World, login: str, address: str, times: int) -> list[int]:
    browser = Browser(world.app)
    return [attempt(browser, login, f"guess {step}", address).status for step in range(times)]


@pytest.mark.parametrize("login", ["tina@example.org", "nobody@example.org", "13800138000"])
def test_after_ten_failures_the_eleventh_waits_whether_or_not_there_is_such_an_account(
    world: World, login: str
) -> None:
    assert guess(world, login, THERE, 11) == [422] * 10 + [429]
    page = attempt(Browser(world.app), login, PASSWORD, THERE)
    assert page.status == 429, "the right password is not told from a wrong one"
    assert 0 < int(page.headers["Retry-After"]) <= 900
    assert "You can try again in" in page.refusal
    assert page.form("/sign-in").fields["email"] == login
    assert PASSWORD not in page.source


def test_writing_the_login_in_another_way_is_no_new_account(world: World) -> None:
    assert guess(world, "tina@example.org", THERE, 10) == [422] * 10
    assert guess(world, " TINA@example.org", THERE, 1) == [429]


def test_a_stranger_shuts_nobody_out(world: World) -> None:
    guess(world, world.cast.tina.email, THERE, 12)
    assert attempt(Browser(world.app), world.cast.tina.email, PASSWORD, HERE).status == 302


def test_nor_does_a_neighbour_behind_the_same_address_where_one_has_signed_in_before(world: World) -> None:
    known, new = Browser(world.app), Browser(world.app)
    assert attempt(known, world.cast.tina.email, PASSWORD).status == 302
    known.submit(known.get("/"), "/sign-out")
    guess(world, world.cast.tina.email, HERE, 12)
    assert attempt(new, world.cast.tina.email, PASSWORD).status == 429
    assert attempt(known, world.cast.tina.email, PASSWORD).status == 302


def test_a_device_is_known_to_its_own_accounts_only_and_cannot_be_made_up(world: World) -> None:
    toms = Browser(world.app)
    assert attempt(toms, world.cast.tom.email, PASSWORD).status == 302
    toms.submit(toms.get("/"), "/sign-out")
    cookie = toms.client.get_cookie("device")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    guess(world, world.cast.tina.email, HERE, 12)
    assert attempt(toms, world.cast.tina.email, PASSWORD).status == 429
    for value in ("", "x", cookie.value[:-2] + "xx", "W10.x"):
        toms.client.set_cookie("device", value)
        assert attempt(toms, world.cast.tina.email, PASSWORD).status == 429


def test_a_known_device_may_guess_no_more_often_than_others(world: World) -> None:
    stolen = Browser(world.app)
    attempt(stolen, world.cast.tina.email, PASSWORD)
    stolen.submit(stolen.get("/"), "/sign-out")
    statuses = [attempt(stolen, world.cast.tina.email, "guess", f"192.0.2.{step}").status for step in range(11)]
    assert statuses == [422] * 10 + [429]


def test_an_account_that_is_guessed_at_from_everywhere_has_one_try_left_for_each_address(world: World) -> None:
    for office in range(5):
        guess(world, world.cast.tina.email, f"198.51.100.{office}", 10)
    assert guess(world, world.cast.tina.email, THERE, 2) == [422, 429]
    assert attempt(Browser(world.app), world.cast.tina.email, PASSWORD, HERE).status == 302
    assert attempt(Browser(world.app), world.cast.tina.email, PASSWORD, HERE).status == 302, "a success counts nothing"


def test_from_one_address_passwords_are_not_tried_at_every_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(world.app, monkeypatch, address_failures="20/5 minutes")
    browser = Browser(world.app)
    statuses = [attempt(browser, f"{step}@example.org", "123456", THERE).status for step in range(21)]
    assert statuses == [422] * 20 + [429]
    assert attempt(browser, world.cast.tina.email, PASSWORD, HERE).status == 302


def test_an_office_of_a_hundred_and_twenty_signs_in_from_one_address_with_slips_of_the_finger(world: World) -> None:
    from forum.members.models import Member
    from tests.cast import PASSWORD_HASH, add_person

    with world.inside():
        people = [add_person(f"Person{step}") for step in range(120)]
        assert all(isinstance(one, Member) and one.password_hash == PASSWORD_HASH for one in people)
    for step in range(120):
        browser = Browser(world.app)
        if step % 2:
            assert attempt(browser, f"person{step}@example.org", "mistyped").status == 422
        assert attempt(browser, f"person{step}@example.org", PASSWORD).status == 302


def test_the_text_that_came_along_waits_too(world: World) -> None:
    discussion_id = world.discussion()
    guess(world, world.cast.tina.email, "127.0.0.1", 10)
    browser = Browser(world.app)
    path = f"/discussions/{discussion_id}/posts"
    door = Page(browser.client.post(path, data={"csrf_token": browser.csrf_token(), "body": "My words", "token": "t"}))
    page = browser.submit(door, "/sign-in", email=world.cast.tina.email, password=PASSWORD)
    assert page.status == 429
    assert page.form("/sign-in").fields["kept-body"] == "My words"

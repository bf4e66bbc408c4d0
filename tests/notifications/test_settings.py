"""What a member wants to be told, and when by mail."""

from dataclasses import replace

import pytest

from forum.notifications.models import Kind
from forum.notifications.queries import muted_kinds, setting_of
from tests.cast import Browser, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

SETTINGS = "/notifications/settings"


def ticked(page: Page) -> set[str]:
    return {box["name"] for box in page.all("input", type="checkbox") if "checked" in box.attributes}


def hour(page: Page) -> str:
    return next(option["value"] for option in page.one("select", name="mail_hour").all("option", selected=""))


def test_who_has_chosen_nothing_is_told_everything_and_gets_mail_at_eight(tina: Browser) -> None:
    page = tina.get(SETTINGS)
    assert ticked(page) == {kind.value for kind in Kind}
    assert hour(page) == "8"
    assert page.one("input", name="timezone")["value"] == "Asia/Shanghai"


def test_what_is_chosen_is_kept(world: World, tina: Browser) -> None:
    chosen = {"reply": "y", "reminder": "y", "mail_hour": "21", "timezone": "berlin"}
    page = tina.submit(tina.get(SETTINGS), SETTINGS, follow=True, **chosen)
    assert "You will be told as you have chosen." in page.words
    assert (ticked(page), hour(page)) == ({"reply", "reminder"}, "21")
    assert page.one("input", name="timezone")["value"] == "Europe/Berlin"
    page = tina.submit(page, SETTINGS, follow=True, comment="y", mail_hour="never")
    assert (ticked(page), hour(page)) == ({"comment"}, "never")
    with world.app.app_context():
        tom = world.member(world.cast.tom)
        assert (muted_kinds(tom), setting_of(tom)) == (set(), None), "nobody else is concerned"


@pytest.mark.parametrize("wrong", [{"timezone": "Nowhere"}, {"timezone": ""}, {"mail_hour": "24"}, {"mail_hour": "x"}])
def test_what_cannot_be_is_refused_and_comes_back(world: World, tina: Browser, wrong: dict[str, str]) -> None:
    page = tina.submit(tina.get(SETTINGS), SETTINGS, **({"reply": "y", "mail_hour": "7"} | wrong))
    assert page.status == 422
    assert page.refusal
    assert ticked(page) == {"reply"}
    with world.app.app_context():
        assert setting_of(world.member(world.cast.tina)) is None


def test_it_says_where_no_mail_can_come(world: World, tina: Browser) -> None:
    assert "whoever runs it has set no mail server" in tina.get(SETTINGS).words
    kept = world.app.extensions["settings"]
    world.app.extensions["settings"] = replace(kept, mail_url="smtp://127.0.0.1")
    try:
        assert "mail server" not in tina.get(SETTINGS).words
    finally:
        world.app.extensions["settings"] = kept


def test_the_account_s_menu_leads_there(tina: Browser) -> None:
    assert SETTINGS in [link["href"] for link in tina.get("/").one("details", class_="menu").all("a")]

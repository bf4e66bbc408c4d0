"""What administrators change on the page of the settings: in force at once, recorded, taken back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from forum.audit.models import AuditEntry, Verb
from forum.db import db
from forum.settings.queries import changed_texts
from tests.cast import Browser, World
from tests.pages import Page

PAGE = "/admin/settings"


@pytest.fixture
def ada(world: World) -> Browser:
    return world.client_of(world.cast.ada)


@pytest.fixture(autouse=True)
def fixed(world: World) -> Iterator[Any]:
    """`fixed("post_limit")`: as if the environment had said these; it says the language."""
    renewal = world.app.extensions["renewal"]
    started = renewal._started

    def fix(*names: str, **said: str) -> None:
        renewal._started = replace(started, fixed=frozenset(names), **said)
        with world.app.app_context():
            renewal.look()

    fix("default_locale")
    yield fix
    renewal._started = started


def filled(page: Page) -> MultiDict[str, str]:
    """What a browser would send: of a limit the number, then the time."""
    form = page.form(PAGE).element
    typed = [(one["name"], one.get("value")) for one in form.all("input")]
    for select in form.all("select"):
        chosen = [one["value"] for one in select.all("option") if "selected" in one.attributes]
        typed.append((select["name"], chosen[0] if chosen else select.all("option")[0]["value"]))
    return MultiDict(typed)


def save(browser: Browser, page: Page | None = None, **said: Any) -> Page:
    """Fills in some of the page's lines; of a limit both parts."""
    sent = filled(page or browser.get(PAGE))
    for name, value in said.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return Page(browser.client.post(PAGE, data=sent))


def kept(world: World) -> dict[str, str]:
    with world.app.app_context():
        return changed_texts()


def recorded(world: World) -> list[tuple[int | None, dict[str, Any]]]:
    with world.app.app_context():
        rows = db.session.query(AuditEntry).filter_by(verb=Verb.SETTINGS_CHANGED).order_by(AuditEntry.id)
        return [(row.actor_id, row.details) for row in rows]


def test_a_page_saved_as_it_is_shown_changes_nothing(world: World, ada: Browser) -> None:
    assert save(ada).status == 303
    assert (kept(world), recorded(world)) == ({}, [])


def test_a_limit_holds_from_now_on_and_is_taken_back(world: World, ada: Browser, tina: Browser) -> None:
    assert save(ada, search_limit=["2", "hour"]).status == 303
    assert [tina.get("/search?q=word").status for _time in range(3)] == [200, 200, 429]
    assert kept(world)["search_limit"] == "2/hour"
    page = ada.get(PAGE)
    assert filled(page).getlist("search_limit") == ["2", "hour"]
    assert save(ada, page, search_limit=["", "hour"]).status == 303
    assert tina.get("/search?q=word").status == 200
    assert "search_limit" not in kept(world)
    actor = world.cast.ada.id
    assert recorded(world) == [
        (actor, {"search_limit": "2/hour"}),
        (actor, {"search_limit": ""}),
    ]
    assert "Settings changed" in ada.get("/admin/audit").words


def test_language_and_zone_are_those_of_whoever_comes_next(
    world: World, ada: Browser, browser: Browser, fixed: Any
) -> None:
    fixed(default_locale="zh")
    assert browser.get("/sign-in").one("html")["lang"].startswith("zh")
    assert save(ada, default_locale="en", default_timezone="berlin").status == 303
    assert browser.get("/sign-in").one("html")["lang"] == "en"
    assert ada.get("/classes/new").one(id="timezone")["value"] == "Europe/Berlin"
    assert kept(world) == {"default_locale": "en", "default_timezone": "Europe/Berlin"}


def test_files_may_be_larger_or_smaller(world: World, ada: Browser) -> None:
    discussion_id = world.discussion()
    assert save(ada, upload_mb="30", upload_post_mb="30", upload_day_mb="30").status == 303
    assert "30 MB" in world.client_of(world.cast.tina).discussion(discussion_id).words


WRONG = {
    "search_limit": (["many", "hour"], "whole number from 1 to 100,000"),
    "api_limit": (["0", "hour"], "whole number from 1 to 100,000"),
    "post_limit": (["9", "year"], "choose one of the list"),
    "upload_mb": ("1001", "whole number from 1 to 1,000"),
    "upload_post_mb": ("10", "One file may have 20 MB"),
    "upload_day_mb": ("49", "The files of one post may have 50 MB"),
    "default_timezone": ("Atlantis", "no such time zone"),
    "default_locale": ("tlh", "choose one of the list"),
    "draft_days": ("29", "whole number from 30 to 9,999"),
    "backup_hour": ("24", "whole number from 0 to 23"),
    "slow_query_ms": ("²", "whole number from 1 to 99,999"),
}


@pytest.mark.one_database
@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_said_at_its_line_and_all_that_was_typed_stays(
    world: World, ada: Browser, name: str, fixed: Any
) -> None:
    fixed(default_locale="en")
    typed, words = WRONG[name]
    page = save(ada, **{"takeaway_limit": ["7", "day"], name: typed})
    assert page.status == 422
    assert words in page.one(id=f"{name}-errors").words
    assert len(page.form(PAGE).element.all(class_="refusal")) == 2, "this line, and the note above"
    again = filled(page)
    assert again.getlist("takeaway_limit") == ["7", "day"]
    if name not in ("default_locale", "post_limit"):
        assert again.getlist(name)[0] == (typed[0] if isinstance(typed, list) else typed)
    assert kept(world) == {}
    assert world.app.extensions["settings"].takeaway_limit == "20/hour"


@pytest.mark.one_database
def test_it_is_said_in_chinese_too(ada: Browser) -> None:
    ada.submit(ada.get("/"), "/language", language="zh")
    page = save(ada, upload_mb="x")
    assert page.one("h1").words == "设置"
    assert "请填写 1 到 1,000 之间的整数。" in page.one(id="upload_mb-errors").words


def test_what_the_environment_says_has_no_line_and_cannot_be_sent(world: World, ada: Browser, fixed: Any) -> None:
    assert save(ada, search_limit=["2", "hour"], draft_days="40").status == 303
    fixed("default_locale", "search_limit", "upload_mb")
    page = ada.get(PAGE)
    assert "fixed by FORUM_SEARCH_LIMIT in the environment" in page.words
    assert "search_limit" not in filled(page)
    assert world.app.extensions["settings"].search_limit == "60/minute"
    assert save(ada, page, search_limit=["3", "hour"], upload_post_mb="19").status == 422
    assert save(ada, page, search_limit=["3", "hour"], draft_days="50").status == 303
    assert kept(world) == {"search_limit": "2/hour", "draft_days": "50"}


def test_who_saves_second_sees_it_first(world: World, ada: Browser) -> None:
    first, second = ada.get(PAGE), ada.get(PAGE)
    assert save(ada, first, draft_days="40").status == 303
    refused = save(ada, second, backup_hour="5")
    assert refused.status == 422
    assert "Somebody has changed this meanwhile." in refused.refusal
    assert filled(refused)["backup_hour"] == "5"
    assert save(ada, refused).status == 303
    assert kept(world) == {"backup_hour": "5"}


def test_nobody_else_changes_anything(world: World, ada: Browser) -> None:
    sent = filled(ada.get(PAGE))
    for name in ("olga", "ivan", "tina", "stella"):
        browser = world.client_of(getattr(world.cast, name))
        sent["csrf_token"] = browser.csrf_token()
        assert browser.client.post(PAGE, data=sent).status_code == 404, name
    assert kept(world) == {}

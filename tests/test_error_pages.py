"""What went wrong, in words and in both languages, and the ways on from there."""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException, TooManyRequests, default_exceptions

from forum.error_views import _EXPLANATIONS, error_page, throttled_page
from tests.cast import NOW, Browser, World
from tests.pages import Page

pytestmark = pytest.mark.one_database


def answered(app: Flask, error: Exception, path: str = "/x", **request: object) -> tuple[str, int, dict[str, str]]:
    with app.test_request_context(path, **request):  # type: ignore[arg-type]
        if isinstance(error, TooManyRequests):
            return throttled_page(error)
        page, code = error_page(error)  # type: ignore[misc]
        return page, code, {}


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 422, 429, 500, 503])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_error_has_a_page_that_says_what_to_do(app: Flask, code: int, language: str) -> None:
    error: Exception = default_exceptions[code]()
    html, status, _ = answered(app, error, headers={"Accept-Language": language})
    assert status == code
    title, explanation, next_step = _EXPLANATIONS[code]
    assert html.count("<h1>") == 1
    if language == "en":
        for sentence in (title, explanation, next_step):
            assert str(sentence) in html.replace("&#39;", "'")
    assert "/sign-in" in html


def test_what_has_no_page_of_its_own_is_explained_as_its_kind(app: Flask) -> None:
    for code, like in ((418, 400), (501, 500)):
        html, status, _ = answered(app, type("Other", (HTTPException,), {"code": code})())
        assert status == code
        assert str(_EXPLANATIONS[like][0]) in html


@pytest.mark.parametrize(
    ("later", "words", "header"),
    [(90, "You can try again in 2 min.", "90"), (5, "You can try again in 1 min.", "5"),
     (timedelta(minutes=20), "You can try again in 20 min.", "1200")],
)  # fmt: skip
def test_too_many_tries_say_how_long_to_wait(app: Flask, later: int | timedelta, words: str, header: str) -> None:
    when = NOW + later if isinstance(later, timedelta) else later
    html, status, headers = answered(app, TooManyRequests(retry_after=when))
    assert status == 429
    assert words in html
    assert headers == {"Retry-After": header}


def test_too_many_tries_without_a_time_just_ask_to_wait(app: Flask) -> None:
    html, _, headers = answered(app, TooManyRequests())
    assert "try again in" not in html
    assert headers == {}


def ways(page: Page) -> list[tuple[str, str]]:
    return [(link["href"], link.words) for link in page.one("p", class_="ways").all("a")]


def test_who_is_signed_in_is_led_to_their_classes_and_back(world: World) -> None:
    tina = world.client_of(world.cast.tina)
    assert ways(tina.get("/nowhere")) == [("/", "To your classes")]
    came = tina.get("/nowhere", headers={"Referer": "http://localhost/classes/spring?x=1"})
    assert ways(came)[1] == ("/classes/spring?x=1", "Back to where you came from")
    forbidden = tina.get("/classes/spring/figures", headers={"Referer": "http://localhost/classes/spring"})
    assert forbidden.status == 403
    assert ways(forbidden)[1][0] == "/classes/spring"


def test_who_is_not_signed_in_is_led_to_the_door(browser: Browser) -> None:
    assert ways(browser.get("/nowhere")) == [("/sign-in", "Sign in")]


@pytest.mark.parametrize(
    "referrer",
    ["https://elsewhere.example/x", "http://localhost//elsewhere.example", "http://[", "", "javascript:alert(1)",
     "http://localhost/nowhere"],
)  # fmt: skip
def test_no_way_back_leads_elsewhere_or_in_a_circle(browser: Browser, referrer: str) -> None:
    assert len(ways(browser.get("/nowhere", headers={"Referer": referrer}))) == 1


def test_a_form_that_went_wrong_is_not_reloaded_over_what_was_typed(app: Flask) -> None:
    request = {"method": "POST", "headers": {"Referer": "http://localhost/classes/spring"}}
    assert "Back to where" not in answered(app, default_exceptions[413](), **request)[0]
    assert "Back to where" in answered(app, default_exceptions[403](), **request)[0]

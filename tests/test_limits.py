"""What every answer carries, and how often somebody may do a thing."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from forum import create_app
from forum.members.operations import sign_out_everywhere
from forum.security_headers import SECRETS_IN_ADDRESSES
from tests.cast import Browser, World
from tests.databases import settings_for
from tests.pages import Page
from tests.realtime.process import CHECKOUT

pytestmark = pytest.mark.one_database

HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def allow(app: Flask, monkeypatch: pytest.MonkeyPatch, **limits: str) -> None:
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, **limits))


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nowhere", "/static/img/favicon.svg", "/api/v1/me", "/health"])
def test_every_answer_says_what_a_browser_must_not_do_with_it(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_a_page_whose_address_is_a_way_in_gives_it_to_nothing_that_it_loads(browser: Browser) -> None:
    """Also where nobody is let in, and at the door on the way there."""
    for path in ("/password/x", "/notifications/unsubscribe/x", "/check-in/x", "/sign-in?next=/check-in/x"):
        assert browser.get(path).headers["Referrer-Policy"] == "strict-origin"


def test_every_way_in_is_known_by_the_name_of_its_argument(app: Flask) -> None:
    """Its log is kept clean by nginx, which knows the same addresses."""
    ways = {rule.rule for rule in app.url_map.iter_rules() if rule.arguments & SECRETS_IN_ADDRESSES}
    assert ways == {"/password/<token>", "/notifications/unsubscribe/<token>", "/check-in/<code>"}
    for file in ("nginx.conf", "Caddyfile"):
        text = (CHECKOUT / "deploy" / file).read_text()
        assert all(re.search(rf"[/(|]{way.split('/<')[0][1:]}[/)|]", text) for way in ways)


def test_behind_https_a_form_is_taken_by_its_origin_alone(tmp_path: Path) -> None:
    """Which is all that a page with such an address says of itself."""
    app = create_app(settings_for(f"sqlite:///{tmp_path}/x", tmp_path, base_url="https://forum.example.org"))
    client = app.test_client()
    page = Page(client.get("/sign-in", base_url="https://forum.example.org"))
    form = {"csrf_token": page.form("/language").fields["csrf_token"], "language": "en"}
    for referrer, status in (("https://forum.example.org/", 302), ("https://other.example.org/", 401)):
        headers = {"Referer": referrer}
        answer = client.post("/language", data=form, headers=headers, base_url="https://forum.example.org")
        assert answer.status_code == status


def test_behind_https_browsers_stay_there_and_cookies_are_of_this_host_alone(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path}/x", tmp_path, base_url="https://forum.example.org"))
    answer = app.test_client().get("/sign-in", base_url="https://forum.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert app.config["REMEMBER_COOKIE_NAME"] == "__Host-remember_token"


@pytest.mark.parametrize(("language", "words"), [("en", "You can try again in 1 min."), ("zh", "分钟后")])
def test_who_posts_too_often_has_the_text_back_with_a_button_and_others_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    allow(world.app, monkeypatch, post_limit="2/minute")
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    tina.post("/language", language=language)
    answers = [tina.publish(discussion_id, f"Thought {step}") for step in range(3)]
    assert [answer.status for answer in answers] == [303, 303, 429]
    page = answers[-1]
    assert page.headers["Retry-After"]
    assert words in page.words
    assert page.form(f"/discussions/{discussion_id}/posts").fields["body"] == "Thought 2"
    assert world.client_of(world.cast.tom).publish(discussion_id, "Mine").status == 303
    assert world.totals().posts == 3


def test_a_script_that_posts_too_often_is_told_in_json(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(world.app, monkeypatch, post_limit="1/minute")
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    tina.publish(discussion_id, "One")
    fields = {"csrf_token": tina.csrf_token(), "body": "Two", "token": "t", "parent": ""}
    answer = tina.client.post(f"/discussions/{discussion_id}/posts", data=fields, headers={"X-Fragment": "1"})
    assert answer.status_code == 429
    assert answer.json is not None
    assert answer.json["refused"]


def test_searching_and_uploading_have_limits_of_their_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(world.app, monkeypatch, search_limit="1/minute", upload_limit="1/minute")
    olga = world.client_of(world.cast.olga)
    assert [olga.get("/search?q=word").status for _ in range(2)] == [200, 429]
    assert [olga.post("/classes/spring/roster").status for _ in range(2)] == [422, 429]
    assert world.client_of(world.cast.tina).get("/search?q=word").status == 200


def test_what_another_site_sends_is_not_counted_as_the_person_s(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(world.app, monkeypatch, post_limit="1/minute")
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    for _ in range(3):
        tina.client.post(f"/discussions/{discussion_id}/posts", data={"body": "x", "token": "t"})
    assert tina.publish(discussion_id, "Mine").status == 303


def test_who_is_not_signed_in_is_counted_by_address(browser: Browser, world: World) -> None:
    discussion_id = world.discussion()
    token = browser.csrf_token()

    def send(address: str) -> int:
        data = {"csrf_token": token, "body": "x", "token": "t"}
        sent = browser.client.post(
            f"/discussions/{discussion_id}/posts", data=data, environ_base={"REMOTE_ADDR": address}
        )
        return Page(sent).status

    assert [send("2001:db8::1") for _ in range(60)] == [401] * 60
    assert [send("2001:db8::2"), send("2001:db8:0:1::1"), send("::ffff:10.0.0.1")] == [429, 401, 401]


def test_a_session_that_has_ended_uses_up_nothing_of_the_person_s(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(world.app, monkeypatch, post_limit="2/minute")
    discussion_id, found = world.discussion(), world.client_of(world.cast.tina)
    fields = {"csrf_token": found.csrf_token(), "body": "Not hers", "token": "t", "parent": ""}
    with world.inside():
        sign_out_everywhere(world.member(world.cast.tina))
    sent = [found.client.post(f"/discussions/{discussion_id}/posts", data=fields) for _ in range(3)]
    assert [answer.status_code for answer in sent] == [401, 401, 429]
    tina = Browser(world.app)
    tina.sign_in("tina@example.org")
    assert tina.publish(discussion_id, "Hers").status == 303

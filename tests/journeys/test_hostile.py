"""Hostile texts where a browser or a program sends more than posts: addresses, headers, forms of all kinds, the API."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forum.api.models import Scope
from forum.api.operations import add_token
from tests.browser.hostile import payloads
from tests.cast import Browser, World

pytestmark = pytest.mark.corpus

SOME = 35
ARGUMENTS = [
    "/?{}", "/search?q={}&kind=people", "/classes/spring/members?q={}", "/classes/spring/figures?by={}&from={}",
    "/classes/spring/figures/rows?figure={}", "/sign-in?next={}", "/admin/members?q={}",
    "/admin/audit?person={}&verb={}",
]  # fmt: skip
HEADERS = [
    "User-Agent", "Referer", "Accept-Language", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Host", "X-Fragment",
    "If-None-Match", "Range", "Origin",
]  # fmt: skip


@pytest.fixture
def free(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("post_limit", "search_limit", "api_limit", "api_failures", "address_failures", "upload_limit")
    settings = replace(world.app.extensions["settings"], **dict.fromkeys(names, "1000000/minute"))
    monkeypatch.setitem(world.app.extensions, "settings", settings)


@pytest.fixture
def texts() -> list[str]:
    found = payloads(Path(os.environ["FORUM_TEST_CORPUS"], "hostile"))[::SOME]
    assert len(found) > 80
    return found


def in_a_line(text: str) -> str:
    """As much of it as a header can carry."""
    return "".join(one for one in text if " " <= one <= "~")[:2000]


def assert_harmless(answer: Any, text: str, where: str) -> None:
    assert answer.status_code < 500, f"{where}: {text!r}"
    page = answer.get_data(as_text=True)
    if answer.mimetype == "text/html" and "<" in text and len(text) > 8:
        assert text not in page, f"{where}: {text!r}"
    for value in answer.headers.values():
        assert "\n" not in value
        assert "\r" not in value
    leads = answer.headers.get("Location", "/")
    assert leads.startswith(("/", "http://localhost/")), f"{where}: {text!r} leads to {leads}"
    assert not leads.startswith("//")


def test_addresses_and_headers(world: World, free: None, texts: list[str]) -> None:
    ada = world.client_of(world.cast.ada)
    for text in texts:
        for address in ARGUMENTS:
            path, _, names = address.partition("?")
            asked = {name.partition("=")[0]: text for name in names.split("&")}
            assert_harmless(ada.client.get(path, query_string=asked), text, address)
        for name in HEADERS:
            assert_harmless(ada.client.get("/classes/spring", headers={name: in_a_line(text)}), text, name)


@pytest.mark.one_database
def test_every_form_takes_any_text_or_says_why_not(world: World, free: None, texts: list[str]) -> None:
    """Each field of each form on these pages, all of them with the same text."""
    pages = list(forms(world))
    assert len(pages) > 12
    for browser, page, action in pages:
        form = browser.get(page).form(action)
        for text in texts[::6]:
            kept = {name: value if name in ("csrf_token", "token") else text for name, value in form.fields.items()}
            answer = browser.client.post(action, data=kept)
            assert_harmless(answer, text, f"{action} on {page}")
            assert_harmless(browser.client.get(page), text, page)


def forms(world: World) -> Iterator[tuple[Browser, str, str]]:
    ada, olga, tina = (world.client_of(one) for one in (world.cast.ada, world.cast.olga, world.cast.tina))
    discussion = world.discussion()
    pages = [(ada, path) for path in ("/admin/units", "/admin/members/new", "/admin/classes", "/admin")]
    pages += [(olga, f"/classes/spring/{part}") for part in ("settings", "programme/new", "groups", "discussions/new",
              "announcements/new", "members/new")]  # fmt: skip
    pages += [(tina, f"/discussions/{discussion}"), (tina, "/me"), (tina, "/me/tokens"), (tina, "/notifications")]
    out = ("sign-out", "/language", "archive", "delete", "/close", "/everywhere", "/read", "/second", "/up", "/down")
    for browser, path in pages:
        page = browser.get(path)
        assert page.status == 200, path
        for action in dict.fromkeys(
            form["action"].partition("#")[0] for form in page.all("form") if form.get("method") == "post"
        ):
            if not any(part in action for part in out):
                yield browser, path, action


@pytest.mark.one_database
def test_the_api(world: World, free: None, texts: list[str]) -> None:
    discussion_id = world.discussion()
    with world.inside():
        token = add_token(world.member(world.cast.tina), "A script", Scope.WRITE)
    client, own = world.app.test_client(), {"Authorization": f"Bearer {token}"}
    posts = f"/api/v1/discussions/{discussion_id}/posts"
    for text in texts:
        made = client.post(posts, json={"body": text, "parent": None}, headers=own)
        assert_harmless(made, text, "body")
        assert made.status_code in (201, 422)
        if made.status_code == 201:
            assert client.get(made.headers["Location"], headers=own).status_code == 200
        assert_harmless(client.post(posts, json={"body": [text], "parent": text, text: 1}, headers=own), text, "shape")
        assert_harmless(client.post(posts, data=text.encode("utf-8", "replace"), headers=own), text, "no JSON")
        assert_harmless(client.get(posts, query_string={"after": text, "limit": text}, headers=own), text, "arguments")
        for name in ("Authorization", "Idempotency-Key", "If-None-Match", "Content-Type", "Accept"):
            told = own | {name: in_a_line(text)}
            assert_harmless(client.post(posts, data=b"{}", headers=told), text, name)

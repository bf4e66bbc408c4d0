"""The session that ran out while somebody was writing: the text is never lost."""

import time

import pytest

from forum.sessions import SteadySigner
from tests.cast import PASSWORD, Browser, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

TEXT = '\n  What "struck" me & <stayed>:\n\nthe second part, 第二部分\n'


def lose_session(browser: Browser) -> None:
    browser.client.delete_cookie("session")


def send(browser: Browser, page: Page, discussion_id: int) -> Page:
    return browser.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)


def body_of(world: World, discussion_id: int) -> str:
    with world.app.app_context():
        return world.post(discussion_id, 1).body


def test_a_text_sent_without_a_session_comes_back_after_signing_in_and_can_be_posted(world: World) -> None:
    discussion_id = world.discussion()
    browser = world.client_of(world.cast.tina)
    open_page = browser.discussion(discussion_id)
    lose_session(browser)
    door = send(browser, open_page, discussion_id)
    assert door.status == 401
    assert "Your text is safe" in door.words
    resumed = browser.submit(door, "/sign-in", email=world.cast.tina.email, password=PASSWORD)
    assert resumed.status == 200
    assert "Here is your text" in resumed.words
    assert "Your text will be posted in the discussion." in resumed.words
    form = resumed.form(f"/discussions/{discussion_id}/posts")
    assert form.fields["body"] == TEXT
    posted = browser.submit(resumed, form.action)
    assert posted.status == 303
    assert body_of(world, discussion_id) == TEXT


def test_a_mistyped_password_on_the_way_back_does_not_lose_the_text(world: World) -> None:
    discussion_id = world.discussion()
    browser = world.client_of(world.cast.tina)
    open_page = browser.discussion(discussion_id)
    lose_session(browser)
    door = send(browser, open_page, discussion_id)
    again = browser.submit(door, "/sign-in", email=world.cast.tina.email, password="wrong")
    assert again.status == 422
    resumed = browser.submit(again, "/sign-in", email=world.cast.tina.email, password=PASSWORD)
    assert resumed.form(f"/discussions/{discussion_id}/posts").fields["body"] == TEXT


def test_a_reply_keeps_whom_it_answers_and_its_token_on_the_way_back(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id)
    browser = world.client_of(world.cast.tina)
    page = browser.get(f"/discussions/{discussion_id}/posts/1")
    token = page.form(f"/discussions/{discussion_id}/posts").fields["token"]
    lose_session(browser)
    door = browser.submit(page, f"/discussions/{discussion_id}/posts", body="I agree")
    resumed = browser.submit(door, "/sign-in", email=world.cast.tina.email, password=PASSWORD)
    fields = resumed.form(f"/discussions/{discussion_id}/posts").fields
    assert (fields["parent"], fields["token"]) == ("1", token)
    browser.submit(resumed, f"/discussions/{discussion_id}/posts")
    assert browser.discussion(discussion_id).numbers == [1, 2]


def test_a_form_whose_token_ran_out_comes_back_with_the_text(world: World) -> None:
    discussion_id = world.discussion()
    browser = world.client_of(world.cast.tina)
    for token in ({}, {"csrf_token": "stale"}):
        answer = browser.client.post(f"/discussions/{discussion_id}/posts", data={"body": TEXT, "token": "t", **token})
        page = Page(answer)
        assert page.status == 422
        assert page.form(f"/discussions/{discussion_id}/posts").fields["body"] == TEXT
        assert "signed in again" not in page.words
    assert browser.discussion(discussion_id).numbers == []
    assert browser.submit(page, f"/discussions/{discussion_id}/posts").status == 303


def test_an_edit_without_a_session_comes_back_as_well(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "Before")
    browser = world.client_of(world.cast.tina)
    path = f"/discussions/{discussion_id}/posts/1"
    page = browser.get(path)
    lose_session(browser)
    door = browser.submit(page, f"{path}/edit", body="After")
    resumed = browser.submit(door, "/sign-in", email=world.cast.tina.email, password=PASSWORD)
    assert browser.submit(resumed, f"{path}/edit").status == 303
    assert body_of(world, discussion_id) == "After"


CROSS_SITE: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/localhost"},
    {"Origin": "http://["},
]
FIELDS = {"body": "planted words", "reason": "planted words", "parent": "", "token": "t"}


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
@pytest.mark.parametrize("verb", ["", "/1/hide", "/1/edit"])
def test_what_another_site_sends_is_never_kept(world: World, verb: str, headers: dict[str, str]) -> None:
    """Else it would be done in the person's name at the first button they press after signing in."""
    discussion_id = world.discussion()
    world.publish(world.cast.olga, discussion_id)
    olga, path = world.client_of(world.cast.olga), f"/discussions/{discussion_id}/posts{verb}"
    signed_in = Page(olga.client.post(path, data=FIELDS, headers=headers))
    assert signed_in.status == 422
    lose_session(olga)
    door = Page(olga.client.post(path, data=FIELDS, headers=headers))
    assert door.status == 401
    for page in (signed_in, door):
        assert "planted" not in page.source
        assert "text is safe" not in page.words
    assert olga.submit(door, "/sign-in", email=world.cast.olga.email, password=PASSWORD).headers["Location"] == "/"


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_another_site_cannot_plant_a_text_in_the_sign_in_form(
    browser: Browser, world: World, headers: dict[str, str]
) -> None:
    discussion_id = world.discussion()
    fields = {"kept_path": f"/discussions/{discussion_id}/posts", "kept-body": "planted words"}
    page = Page(browser.client.post("/sign-in", data=fields, headers=headers))
    assert page.status == 422
    assert "planted" not in page.source


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Referer": "http://localhost/x"}]
)
def test_what_a_page_of_ours_sends_is_kept(world: World, headers: dict[str, str]) -> None:
    discussion_id = world.discussion()
    browser = Browser(world.app)
    door = Page(browser.client.post(f"/discussions/{discussion_id}/posts", data=FIELDS, headers=headers))
    resumed = browser.submit(door, "/sign-in", email=world.cast.tina.email, password=PASSWORD)
    assert resumed.form(f"/discussions/{discussion_id}/posts").fields["body"] == "planted words"


@pytest.mark.parametrize("path", ["/posts/1/hide", "/posts/1/delete", "/posts/1/nothing"])
def test_only_a_text_is_kept_over_the_sign_in_never_another_deed(world: World, path: str) -> None:
    discussion_id = world.discussion()
    browser = Browser(world.app)
    door = Page(browser.client.post(f"/discussions/{discussion_id}{path}", data=FIELDS))
    assert "planted" not in door.source.partition("readonly")[0]
    kept = {"kept_path": f"/discussions/{discussion_id}{path}", "kept-body": "planted words"}
    assert browser.sign_in(world.cast.olga.email, **kept).headers["Location"] == "/"


def test_a_form_without_a_text_makes_no_promise_about_one(browser: Browser) -> None:
    page = Page(browser.client.post("/language", data={"language": "zh", "next": "/"}))
    assert page.status == 401
    assert "Your text is safe" not in page.words


def test_a_visit_without_a_session_leads_to_the_sign_in_page(browser: Browser, world: World) -> None:
    discussion_id = world.discussion()
    page = browser.discussion(discussion_id)
    assert (page.status, page.headers["Location"]) == (302, f"/sign-in?next=/discussions/{discussion_id}")


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/x", "/\\evil.example"])
def test_a_kept_text_is_never_sent_to_another_site(browser: Browser, world: World, path: str) -> None:
    page = browser.sign_in(world.cast.tina.email, kept_path=path, **{"kept-body": "A secret"})
    assert page.status == 302
    assert page.headers["Location"] == "/"


def test_a_sign_in_form_that_lay_too_long_asks_again_and_goes_on(browser: Browser, world: World) -> None:
    browser.get("/sign-in")
    answer = browser.client.post("/sign-in", data={"email": world.cast.tina.email, "password": PASSWORD})
    page = Page(answer)
    assert page.status == 422
    assert browser.submit(page, "/sign-in", email=world.cast.tina.email, password=PASSWORD).status == 302


def test_a_clock_that_is_set_back_signs_nobody_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tina, now = world.client_of(world.cast.tina), int(time.time())
    monkeypatch.setattr(SteadySigner, "get_timestamp", lambda _signer: now - 3600)
    assert tina.get("/").status == 200
    monkeypatch.setattr(SteadySigner, "get_timestamp", lambda _signer: now + 40 * 24 * 3600)
    assert tina.get("/").status == 302

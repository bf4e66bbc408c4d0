"""A text under way: kept here and there, found on another device, never lost to a newer one without a word."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, Visitor
from tests.browser.writing import DEAF, IS

pytestmark = pytest.mark.browser


@pytest.fixture
def at(site: Site, visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """`at(discussion)`: Tina, at one more device."""

    def begin(discussion: int, language: str = "en") -> Visitor:
        visitor = visit()
        visitor.sign_in(site.cast.tina, language)
        visitor.go(f"/discussions/{discussion}")
        return visitor

    return begin


def composer(page: Any) -> Any:
    return page.locator("form.composer textarea")


def write(visitor: Visitor, text: str) -> None:
    composer(visitor.page).fill(text)
    visitor.page.get_by_text(visitor.say("Saved"), exact=True).wait_for()


def has(page: Any, text: str) -> None:
    page.wait_for_function(IS, arg=text)


def choice(page: Any, words: str) -> Any:
    return page.get_by_role("alert").filter(has_text=words)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_another_device_finds_the_text_and_goes_on_with_it(
    site: Site, at: Callable[..., Visitor], language: str
) -> None:
    discussion = site.discussion(f"Two devices, {language}")
    desk = at(discussion, language)
    write(desk, "Begun at the desk")
    phone = at(discussion, language)
    has(phone.page, "Begun at the desk")
    assert phone.page.get_by_text(phone.say("What you had written is back.")).is_visible()
    write(phone, "Begun at the desk, finished on the way")
    desk.page.reload()
    has(desk.page, "Begun at the desk, finished on the way")
    assert desk.complaints == phone.complaints == []


def test_two_devices_do_not_overwrite_each_other_unseen(site: Site, at: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Two devices at once")
    desk, phone = at(discussion), at(discussion)
    write(phone, "On the phone")
    composer(desk.page).fill("At the desk")
    offer = choice(desk.page, "Another device has another text:")
    offer.wait_for()
    assert "On the phone" in offer.inner_text()
    assert composer(desk.page).input_value() == "At the desk"
    offer.get_by_role("button", name="Keep mine").click()
    desk.page.get_by_text("Saved", exact=True).wait_for()
    assert not offer.is_visible()

    composer(phone.page).fill("On the phone, and more")
    offer = choice(phone.page, "Another device has another text:")
    offer.get_by_role("button", name="Use that text").click()
    assert composer(phone.page).input_value() == "At the desk"
    assert desk.complaints == phone.complaints == []


def test_what_is_typed_in_one_window_stands_in_the_other(site: Site, at: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Two windows")
    first = at(discussion)
    second = first.page.context.new_page()
    second.goto(first.page.url)
    composer(first.page).fill("In the first")
    has(second, "In the first")
    composer(second).fill("In the first, and the second")
    has(first.page, "In the first, and the second")
    second.get_by_role("button", name="Post reflection", exact=True).click()
    second.locator("#post-1").wait_for()
    has(first.page, "")
    assert first.complaints == []


@pytest.mark.parametrize("chosen", ["Use that text", "Keep mine"])
def test_two_windows_do_not_overwrite_each_other_unseen(site: Site, at: Callable[..., Visitor], chosen: str) -> None:
    discussion = site.discussion(f"Two windows at once, {chosen}")
    first = at(discussion)
    second = first.page.context.new_page()
    second.add_init_script(DEAF)
    second.goto(first.page.url)
    composer(first.page).fill("In the first")
    composer(second).fill("In the second")
    choice(second, "Another window has another text:").wait_for()
    second.reload()
    offer = choice(second, "Another window has another text:")
    assert "In the first" in offer.inner_text()
    assert composer(second).input_value() == "In the second"
    assert composer(first.page).input_value() == "In the first"
    offer.get_by_role("button", name=chosen).click()
    assert not offer.is_visible()
    kept = "In the second" if chosen == "Keep mine" else "In the first"
    has(second, kept)
    has(first.page, kept)
    second.reload()
    has(second, kept)
    assert first.complaints == []


def test_each_answered_post_has_its_own_text(site: Site, at: Callable[..., Visitor]) -> None:
    discussion = site.discussion("A reply and a reflection")
    site.publish(site.cast.tom, discussion, "A thought.")
    visitor = at(discussion)
    write(visitor, "My reflection")
    visitor.post(1).get_by_role("link", name="Reply to #1 Tom", exact=True).click()
    assert composer(visitor.page).input_value() == ""
    write(visitor, "My reply")
    visitor.page.get_by_role("button", name="Cancel the reply").click()
    assert composer(visitor.page).input_value() == "My reflection"
    elsewhere = at(discussion)
    has(elsewhere.page, "My reflection")
    elsewhere.go(f"/discussions/{discussion}/posts/1")
    has(elsewhere.page, "My reply")
    assert visitor.complaints == elsewhere.complaints == []


def test_what_was_posted_elsewhere_is_no_text_under_way_here(site: Site, at: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Posted elsewhere")
    desk = at(discussion)
    write(desk, "A thought")
    phone = at(discussion)
    has(phone.page, "A thought")
    phone.page.get_by_role("button", name="Post reflection", exact=True).click()
    phone.post(1).wait_for()
    desk.page.reload()
    desk.post(1).wait_for()
    has(desk.page, "")
    assert desk.complaints == phone.complaints == []


def test_a_text_typed_a_moment_before_the_page_is_left_reaches_the_server(
    site: Site, at: Callable[..., Visitor]
) -> None:
    discussion = site.discussion("Left in a hurry")
    desk = at(discussion)
    composer(desk.page).fill("In a hurry")
    with desk.page.expect_request_finished(lambda request: request.url.endswith("/draft")):
        desk.page.evaluate(
            "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    phone = at(discussion)
    has(phone.page, "In a hurry")


DRAFTS = "() => Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"


def sign_out(visitor: Visitor) -> None:
    visitor.page.locator(".menu summary").click()
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.wait_for_url("**/sign-in")


def test_who_signs_out_leaves_nothing_on_the_device_and_loses_nothing(site: Site, at: Callable[..., Visitor]) -> None:
    first, second = site.discussion("Shared, saved"), site.discussion("Shared, not saved yet")
    tina = at(first)
    write(tina, "Saved")
    tina.go(f"/discussions/{second}")
    composer(tina.page).fill("Typed a moment ago")
    assert len(tina.page.evaluate(DRAFTS)) == 2
    sign_out(tina)
    assert tina.page.evaluate(DRAFTS) == []
    tina.sign_in(site.cast.tom)
    tina.go(f"/discussions/{second}")
    assert composer(tina.page).input_value() == ""
    back = at(second)
    has(back.page, "Typed a moment ago")
    assert tina.complaints == back.complaints == []


def test_what_the_server_did_not_take_stays_for_its_author_alone(site: Site, at: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Shared, refused")
    tina = at(discussion)
    tina.page.route("**/draft", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    composer(tina.page).fill("Only here")
    sign_out(tina)
    tina.sign_in(site.cast.tom)
    tina.go(f"/discussions/{discussion}")
    assert composer(tina.page).input_value() == ""
    sign_out(tina)
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    has(tina.page, "Only here")

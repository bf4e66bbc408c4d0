"""The projector wall in the browser: it turns by itself, shows at once what comes, stops, forgets what is hidden."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

LONG = "A sentence that goes on about what was seen on the way and what could be done about it. " * 3


@pytest.fixture
def discussion(site: Site) -> int:
    """#1 Tina, #2 Tom, #3 Ivan to #1; long enough to stand alone."""
    discussion = site.discussion("On the wall")
    site.publish(site.cast.tina, discussion, f"The first. {LONG}")
    site.publish(site.cast.tom, discussion, f"The second. {LONG}")
    site.publish(site.cast.ivan, discussion, f"The comment. {LONG}", 1)
    return discussion


@pytest.fixture
def wall(site: Site, visit: Callable[..., Visitor], discussion: int) -> Visitor:
    """Omar's, which hears of what happens."""
    return opened(site, visit(width=1920, height=1080), discussion)


def opened(site: Site, visitor: Visitor, discussion: int) -> Visitor:
    """Once it has joined, it asks for itself again: from then on it only hears."""
    visitor.sign_in(site.cast.omar)
    with visitor.page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
        visitor.go(f"/discussions/{discussion}/wall")
    return visitor


def post(visitor: Visitor, number: int) -> Any:
    return visitor.page.locator(f".wall-post[data-number='{number}']")


def shown(visitor: Visitor) -> list[int]:
    articles = visitor.page.locator(".wall-post:visible").all()
    return [int(article.get_attribute("data-number")) for article in articles]


def test_it_turns_with_buttons_and_keys_and_stops_at_a_post(wall: Visitor) -> None:
    page = wall.page
    assert shown(wall) == [3]
    page.keyboard.press("Space")
    assert page.locator("button[aria-pressed=true]").inner_text() == "Pause"
    page.keyboard.press("ArrowRight")
    assert shown(wall) == [2]
    page.get_by_role("button", name="Next").click()
    assert shown(wall) == [1]
    page.keyboard.press("ArrowLeft")
    assert shown(wall) == [2]
    assert page.locator(".wall-place").inner_text() == "2 / 3"
    page.get_by_role("button", name="Previous").press("Space")
    assert shown(wall) == [3], "a button has the key for itself"
    assert wall.complaints == []


def test_it_turns_by_itself_unless_it_is_stopped(site: Site, visit: Callable[..., Visitor], discussion: int) -> None:
    wall = visit()
    wall.sign_in(site.cast.omar)
    wall.page.clock.install()
    wall.go(f"/discussions/{discussion}/wall")
    assert shown(wall) == [3]
    wall.page.clock.fast_forward(31_000)
    assert shown(wall) == [2]
    wall.page.keyboard.press("Space")
    wall.page.clock.fast_forward(120_000)
    assert shown(wall) == [2]


def test_what_comes_is_shown_at_once_and_counted(site: Site, wall: Visitor, discussion: int) -> None:
    site.publish(site.cast.tina, discussion, f"The latest. {LONG}")
    post(wall, 4).locator(".is-new").wait_for()
    assert shown(wall) == [4]
    wall.page.locator(".wall-figures b").nth(1).filter(has_text="3").wait_for()
    wall.page.keyboard.press("ArrowRight")
    assert shown(wall) == [3]
    assert not wall.page.locator(".is-fresh").count()


def test_while_it_is_stopped_what_comes_waits(site: Site, wall: Visitor, discussion: int) -> None:
    wall.page.keyboard.press("Space")
    site.publish(site.cast.tina, discussion, f"Some more. {LONG}")
    wall.page.locator(".wall-waiting").filter(has_text="New: 1").wait_for()
    assert shown(wall) == [3]
    wall.page.keyboard.press("PageDown")
    assert shown(wall) == [4]
    assert wall.page.locator(".wall-waiting").is_hidden()


def test_what_is_hidden_vanishes_at_once_also_while_it_is_stopped(site: Site, wall: Visitor, discussion: int) -> None:
    wall.page.keyboard.press("Space")
    site.change("hide", site.cast.olga, discussion, 3, "off the subject")
    post(wall, 3).wait_for(state="detached")
    assert shown(wall) == [2]
    assert "The comment." not in wall.page.content()


def test_names_and_light_change_in_place_and_stay_in_the_address(wall: Visitor) -> None:
    page = wall.page
    page.keyboard.press("Space")
    page.get_by_role("link", name="Hide names").click()
    page.get_by_role("link", name="Show names").wait_for()
    assert page.get_by_role("link", name="Show names").evaluate("(link) => link === document.activeElement")
    page.get_by_role("link", name="Dark").click()
    page.locator("body.is-dark").wait_for()
    assert page.url.endswith("/wall?names=0&theme=dark")
    assert "Ivan" not in page.locator(".wall").inner_text()
    assert page.locator("button[aria-pressed=true]").inner_text() == "Pause"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 26)"


def test_without_a_socket_it_asks_now_and_then_and_says_when_nobody_answers(
    site: Site, visit: Callable[..., Visitor], discussion: int
) -> None:
    wall = visit()
    wall.sign_in(site.cast.omar)
    wall.page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    wall.page.clock.install()
    wall.go(f"/discussions/{discussion}/wall")
    site.publish(site.cast.tina, discussion, f"Not heard of. {LONG}")
    wall.page.clock.fast_forward(10_000)
    post(wall, 4).locator(".is-new").wait_for()
    wall.page.context.set_offline(True)
    wall.page.clock.fast_forward(10_000)
    wall.page.locator(".wall-lost").filter(has_text="No connection").wait_for()
    wall.page.context.set_offline(False)
    wall.page.clock.fast_forward(10_000)
    wall.page.locator(".wall-lost:empty").wait_for(state="attached")


def test_a_text_longer_than_the_screen_says_where_it_goes_on(site: Site, wall: Visitor, discussion: int) -> None:
    site.publish(site.cast.tina, discussion, LONG * 10)
    post(wall, 4).get_by_text("Read on: #4").wait_for()
    assert wall.page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    size = post(wall, 4).locator(".text").evaluate("(text) => parseFloat(getComputedStyle(text).fontSize)")
    assert size >= 0.022 * 1920


def test_two_short_posts_stand_together_as_large_as_there_is_room(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Short words")
    for words in ("One thing.", "Another thing."):
        site.publish(site.cast.tina, discussion, words)
    wall = opened(site, visit(width=1920, height=1080), discussion)
    assert shown(wall) == [2, 1]
    size = post(wall, 2).locator(".text").evaluate("(text) => parseFloat(getComputedStyle(text).fontSize)")
    assert size > 0.03 * 1920


def test_without_script_the_newest_posts_are_a_page(site: Site, visit: Callable[..., Visitor], discussion: int) -> None:
    wall = visit(javascript=False)
    wall.sign_in(site.cast.omar)
    wall.go(f"/discussions/{discussion}/wall")
    assert shown(wall) == [3, 2, 1]
    assert not wall.page.get_by_role("button", name="Pause").count()
    wall.page.get_by_role("link", name="Hide names").click()
    assert "Tina" not in wall.page.locator(".wall").inner_text()


def test_that_it_has_closed_by_itself_is_seen(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Closing on the wall")
    site.open(discussion, timedelta(seconds=4))
    wall = opened(site, visit(), discussion)
    expect(wall.page.locator(".pill")).to_contain_text("Closed")
    expect(wall.page.locator(".wall-join")).to_contain_text("Scan to read along")


@pytest.mark.parametrize(("screen", "other"), [("light", "Dark"), ("dark", "Light")])
def test_the_other_light_is_offered(
    site: Site, visit: Callable[..., Visitor], discussion: int, screen: str, other: str
) -> None:
    wall = opened(site, visit(color_scheme=screen), discussion)
    links = wall.page.locator(".wall-looks a:visible")
    assert links.all_inner_texts() == ["Hide names", other]
    links.nth(1).click()
    expect(links.nth(1)).to_have_text(screen.capitalize())
    assert wall.page.evaluate("getComputedStyle(document.body).colorScheme") == other.lower()

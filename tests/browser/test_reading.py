"""Reading on: what is new since the last visit, and quoting, with script and without."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from flask import request, request_finished

from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

SELECT = """([start, end]) => {
    const text = document.querySelector("#post-1 .text p").firstChild;
    getSelection().setBaseAndExtent(text, start, text, end);
}"""


@contextmanager
def answered(site: Site, path: str) -> Iterator[list[int]]:
    """Ends when the server has answered a request to the path: what a page sends as it is left, no page hears of."""
    statuses: list[int] = []
    done = Event()

    def note(_app: Any, response: Any) -> None:
        if request.path == path:
            statuses.append(response.status_code)
            done.set()

    with request_finished.connected_to(note, site.app):
        yield statuses
        assert done.wait(15)


def new_numbers(visitor: Visitor) -> list[str]:
    posts = visitor.page.locator("article.post:has(.is-new)")
    return [post.get_attribute("data-number") for post in posts.all()]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_leaving_the_page_remembers_how_far_it_was_read(
    site: Site, visit: Callable[..., Visitor], language: str
) -> None:
    discussion = site.discussion(f"New since, {language}")
    site.publish(site.cast.tom, discussion, "The first.")
    tina = visit()
    tina.page.clock.install()
    tina.sign_in(site.cast.tina, language)
    tina.go(f"/discussions/{discussion}")
    assert new_numbers(tina) == []
    tina.page.clock.fast_forward(5_000)
    with answered(site, f"/discussions/{discussion}/read") as statuses:
        tina.go("/")
    assert statuses == [204]

    site.publish(site.cast.tom, discussion, "The second.")
    site.publish(site.cast.ivan, discussion, "A comment on the first.", 1)
    tina.go(f"/discussions/{discussion}")
    assert new_numbers(tina) == ["3", "2"]
    tina.page.get_by_role("link", name=tina.say("First new post"), exact=True).click()
    tina.page.wait_for_url("**#post-2")
    assert tina.post(2).evaluate("post => post.getBoundingClientRect().top >= 0")
    assert tina.complaints == []


def test_a_glance_is_no_reading(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("A glance")
    site.publish(site.cast.tom, discussion, "The first.")
    tina = visit()
    tina.page.clock.install()
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    tina.go("/")
    site.publish(site.cast.tom, discussion, "The second.")
    tina.go(f"/discussions/{discussion}")
    assert new_numbers(tina) == []


def test_a_selected_passage_is_quoted_and_otherwise_the_whole_text(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("To quote from")
    site.publish(site.cast.tom, discussion, "Ten came, nobody spoke.\nThen somebody asked.")
    tina = visit()
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    tina.page.evaluate(SELECT, [10, 22])
    quote = tina.page.get_by_role("link", name="Quote #1 Tom", exact=True)
    quote.click()
    writing = tina.page.get_by_label("Your reply")
    assert writing.input_value() == "> nobody spoke\n\n"
    tina.page.get_by_role("button", name="Cancel the reply").click()

    tina.page.evaluate("getSelection().removeAllRanges()")
    site.publish(site.cast.tom, discussion, "Another one.")
    tina.page.reload()
    tina.page.get_by_role("link", name="Quote #2 Tom", exact=True).click()
    writing = tina.page.get_by_label("Your reply")
    writing.press_sequentially("I agree.")
    tina.page.get_by_role("button", name="Post reply", exact=True).click()
    tina.post(3).wait_for()
    assert tina.post(3).locator("blockquote").inner_text() == "Another one."
    assert "I agree." in tina.post(3).inner_text()
    assert tina.complaints == []


def test_without_script_the_quotation_waits_on_the_page_of_the_post(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("To quote from, plainly")
    site.publish(site.cast.tom, discussion, "Ten came, nobody spoke.")
    tina = visit(javascript=False)
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    tina.page.get_by_role("link", name="Quote #1 Tom", exact=True).click()
    writing = tina.page.get_by_label("Your reply")
    assert writing.input_value() == "> Ten came, nobody spoke.\n\n"
    writing.press("Control+End")
    writing.press_sequentially("Ours too.")
    tina.page.get_by_role("button", name="Post reply", exact=True).click()
    tina.post(2).wait_for()
    assert tina.post(2).locator("blockquote").count() == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_an_observer_reads_along_and_writes_nothing(
    site: Site, visit: Callable[..., Visitor], javascript: bool
) -> None:
    discussion = site.discussion(f"Watched, {javascript}")
    site.publish(site.cast.tina, discussion, "What struck me.")
    omar = visit(javascript=javascript)
    omar.sign_in(site.cast.omar)
    omar.go(f"/discussions/{discussion}")
    assert "What struck me." in omar.post(1).inner_text()
    assert omar.page.locator("textarea").count() == 0
    assert not omar.page.get_by_role("link", name="Reply to #1 Tina", exact=True).is_visible()
    assert omar.page.get_by_text("You read along as an observer.").is_visible()
    omar.page.get_by_role("link", name="All figures", exact=True).click()
    omar.page.wait_for_url(f"**/discussions/{discussion}/figures")
    assert omar.complaints == []

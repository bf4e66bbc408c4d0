"""The desk under the hands of an instructor: by keys, by buttons, without script, and when something is in the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visitor
from tests.browser.desks import at_desk, go_to_desk, item, lying, said, waiting

pytestmark = pytest.mark.browser
__all__ = ["at_desk", "waiting"]


def focused(visitor: Visitor) -> str:
    found: str = visitor.page.evaluate("document.activeElement.closest('.desk-item')?.dataset.number ?? ''")
    return found


def test_the_whole_desk_by_keys(site: Site, at_desk: Callable[..., Visitor]) -> None:
    ivan = at_desk()
    keys = ivan.page.keyboard
    assert lying(ivan) == ["1", "2", "3"]
    walk = []
    for key in "jjjjkk":
        keys.press(key)
        walk.append(focused(ivan))
    assert walk == ["1", "2", "3", "3", "2", "1"]

    keys.press("c")
    writing = item(ivan, 1).get_by_label("Your comment")
    writing.wait_for()
    keys.type("jolly good, k?")
    assert writing.input_value() == "jolly good, k?"
    keys.press("Control+Enter")
    said(ivan, "Your comment is posted. 2 left.")
    assert lying(ivan) == ["2", "3"]
    assert focused(ivan) == "2", "the next one"

    keys.press("f")
    said(ivan, "The post is featured. 2 left.")
    assert item(ivan, 2).get_by_role("button", name="Remove from featured").is_visible()
    assert focused(ivan) == "2"
    keys.press("h")
    ivan.page.locator("input[name=reason]:focus").wait_for()
    keys.type("off the subject")
    keys.press("Enter")
    said(ivan, "The post is hidden. Its author sees your reason. 1 left.")
    assert focused(ivan) == "3"
    keys.press("r")
    said(ivan, "Marked as read. Nothing is left.")
    assert ivan.page.get_by_text("New reflections appear here by themselves.").is_visible()
    assert ivan.complaints == []


def test_the_same_by_buttons_on_a_phone(at_desk: Callable[..., Visitor]) -> None:
    ivan = at_desk(width=390, height=844, has_touch=True, is_mobile=True)
    verbs = item(ivan, 1).locator(".desk-verbs > *")
    assert all(verb.bounding_box()["height"] >= 44 for verb in verbs.all())
    assert not ivan.page.get_by_role("button", name="Next").is_visible()
    item(ivan, 1).get_by_role("link", name="Comment #1 Tina").tap()
    writing = item(ivan, 1).get_by_label("Your comment")
    writing.press_sequentially("Go on.")
    item(ivan, 1).get_by_role("button", name="Post comment").tap()
    said(ivan, "Your comment is posted. 2 left.")
    item(ivan, 2).get_by_role("button", name="Mark as read").tap()
    said(ivan, "Marked as read. 1 left.")
    assert lying(ivan) == ["3"]
    assert ivan.complaints == []


def test_a_small_screen_shows_the_whole_comment(at_desk: Callable[..., Visitor]) -> None:
    ivan = at_desk(width=390, height=500, has_touch=True, is_mobile=True)
    item(ivan, 1).get_by_role("link", name="Comment #1 Tina").tap()
    expect(item(ivan, 1).get_by_label("Your comment")).to_be_focused()
    expect(item(ivan, 1).get_by_label("Your comment")).to_be_in_viewport(ratio=1)
    expect(item(ivan, 1).get_by_role("button", name="Post comment")).to_be_in_viewport(ratio=1)


def test_without_script_every_verb_leads_back_to_the_desk(at_desk: Callable[..., Visitor]) -> None:
    ivan = at_desk(javascript=False)
    address = ivan.page.url
    item(ivan, 1).get_by_role("link", name="Comment #1 Tina").click()
    ivan.page.get_by_label("Your comment").fill("Go on.")
    ivan.page.get_by_role("button", name="Post comment").click()
    ivan.page.get_by_text("Your comment is posted.").wait_for()
    assert ivan.page.url.partition("#")[0] == address
    item(ivan, 2).get_by_role("button", name="Mark as read").click()
    ivan.page.get_by_text("Marked as read.", exact=True).wait_for()
    item(ivan, 3).get_by_role("button", name="Feature").click()
    ivan.page.get_by_text("The post is featured.").wait_for()
    item(ivan, 3).get_by_text("Hide #3 Tina").click()
    item(ivan, 3).get_by_label("Why is it hidden?").fill("off the subject")
    item(ivan, 3).get_by_role("button", name="Hide this post").click()
    ivan.page.get_by_text("The post is hidden.").wait_for()
    assert ivan.page.url.partition("#")[0] == address
    assert lying(ivan) == []


def test_a_comment_that_comes_too_late_stays_with_the_reason(
    site: Site, at_desk: Callable[..., Visitor], waiting: int
) -> None:
    ivan = at_desk()
    item(ivan, 1).get_by_role("link", name="Comment #1 Tina").click()
    writing = item(ivan, 1).get_by_label("Your comment")
    writing.fill("Go on.")
    site.close(waiting)
    item(ivan, 1).get_by_role("button", name="Post comment").click()
    refusal = item(ivan, 1).get_by_role("alert")
    assert "This discussion has closed" in refusal.inner_text()
    assert writing.input_value() == "Go on."
    assert lying(ivan) == ["1", "2", "3"]
    assert ivan.complaints == []


def test_what_is_being_written_outlives_what_happens_around_it(
    site: Site, at_desk: Callable[..., Visitor], waiting: int
) -> None:
    ivan = at_desk()
    item(ivan, 2).get_by_role("link", name="Comment #2 Tom").click()
    writing = item(ivan, 2).get_by_label("Your comment")
    writing.fill("Under way.")
    site.publish(site.cast.olga, waiting, "Olga was faster.", 2)
    item(ivan, 1).get_by_role("button", name="Mark as read").click()
    said(ivan, "Marked as read. 1 left.")
    assert lying(ivan) == ["2", "3"]
    assert writing.input_value() == "Under way."
    assert item(ivan, 2).get_by_text("This has left the desk meanwhile").is_visible()
    item(ivan, 2).get_by_role("button", name="Post comment").click()
    said(ivan, "Your comment is posted. 1 left.")
    assert lying(ivan) == ["3"]


def test_a_comment_put_aside_is_found_again(at_desk: Callable[..., Visitor]) -> None:
    ivan = at_desk()
    item(ivan, 1).get_by_role("link", name="Comment #1 Tina").click()
    item(ivan, 1).get_by_label("Your comment").press_sequentially("Half a thou")
    ivan.page.keyboard.press("Escape")
    assert focused(ivan) == "1"
    assert item(ivan, 1).locator("textarea").count() == 0
    ivan.page.keyboard.press("c")
    item(ivan, 1).get_by_label("Your comment").wait_for()
    assert item(ivan, 1).get_by_label("Your comment").input_value() == "Half a thou"


def test_a_discussion_that_closes_by_itself_can_no_longer_be_commented(
    site: Site, visit: Callable[..., Visitor], waiting: int
) -> None:
    ivan = visit()
    ivan.sign_in(site.cast.ivan)
    site.open(waiting, timedelta(seconds=4))
    go_to_desk(ivan, waiting)
    expect(item(ivan, 1)).to_contain_text("This discussion is not open, so nothing can be answered now.")
    expect(item(ivan, 1).get_by_role("link", name="Comment #1 Tina")).to_have_count(0)


def test_escape_folds_away_what_was_asked_and_the_button_stays_where_it_is(at_desk: Callable[..., Visitor]) -> None:
    ivan = at_desk()
    button = item(ivan, 1).locator(".tool > summary")
    ivan.page.keyboard.press("j")
    before = button.bounding_box()
    ivan.page.keyboard.press("h")
    reason = item(ivan, 1).locator("input[name=reason]")
    expect(reason).to_be_focused()
    assert button.bounding_box() == before
    ivan.page.keyboard.press("Escape")
    expect(reason).to_be_hidden()
    assert focused(ivan) == "1"


def test_the_keys_are_listed_and_can_be_turned_off(at_desk: Callable[..., Visitor]) -> None:
    ivan = at_desk()
    ivan.page.keyboard.press("?")
    sheet = ivan.page.get_by_role("dialog", name="Keys of the desk")
    assert "mark as read" in sheet.inner_text()
    sheet.get_by_label("Use these keys").uncheck()
    sheet.get_by_role("button", name="Close").click()
    ivan.page.keyboard.press("j")
    assert focused(ivan) == ""
    ivan.page.reload()
    ivan.page.keyboard.press("j")
    assert focused(ivan) == ""
    ivan.page.get_by_role("button", name="All keys").click()
    sheet.get_by_label("Use these keys").check()
    sheet.get_by_role("button", name="Close").click()
    ivan.page.keyboard.press("j")
    assert focused(ivan) == "1"


def test_what_happens_meanwhile_arrives_by_itself(site: Site, at_desk: Callable[..., Visitor], waiting: int) -> None:
    ivan = at_desk()
    item(ivan, 2).get_by_role("link", name="Comment #2 Tom").click()
    writing = item(ivan, 2).get_by_label("Your comment")
    writing.press_sequentially("Under way")
    number = site.publish(site.cast.tom, waiting, "One more thought.")
    item(ivan, number).wait_for()
    site.publish(site.cast.olga, waiting, "Olga was faster.", 1)
    item(ivan, 1).wait_for(state="detached")
    site.publish(site.cast.tina, waiting, "I agree.", 2)
    item(ivan, 2).get_by_text("1 reply", exact=True).wait_for()
    writing.press_sequentially(", still.")
    assert writing.input_value() == "Under way, still."
    assert writing.evaluate("field => field === document.activeElement")
    assert ivan.complaints == []


def test_what_has_closed_meanwhile_can_no_longer_be_commented(
    site: Site, at_desk: Callable[..., Visitor], waiting: int
) -> None:
    ivan = at_desk()
    comment = ivan.page.get_by_role("link", name="Comment #1 Tina")
    assert comment.is_visible()
    site.close(waiting)
    comment.wait_for(state="detached")
    assert item(ivan, 1).get_by_text("This discussion is not open").is_visible()
    assert item(ivan, 1).get_by_role("button", name="Mark as read").is_visible()


def test_two_instructors_see_who_is_writing_on_what(
    site: Site, visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], waiting: int
) -> None:
    ivan, olga = at_desk(), visit()
    olga.sign_in(site.cast.olga)
    go_to_desk(olga, waiting)
    item(ivan, 3).get_by_role("link", name="Comment #3 Tina").click()
    item(ivan, 3).get_by_label("Your comment").press_sequentially("Word by word")
    heard = item(olga, 3).get_by_text("Ivan is writing a comment on this")
    heard.wait_for()
    assert not item(ivan, 3).locator(".desk-writing").is_visible(), "not to oneself"
    heard.wait_for(state="detached")
    assert olga.complaints == ivan.complaints == []

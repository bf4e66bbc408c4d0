"""A trainee's and an instructor's way through a discussion, as they see it in a browser, with script and without."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, Visitor
from tests.browser.writing import Held

pytestmark = pytest.mark.browser

APPEARANCE = """article => {
    const style = getComputedStyle(article);
    return [style.backgroundColor, style.backgroundImage, style.boxShadow, style.borderInlineStart, style.outline,
        getComputedStyle(article, "::before").content].join("|");
}"""


def write(visitor: Visitor, label: str, text: str, verb: str) -> None:
    visitor.page.get_by_label(visitor.say(label)).fill(text)
    visitor.page.get_by_role("button", name=visitor.say(verb), exact=True).click()


def reply_to(visitor: Visitor, number: int, name: str) -> None:
    words = visitor.say("Reply to %(post)s", post=f"{visitor.say('#%(number)s', number=number)} {name}")
    visitor.post(number).get_by_role("link", name=words, exact=True).click()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_reflection_a_reply_and_a_comment(
    site: Site, visit: Callable[..., Visitor], javascript: bool, language: str
) -> None:
    discussion = site.discussion(f"The first lecture, {language}, {javascript}")
    tina = visit(javascript=javascript)
    tina.sign_in(site.cast.tina, language)
    tina.go("/classes/spring")
    tina.page.get_by_role("link", name=f"The first lecture, {language}, {javascript}", exact=True).click()

    tina.page.get_by_label(tina.say("Your reflection")).fill("What **struck** me.")
    tina.page.get_by_role("button", name=tina.say("Preview"), exact=True).click()
    preview = tina.page.get_by_role("region", name=tina.say("Preview"))
    preview.wait_for()
    assert preview.locator("strong").inner_text() == "struck"
    assert tina.page.get_by_label(tina.say("Your reflection")).input_value() == "What **struck** me."

    tina.page.get_by_role("button", name=tina.say("Post reflection"), exact=True).click()
    tina.post(1).wait_for()
    assert javascript or tina.page.url.endswith("#post-1")
    assert "What struck me." in tina.post(1).inner_text()
    assert tina.page.get_by_label(tina.say("Your reflection")).input_value() == ""

    reply_to(tina, 1, "Tina")
    write(tina, "Your reply", "And one thing more.", "Post reply")
    tina.post(2).wait_for()
    assert "And one thing more." in tina.post(2).inner_text()

    ivan = visit(javascript=javascript)
    ivan.sign_in(site.cast.ivan)
    ivan.go(f"/discussions/{discussion}")
    reply_to(ivan, 1, "Tina")
    write(ivan, "Your comment", "Well seen.", "Post comment")
    ivan.post(3).wait_for()

    tina.page.reload()
    heading = tina.post(3).get_by_role("heading")
    assert tina.say("Comment") in heading.inner_text()
    assert "Ivan" in heading.inner_text()
    assert tina.say("Comment") not in tina.post(2).get_by_role("heading").inner_text()
    if javascript:
        assert tina.post(3).evaluate(APPEARANCE) != tina.post(2).evaluate(APPEARANCE), "it is not set apart"
    assert tina.complaints == ivan.complaints == []


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_discussion_that_closes_meanwhile_gives_the_text_back(
    site: Site, visit: Callable[..., Visitor], javascript: bool
) -> None:
    discussion = site.discussion(f"Closing soon, {javascript}")
    tom = visit(javascript=javascript)
    tom.sign_in(site.cast.tom)
    tom.go(f"/discussions/{discussion}")
    label = tom.page.get_by_label(tom.say("Your reflection"))
    label.fill("Line one.\n\n  Line two, typed for an hour.")
    post = tom.page.get_by_role("button", name=tom.say("Post reflection"), exact=True)
    if javascript:  # a page that listens would have heard of it before
        held = Held(tom)
        post.click()
        site.close(discussion)
        held.next().continue_()
    else:
        site.close(discussion)
        post.click()

    refusal = tom.page.get_by_role("alert")
    refusal.wait_for()
    assert tom.say("This discussion has closed, so your text was not posted. It is still here.") in refusal.inner_text()
    kept = tom.page.locator("textarea[name=body]").first.input_value()
    assert kept == "Line one.\n\n  Line two, typed for an hour."
    assert tom.complaints == []


def test_a_text_under_way_is_still_there_after_a_reload(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Kept on this device")
    tom = visit()
    tom.sign_in(site.cast.tom)
    tom.go(f"/discussions/{discussion}")
    tom.page.get_by_label(tom.say("Your reflection")).press_sequentially("Half a thou")
    tom.page.reload()
    assert tom.page.get_by_label(tom.say("Your reflection")).input_value() == "Half a thou"
    assert tom.complaints == []


def test_the_keyboard_alone_is_enough_to_post(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("By keyboard")
    tom = visit()
    tom.sign_in(site.cast.tom)
    tom.go(f"/discussions/{discussion}")
    _tab_to(tom.page, "textarea")
    tom.page.keyboard.type("No mouse here.")
    tom.page.keyboard.press("Control+Enter")
    tom.post(1).wait_for()
    assert "No mouse here." in tom.post(1).inner_text()
    assert tom.complaints == []


def _tab_to(page: Any, tag: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == tag:
            return
    raise AssertionError(f"forty tabs lead to no {tag}")

"""The discussion page in the hand: the first words at once, the figures in a sheet, the composer at hand."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import commit, db
from forum.discussions.models import Discussion
from forum.discussions.read_marks import mark_read
from forum.members.models import Member
from tests.browser.conftest import Site, Visitor
from tests.cast import Person, add_person

pytestmark = pytest.mark.browser

TITLE = {
    "en": "What struck you most in the lecture of this morning?",
    "zh": "听了今天上午的辅导报告，您感触最深的是哪一点？回去打算怎么做？",
}
PROMPT = {
    "en": "Write **three to five sentences**. " + "Begin with what you have seen yourself, not what was said. " * 9,
    "zh": "请写**三到五句话**。" + "从自己亲眼所见写起，不要复述报告内容；请结合本支部的实际，谈一谈困难和打算。" * 7,
}
WHERE = {"en": ["City / Riverside District"], "zh": ["深圳市 / 龙岗区第一支部"]}
POSITION = {"en": "branch secretary", "zh": "支部副主任委员兼宣传委员"}
THOUGHT = {"en": "What struck me was how little we ask.", "zh": "感触最深的是，我们平时问得太少了。"}
# Of the first character of an element.
TOP = """element => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode(), range = new Range();
    range.setStart(text, 0);
    range.setEnd(text, 1);
    return range.getBoundingClientRect().bottom + scrollY;
}"""
LINES = (
    "element => Math.round(element.getBoundingClientRect().height / parseFloat(getComputedStyle(element).lineHeight))"
)


@pytest.fixture(scope="session")
def talks(site: Site) -> Callable[[str], tuple[str, int]]:
    """By language, a discussion in it with ten reflections by somebody of a unit, with a position; made once."""

    @cache
    def begin(language: str) -> tuple[str, int]:
        discussion = site.discussion(TITLE[language], PROMPT[language])
        with site.app.app_context():
            spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
            author = add_person(f"Tess-{language}", *WHERE[language], position=POSITION[language])
            enrol_member(spring, author, Role.TRAINEE)
            commit()
            tess = Person(author.id, author.name, author.email or "")
        for _ in range(10):
            site.publish(tess, discussion, THOUGHT[language])
        return language, discussion

    return begin


@pytest.fixture(params=["en", "zh"])
def talk(talks: Callable[[str], tuple[str, int]], request: pytest.FixtureRequest) -> tuple[str, int]:
    return talks(str(request.param))


@pytest.fixture
def tom(site: Site, visit: Callable[..., Visitor], talk: tuple[str, int]) -> Callable[..., Visitor]:
    """Tom at the discussion, with a phone."""

    def begin(javascript: bool = True) -> Visitor:
        locale = {"en": "en-GB", "zh": "zh-CN"}[talk[0]]
        visitor = visit(javascript, 390, 844, has_touch=True, is_mobile=True, locale=locale)
        visitor.sign_in(site.cast.tom, talk[0])
        visitor.go(f"/discussions/{talk[1]}")
        return visitor

    return begin


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_the_first_words_of_the_first_reflection_are_seen_at_once(
    tom: Callable[..., Visitor], javascript: bool
) -> None:
    page = tom(javascript).page
    assert page.get_by_role("heading", level=1).evaluate(LINES) == 2
    assert page.locator("#post-1 .text").evaluate(TOP) <= 400


def test_the_figures_come_up_in_a_sheet_and_go_again(tom: Callable[..., Visitor]) -> None:
    visitor = tom()
    sheet, button = figures_of(visitor)
    assert not sheet.is_visible()
    button.tap()
    assert sheet.is_visible()
    assert visitor.say("Participation") in sheet.inner_text()
    visitor.page.keyboard.press("Escape")
    assert not sheet.is_visible()
    button.tap()
    sheet.get_by_role("button", name=visitor.say("Close"), exact=True).tap()
    assert not sheet.is_visible()
    assert visitor.complaints == []


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_neither_what_is_new_nor_a_long_title_pushes_them_down(
    site: Site, tom: Callable[..., Visitor], talk: tuple[str, int], javascript: bool
) -> None:
    long = site.discussion(TITLE[talk[0]] * 2, PROMPT[talk[0]])
    site.publish(site.cast.tom, long, THOUGHT[talk[0]])
    with site.app.app_context():
        tom_himself, discussion = db.session.get(Member, site.cast.tom.id), db.session.get(Discussion, long)
        assert tom_himself
        assert discussion
        mark_read(tom_himself, discussion, 1)
        commit()
    site.publish(site.cast.ivan, long, THOUGHT[talk[0]])
    visitor = tom(javascript)
    visitor.go(f"/discussions/{long}")
    news = visitor.page.get_by_role("link", name=visitor.say("First new post"))
    assert news.is_visible()
    assert visitor.page.get_by_role("heading", level=1).evaluate(LINES) == 3
    assert visitor.page.locator("#post-1 .text").evaluate(TOP) <= 400
    news.tap()
    visitor.page.wait_for_url("**#post-2")


def figures_of(visitor: Visitor) -> tuple[Any, Any]:
    """The sheet, and what brings it up."""
    return visitor.page.locator("#figures"), visitor.page.locator("button[popovertarget=figures]:not(#figures *)")


def test_the_composer_is_at_hand_keeps_its_text_and_posts_it(tom: Callable[..., Visitor]) -> None:
    visitor = tom()
    writing = visitor.page.get_by_label(visitor.say("Your reflection"))
    lines = writing.bounding_box()
    assert lines["y"] + lines["height"] <= 844, "it is below the page"
    writing.tap()
    writing.press_sequentially("Written on the way home.")
    post = visitor.page.get_by_role("button", name=visitor.say("Post reflection"), exact=True)
    assert post.is_visible()
    assert post.bounding_box()["y"] < 844
    visitor.page.locator("#post-2 .text").tap()
    assert writing.input_value() == "Written on the way home."
    visitor.page.reload()
    assert writing.input_value() == "Written on the way home."
    writing.tap()
    before = visitor.page.locator("article[data-number]").count()
    post.tap()
    visitor.page.locator("article[data-number]").nth(before).wait_for()
    assert "Written on the way home." in visitor.page.locator("article").last.inner_text()
    assert visitor.page.get_by_label(visitor.say("Your reflection")).input_value() == ""
    assert visitor.complaints == []


def test_without_script_the_same_page_is_complete(tom: Callable[..., Visitor]) -> None:
    visitor = tom(javascript=False)
    prompt = visitor.page.locator("#prompt")
    folded = prompt.bounding_box()["height"]
    visitor.page.locator("a[href='#prompt']").tap()
    assert prompt.bounding_box()["height"] > 2 * folded
    sheet, button = figures_of(visitor)
    button.tap()
    assert sheet.is_visible()
    assert visitor.say("Participation") in sheet.inner_text()
    sheet.get_by_role("button", name=visitor.say("Close"), exact=True).tap()
    visitor.page.get_by_label(visitor.say("Your reflection")).fill("Without any script.")
    visitor.page.get_by_role("button", name=visitor.say("Post reflection"), exact=True).tap()
    visitor.page.wait_for_url("**#post-*")
    assert "Without any script." in visitor.page.locator("article").last.inner_text()
    assert visitor.complaints == []

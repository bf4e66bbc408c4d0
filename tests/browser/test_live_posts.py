"""Posts that others write or change come to an open page, each to its place, and the reader is not moved."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visitor
from tests.cast import Person

pytestmark = pytest.mark.browser

LONG = "听完报告，我对“把课堂搬到田间地头”有了新的认识。" * 12
Visit = Callable[..., Visitor]


def listening(visit: Visit, person: Person, path: str | int, language: str = "en", **options: Any) -> Visitor:
    """On the page of a discussion, or at another path, and joined."""
    visitor = visit(**options)
    visitor.sign_in(person, language)
    visitor.go(f"/discussions/{path}")
    expect(visitor.page.locator("#live")).to_have_attribute("data-joined", "true")
    return visitor


def bar(visitor: Visitor) -> Any:
    return visitor.page.locator("a.arrivals")


def top_of(visitor: Visitor, number: int) -> float:
    return float(visitor.post(number).evaluate("post => post.getBoundingClientRect().top"))


def numbers(visitor: Visitor) -> list[str]:
    return [post.get_attribute("data-number") for post in visitor.page.locator("article.post").all()]


def test_reflections_and_replies_arrive_in_their_places(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Arriving")
    tina = listening(visit, site.cast.tina, discussion)
    for body, parent in [("The first.", None), ("The second.", None), ("To the first.", 1), ("To that.", 3)]:
        site.publish(site.cast.tom, discussion, body, parent)
    site.publish(site.cast.tom, discussion, "To the second.", 2)
    expect(tina.post(5)).to_be_visible()
    assert numbers(tina) == ["1", "3", "4", "2", "5"]
    assert tina.page.locator("#thread-1 > .replies > article").count() == 2
    assert tina.post(4).locator(".to").inner_text() == "to #3 Tom"
    assert tina.page.locator(".empty").count() == 0
    assert tina.page.locator(".tag.is-new").count() == 5
    tina.page.reload()
    assert numbers(tina) == ["1", "3", "4", "2", "5"]
    assert tina.complaints == []


def test_its_author_is_led_to_why_a_post_was_hidden(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Why")
    site.publish(site.cast.tina, discussion, "Mine.")
    tina, tom = listening(visit, site.cast.tina, discussion), listening(visit, site.cast.tom, discussion)
    site.change("hide", site.cast.olga, discussion, 1, "Twice the same.")
    expect(tom.post(1)).to_contain_text("This post is hidden.")
    assert tom.page.get_by_role("link", name="It is yours: see why").count() == 0
    tina.page.get_by_role("link", name="It is yours: see why").click()
    expect(tina.page.get_by_text("Twice the same.")).to_be_visible()


def test_one_writes_in_a_browser_and_another_sees_it(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Side by side")
    tom, tina = listening(visit, site.cast.tom, discussion), listening(visit, site.cast.tina, discussion)
    tina.page.evaluate("window.sameAsBefore = true")
    tom.page.get_by_label("Your reflection").fill("Written here.")
    tom.page.get_by_role("button", name="Post reflection").click()
    expect(tina.post(1)).to_contain_text("Written here.")
    assert tina.page.evaluate("window.sameAsBefore")
    expect(tom.post(1)).to_contain_text("Written here.")
    assert tom.page.locator("article").count() == 1
    assert tom.page.locator(".tag.is-new").count() == 0


def test_the_own_post_is_never_there_twice(site: Site, visit: Visit) -> None:
    """It comes by the socket, and as the answer to the page that sends it."""
    discussion = site.discussion("Once")
    tina = listening(visit, site.cast.tina, discussion)
    tina.page.evaluate(
        """() => {
            const count = () => document.querySelectorAll("#threads article").length;
            window.most = 0;
            new MutationObserver(() => (window.most = Math.max(window.most, count())))
                .observe(document.getElementById("threads"), { childList: true, subtree: true });
        }"""
    )
    for number in (1, 2, 3):
        tina.page.locator("form.composer textarea").fill(f"Text {number}.")
        tina.page.get_by_role("button", name="Post reflection").click()
        expect(tina.post(number)).to_be_visible()
        expect(tina.page.locator("article.is-sending")).to_have_count(0)
        assert tina.page.evaluate("most") == number


def test_edits_hides_features_and_deletions_arrive(site: Site, visit: Visit) -> None:
    cast, discussion = site.cast, site.discussion("Changing")
    for body in ("One.", "Two.", "Three.", "Four."):
        site.publish(cast.tom, discussion, body)
    tina = listening(visit, cast.tina, discussion)
    site.change("edit", cast.tom, discussion, 1, "One, and better.")
    site.change("hide", cast.olga, discussion, 2, "Not for here.")
    site.change("feature", cast.ivan, discussion, 3)
    site.change("delete", cast.tom, discussion, 4)
    expect(tina.post(1)).to_contain_text("One, and better.")
    expect(tina.post(1)).to_contain_text("edited")
    expect(tina.post(2)).to_contain_text("This post is hidden.")
    expect(tina.post(2)).not_to_contain_text("Two.")
    expect(tina.post(3)).to_contain_text("Featured")
    expect(tina.post(4)).to_have_count(0)
    site.change("restore", cast.olga, discussion, 2)
    expect(tina.post(2)).to_contain_text("Two.")
    assert tina.page.locator(".tag.is-new").count() == 0
    assert not bar(tina).is_visible()


def test_what_is_deleted_goes_unless_somebody_is_at_work_with_it(site: Site, visit: Visit) -> None:
    cast, discussion = site.cast, site.discussion("Deleted")
    for body, parent in (("One.", None), ("Two.", None), ("To one.", 1), ("Three.", None), ("To three.", 4)):
        site.publish(cast.tom, discussion, body, parent)
    tina = listening(visit, cast.tina, discussion)
    site.change("delete", cast.tom, discussion, 3)
    expect(tina.page.locator("#thread-1 .replies")).to_have_count(0)
    expect(tina.post(1)).to_contain_text("One.")
    site.change("delete", cast.tom, discussion, 1)
    expect(tina.page.locator("#thread-1")).to_have_count(0)
    tina.page.get_by_role("link", name="Reply to #2 Tom", exact=True).click()
    site.change("delete", cast.tom, discussion, 2)
    expect(tina.post(2)).to_contain_text("Deleted.")
    expect(tina.page.locator("#thread-2 form.composer")).to_be_visible()
    assert numbers(tina) == ["2", "4", "5"]


def test_the_bar_forgets_what_was_deleted(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Deleted again")
    for _ in range(6):
        site.publish(site.cast.tina, discussion, LONG)
    tina = listening(visit, site.cast.tina, discussion)
    number = site.publish(site.cast.tom, discussion, "Too early.")
    expect(bar(tina)).to_contain_text("1 new post")
    site.change("delete", site.cast.tom, discussion, number)
    expect(bar(tina)).to_be_hidden()


def test_the_keyboard_stays_where_it_is_when_its_post_changes(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Focused")
    site.publish(site.cast.tom, discussion, "One.")
    tina = listening(visit, site.cast.tina, discussion)
    tina.page.get_by_role("link", name="Quote #1 Tom").focus()
    site.change("edit", site.cast.tom, discussion, 1, "One, and better.")
    expect(tina.post(1)).to_contain_text("One, and better.")
    expect(tina.page.get_by_role("link", name="Quote #1 Tom")).to_be_focused()


@pytest.mark.parametrize(("language", "said"), [("en", "3 new posts"), ("zh", "3")])
@pytest.mark.parametrize("width", [1280, 390])
def test_who_has_scrolled_is_not_moved_and_a_bar_leads_there(
    site: Site, visit: Visit, language: str, said: str, width: int
) -> None:
    discussion = site.discussion(f"Not moved, {language} {width}")
    for _ in range(6):
        site.publish(site.cast.tom, discussion, LONG)
    tina = listening(visit, site.cast.tina, discussion, language, width=width)
    tina.post(3).evaluate("post => post.scrollIntoView({ block: 'start', behavior: 'instant' })")
    before = top_of(tina, 3)
    site.publish(site.cast.tom, discussion, LONG, 1)
    site.publish(site.cast.tom, discussion, "At the end.")
    site.change("edit", site.cast.tom, discussion, 2, LONG * 3)
    site.publish(site.cast.tom, discussion, "Above.", 1)
    expect(bar(tina)).to_contain_text(said)
    assert abs(top_of(tina, 3) - before) < 1
    bar(tina).focus()
    tina.page.keyboard.press("Enter")
    expect(tina.post(7).locator(".who-name")).to_be_focused()
    assert top_of(tina, 7) >= 0
    tina.page.evaluate("scrollTo(0, 1e6)")
    expect(tina.post(8)).to_be_in_viewport()
    expect(bar(tina)).to_contain_text(said.replace("3 new posts", "1 new post").replace("3", "1"))
    tina.post(9).scroll_into_view_if_needed()
    expect(bar(tina)).to_be_hidden()
    site.change("edit", site.cast.tom, discussion, 9, "Changed, but known.")
    expect(tina.post(9)).to_contain_text("Changed, but known.")
    assert tina.post(9).locator(".tag.is-new").count() == 1
    tina.page.evaluate("scrollTo(0, 0)")
    site.change("edit", site.cast.tom, discussion, 8, "Changed, but known.")
    expect(tina.post(8)).to_contain_text("Changed, but known.")
    expect(bar(tina)).to_be_hidden()
    assert tina.complaints == []


def test_a_reply_under_way_is_not_moved(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Writing")
    for _ in range(3):
        site.publish(site.cast.tom, discussion, LONG)
    tina = listening(visit, site.cast.tina, discussion)
    tina.page.get_by_role("link", name="Reply to #2 Tom").click()
    composer, writing = tina.page.locator("form.composer"), tina.page.get_by_label("Your reply")
    writing.press_sequentially("As I see it")
    before = composer.bounding_box()
    site.change("edit", site.cast.tom, discussion, 2, LONG * 2)
    site.publish(site.cast.tom, discussion, LONG, 1)
    site.publish(site.cast.tom, discussion, "After mine.", 2)
    expect(tina.post(5)).to_be_attached()
    assert abs(composer.bounding_box()["y"] - before["y"]) < 2
    expect(writing).to_be_focused()
    assert writing.input_value() == "As I see it"


def test_a_comment_is_said_and_the_bar_names_it(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Commented")
    for _ in range(6):
        site.publish(site.cast.tina, discussion, LONG)
    tina = listening(visit, site.cast.tina, discussion)
    site.publish(site.cast.ivan, discussion, "Well seen.", 6)
    said = tina.page.locator("[role=status]", has_text="Comment by Ivan on #6")
    expect(said).to_be_attached()
    expect(bar(tina)).to_have_text("Comment by Ivan")
    site.publish(site.cast.ivan, discussion, "And this.", 7)
    expect(tina.page.locator("[role=status]", has_text="Comment by Ivan on #7")).to_be_attached()
    expect(bar(tina)).to_contain_text("2 new posts")


def test_a_filtered_page_counts_and_leads_to_the_post(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Filtered")
    site.publish(site.cast.tina, discussion, "Mine.")
    tina = listening(visit, site.cast.tina, f"{discussion}?filter=mine")
    site.publish(site.cast.tom, discussion, "Not mine.")
    expect(bar(tina)).to_have_text("1 new post")
    assert numbers(tina) == ["1"]
    bar(tina).click()
    tina.page.wait_for_url("**?show=2#post-2")
    expect(tina.post(2)).to_contain_text("Not mine.")


def test_what_stands_on_a_later_page_is_counted_only(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Long")
    for number in range(21):
        site.publish(site.cast.tom, discussion, f"Number {number}.")
    tina = listening(visit, site.cast.tina, discussion)
    site.publish(site.cast.tom, discussion, "At the very end.")
    expect(bar(tina)).to_have_text("1 new post")
    assert "22" not in numbers(tina)
    site.publish(site.cast.tom, discussion, "To the first.", 1)
    expect(tina.post(23)).to_be_attached()


def test_the_page_of_a_reflection_shows_replies_as_they_come(site: Site, visit: Visit) -> None:
    discussion = site.discussion("One reflection")
    site.publish(site.cast.tina, discussion, "Mine.")
    site.publish(site.cast.tom, discussion, "Another.")
    tina = listening(visit, site.cast.tina, f"{discussion}/posts/1")
    site.publish(site.cast.tom, discussion, "Elsewhere.", 2)
    site.publish(site.cast.tom, discussion, "A reply.", 1)
    site.change("feature", site.cast.olga, discussion, 1)
    expect(tina.post(4)).to_contain_text("A reply.")
    expect(tina.post(1)).to_contain_text("Featured")
    assert numbers(tina) == ["1", "4"]
    assert tina.page.locator("#replies .quiet").count() == 0
    assert tina.post(4).locator(".who-name").get_attribute("aria-level") == "3"

"""赞 in the browser: pressed where one reads, kept over a reload, led to the post's page where script does not help."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def discussion(site: Site) -> int:
    """#1 Tina, #2 Tom."""
    discussion = site.discussion("What one likes")
    site.publish(site.cast.tina, discussion, "The first.")
    site.publish(site.cast.tom, discussion, "The second.")
    return discussion


def like(visitor: Visitor, number: int) -> Any:
    return visitor.post(number).locator(".is-like")


def wait_for(visitor: Visitor, number: int, words: str, pressed: str) -> None:
    place = f"#post-{number} .is-like[aria-pressed={pressed}]"
    visitor.page.locator(place).filter(has_text=words).wait_for()


def test_a_like_is_pressed_and_taken_back_where_one_reads(
    site: Site, visit: Callable[..., Visitor], discussion: int
) -> None:
    tina = visit(width=390)
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    assert like(tina, 1).is_hidden(), "her own, which nobody likes yet"
    like(tina, 2).click()
    wait_for(tina, 2, "Like 1", "true")
    tina.page.reload()
    wait_for(tina, 2, "Like 1", "true")
    like(tina, 2).press("Space")
    like(tina, 2).locator("b").wait_for(state="detached")
    wait_for(tina, 2, "Like", "false")
    like(tina, 2).press("Enter")
    wait_for(tina, 2, "Like 1", "true")
    tina.go(f"/discussions/{discussion}/posts/2")
    assert tina.page.get_by_role("button", name="No longer like").count() == 1
    assert tina.complaints == []


def test_where_the_answer_does_not_come_the_link_leads_to_the_post(
    site: Site, visit: Callable[..., Visitor], discussion: int
) -> None:
    tina = visit()
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    tina.page.route("**/like", lambda route: route.abort())
    like(tina, 2).click()
    tina.page.wait_for_url(f"**/discussions/{discussion}/posts/2")
    assert tina.page.get_by_role("button", name="Like", exact=True).count() == 1


def test_without_script_the_button_is_on_the_post_s_page(
    site: Site, visit: Callable[..., Visitor], discussion: int
) -> None:
    tina = visit(javascript=False)
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    like(tina, 2).click()
    tina.page.get_by_role("button", name="Like", exact=True).click()
    assert tina.page.locator(".likes").inner_text() == "1 like"
    tina.page.get_by_role("button", name="No longer like").click()
    assert tina.page.locator(".likes").count() == 0

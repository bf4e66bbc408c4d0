"""The bell in the header: it rings on an open page, leads to the notifications, and they to the posts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visitor
from tests.browser.test_live_posts import listening

pytestmark = pytest.mark.browser


def test_a_comment_rings_and_is_one_press_away(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Ringing")
    site.publish(site.cast.tom, discussion, "My thought.")
    tom = listening(visit, site.cast.tom, f"{discussion}?filter=mine")
    bell = tom.page.locator(".bell")
    before = int(bell.locator("[data-bell-target=number]").text_content() or 0)
    site.publish(site.cast.ivan, discussion, "Well said.", 1)
    expect(bell.locator("[data-bell-target=number]")).to_have_text(str(before + 1))
    expect(bell.locator(".bell-count")).to_be_visible()
    bell.click()
    tom.page.get_by_role("link", name="Ivan commented below your post #1").first.click()
    tom.page.wait_for_url(f"**/discussions/{discussion}?show=2#post-2")
    expect(tom.post(2)).to_be_in_viewport()
    assert tom.complaints == []


def test_without_script_it_is_a_link(site: Site, visit: Callable[..., Visitor]) -> None:
    ivan = visit(javascript=False, width=320)
    ivan.sign_in(site.cast.ivan)
    ivan.page.get_by_role("link", name="Notifications").click()
    ivan.page.wait_for_url("**/notifications")
    assert ivan.page.locator("h1").inner_text() == "Notifications"

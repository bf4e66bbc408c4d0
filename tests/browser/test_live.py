"""Two browsers side by side: what one does the other sees, without loading the page again and without being moved."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, Visitor
from tests.cast import Person

pytestmark = pytest.mark.browser


def listening(visit: Callable[..., Visitor], person: Person, discussion: int, language: str = "en", **options: Any) -> Visitor:
    """On the page of the discussion, which has joined."""
    visitor = visit(**options)
    visitor.sign_in(person, language)
    visitor.go(f"/discussions/{discussion}")
    visitor.page.locator(".presence:not([hidden])").wait_for()
    return visitor


def test_a_reflection_and_a_reply_arrive(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("Arriving")
    site.publish(site.cast.tina, discussion, "The first.")
    tina = listening(visit, site.cast.tina, discussion)
    site.publish(site.cast.tom, discussion, "The second.")
    site.publish(site.cast.tom, discussion, "A reply.", 1)
    tina.page.locator("#threads > #thread-2 > #post-2").get_by_text("The second.").wait_for()
    tina.page.locator("#thread-1 > .replies > #post-3").get_by_text("A reply.").wait_for()
    assert tina.post(2).locator(".tag.is-new").inner_text() == "New"
    assert tina.complaints == []

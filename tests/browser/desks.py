"""Ivan at the desk, where the reflections of one discussion wait."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, Visitor


@pytest.fixture
def waiting(site: Site, request: pytest.FixtureRequest) -> int:
    """A discussion in which three reflections wait."""
    discussion = site.discussion(f"Waiting, {request.node.name}")
    for author in (site.cast.tina, site.cast.tom, site.cast.tina):
        site.publish(author, discussion, "What struck me.")
    return discussion


@pytest.fixture
def at_desk(site: Site, visit: Callable[..., Visitor], waiting: int) -> Callable[..., Visitor]:
    def begin(**options: Any) -> Visitor:
        ivan = visit(**options)
        ivan.sign_in(site.cast.ivan)
        go_to_desk(ivan, waiting, listens=options.get("javascript", True))
        return ivan

    return begin


def go_to_desk(visitor: Visitor, discussion: int, listens: bool = True) -> None:
    """Until it listens: then the page asks what it missed."""
    path = f"/classes/spring/desk?discussion={discussion}"
    if not listens:
        visitor.go(path)
        return
    with visitor.page.expect_response("**/desk?*fragment=list"):
        visitor.go(path)


def item(visitor: Visitor, number: int) -> Any:
    return visitor.page.locator(f".desk-item[data-number='{number}']")


def lying(visitor: Visitor) -> list[str]:
    return [one.get_attribute("data-number") for one in visitor.page.locator(".desk-item").all()]


def said(visitor: Visitor, words: str) -> None:
    visitor.page.locator(".desk-said").get_by_text(words, exact=True).wait_for()

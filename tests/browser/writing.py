"""Tina at her computer, writing in a discussion, and what stands between her and the server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from forum.db import db
from forum.discussions.models import Post
from tests.browser.conftest import Site, Visitor

# Without a network; and where the page goes while its socket is still on its way.
LOST = ("net::ERR_", "WebSocket is closed before")
# The composer says so.
IS = "text => document.querySelector('form.composer textarea').value === text"
# A window that hears nothing of the others.
DEAF = "addEventListener('storage', (event) => event.stopImmediatePropagation(), true)"


@dataclass
class Writer(Visitor):
    """A visitor who writes in the discussion of this number."""

    discussion: int = 0

    @property
    def composer(self) -> Any:
        return self.page.locator("form.composer textarea")

    def write(self, text: str, verb: str = "Post reflection") -> None:
        self.composer.fill(text)
        self.page.get_by_role("button", name=self.say(verb), exact=True).click()

    def under_way(self, words: str = "") -> Any:
        """The texts under way that say so."""
        return self.page.locator("article.is-sending", has_text=self.say(words) if words else None)

    @property
    def posted(self) -> list[str]:
        with self.site.app.app_context():
            found = db.session.query(Post).filter_by(discussion_id=self.discussion).order_by(Post.number)
            return [each.body for each in found]


def writers(visit: Callable[..., Visitor], site: Site) -> Iterator[Callable[..., Writer]]:
    """`begin("A title")`: Tina, signed in, in a new discussion of that title. In the end nothing was complained of but
    what got lost on its way."""
    begun: list[Writer] = []

    def begin(title: str, language: str = "en", at: Site = site) -> Writer:
        visitor = visit()
        begun.append(Writer(visitor.page, at, visitor.complaints, discussion=site.discussion(title)))
        begun[-1].sign_in(site.cast.tina, language)
        begun[-1].go(f"/discussions/{begun[-1].discussion}")
        return begun[-1]

    yield begin
    for one in begun:
        unexpected = [said for said in one.complaints if not any(lost in said for lost in LOST)]
        assert not unexpected, unexpected


class Held:
    """Holds the posts that a page sends until they are asked for, one by one; what a page that was left had tried again
    is gone with it."""

    def __init__(self, visitor: Visitor) -> None:
        self._page, self._routes = visitor.page, list[Any]()
        visitor.page.route("**/posts", self._hold)
        visitor.page.on("framenavigated", lambda _frame: self._routes.clear())

    def _hold(self, route: Any) -> None:
        if route.request.method == "POST":
            self._routes.append(route)
        else:
            route.continue_()

    def next(self) -> Any:
        while not self._routes:
            self._page.wait_for_timeout(20)
        return self._routes.pop(0)

"""A page watched for what no text should make it do."""

from pathlib import Path
from typing import Any

from forum.text import _ATTRIBUTES, _TAGS
from tests.browser.conftest import Visitor

WATCH = Path(__file__).with_name("watch.js")
ALLOWED = [sorted(_TAGS), {tag: sorted(names) for tag, names in _ATTRIBUTES.items()}]


class Watch:
    """What a page does that no text should make it do."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.stirred = visitor, 0
        self.seen: list[str] = []
        page, own = visitor.page, visitor.site.url
        page.context.add_init_script(path=WATCH)
        page.context.route("**/*", lambda route: route.continue_() if _is(own, route.request.url) else route.abort())
        page.on("request", lambda request: _is(own, request.url) or self.seen.append(f"asked {request.url}"))
        page.on("framenavigated", lambda frame: _is(own, frame.url) or self.seen.append(f"went to {frame.url}"))
        page.on("popup", lambda popup: self.seen.append(f"opened {popup.url}"))
        page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Any) -> None:
        self.seen.append(f"said {dialog.message}")
        dialog.dismiss()

    def go(self, path: str) -> dict[str, Any]:
        """What there is on the page, before and after everything in its texts has been touched."""
        self.visitor.go(path)
        shape: dict[str, Any] = self.visitor.page.evaluate("(allowed) => watchOfTest.look(...allowed)", ALLOWED)
        self.stirred += self.visitor.page.evaluate("watchOfTest.stir()")
        self._stands_at(path)
        return shape

    def ways(self, path: str) -> set[str]:
        """Of the page as it stands, at this address: the kinds of elements from the root down to each."""
        found = set(self.visitor.page.evaluate("watchOfTest.ways()"))
        self._stands_at(path)
        return found

    def words(self, selector: str) -> list[str]:
        """Of each such element."""
        words: list[str] = self.visitor.page.evaluate("(selector) => watchOfTest.words(selector)", selector)
        return words

    def _stands_at(self, path: str) -> None:
        self.seen += self.visitor.page.evaluate("watchOfTest.noted")
        if self.visitor.page.url != self.visitor.site.url + path:
            self.seen.append(f"stands at {self.visitor.page.url}")


def _is(own: str, url: str) -> bool:
    return url.startswith((f"{own}/", "data:")) or url in (own, "about:blank")

"""A page as its reader has it: elements, forms with their fields, words. Enough HTML to test with, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "rect", "source", "track", "wbr"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def walk(self) -> Iterator[Element]:
        """All that is in it; what a template holds is not there yet."""
        if self.tag == "template":
            return
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        """By tag and attributes; `class_` asks for one of the classes."""
        return [one for one in self.walk() if (tag is None or one.tag == tag) and one.has(**attributes)]

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert found, f"no <{tag} {attributes}> in: {self.words[:2000]}"
        return found[0]

    def has(self, **attributes: str) -> bool:
        for name, value in attributes.items():
            name = name.rstrip("_").replace("_", "-")
            kept = self.attributes.get(name)
            if kept is None or (value not in kept.split() if name == "class" else value != kept):
                return False
        return True

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


class Form:
    """A form with the values a browser would send: hidden fields, text fields, textareas."""

    def __init__(self, element: Element) -> None:
        self.element, self.action = element, element.get("action").partition("#")[0]
        self.fields: dict[str, str] = {}
        for field in element.walk():
            if "name" not in field.attributes or field.tag not in ("input", "textarea"):
                continue
            if field.tag == "textarea":
                # HTML knows one kind of line end, and drops one at the start of a textarea.
                self.fields[field["name"]] = field.text.replace("\r\n", "\n").removeprefix("\n")
            elif field.get("type") not in ("checkbox", "submit"):
                self.fields[field["name"]] = field.get("value")


class Page(HTMLParser):
    """`Page(response)`: its status, its elements, its forms."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status: int = response.status_code
        self.headers = response.headers
        self.path: str = response.request.full_path.removesuffix("?")
        self.source: str = response.get_data(as_text=True)
        self.is_html: bool = response.mimetype == "text/html"

    @cached_property
    def root(self) -> Element:
        """Read when it is first looked at: of many answers only the status matters."""
        root = self._open = Element("", {}, None)
        if self.is_html:
            self.feed(self.source)
            self.close()
        return root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.children.append(Element(tag, {name: value or "" for name, value in attrs}, self._open))

    def handle_endtag(self, tag: str) -> None:
        place: Element | None = self._open
        while place is not None and place.tag != tag:
            place = place.parent
        if place is not None and place.parent is not None:
            self._open = place.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        return self.root.all(tag, **attributes)

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        return self.root.one(tag, **attributes)

    @property
    def words(self) -> str:
        return self.root.words

    @property
    def forms(self) -> list[Form]:
        return [Form(element) for element in self.all("form")]

    def form(self, action: str) -> Form:
        """The first form sent to this address (an address that ends so)."""
        for form in self.forms:
            if form.action == action or (action and form.action.endswith(action)):
                return form
        raise AssertionError(f"{self.status}: no form to {action!r} among {[form.action for form in self.forms]}")

    @property
    def numbers(self) -> list[int]:
        """The numbers of the posts shown, in order."""
        return [int(article["data-number"]) for article in self.all("article") if "data-number" in article.attributes]

    def post(self, number: int) -> Element:
        return self.one("article", id=f"post-{number}")

    @property
    def refusal(self) -> str:
        """What the forum says no with."""
        found = self.all("p", class_="refusal") + self.all("p", class_="aside-note")
        return found[0].words if found else ""

"""What a call was sent: read strictly, since a program does not look at what came back. Each fault is named."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from forum.discussions.models import Stage
from forum.i18n import gettext as _
from forum.statistics.figures import GROUPINGS, By, Period
from forum.text import clean_source, is_blank

T = TypeVar("T")
Choice = TypeVar("Choice", bound=str)

LARGEST_NUMBER = 2**31 - 1
LONGEST_KEY = 255
PAGE, LARGEST_PAGE = 50, 200
FIRST_YEAR, LAST_YEAR = 1900, 9000


class Mistaken(Exception):
    """By the name of each part of the request that is wrong: why."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


class Malformed(Exception):
    """It is no JSON object at all."""


class Arguments:
    """Those of an address, one at a time; `end()` when all have been asked for. Empty ones are as good as absent."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self._sent = {name: value for name, value in sent.items() if value}
        self._errors: dict[str, str] = {}

    def number(self, name: str, default: int, least: int = 0, most: int = LARGEST_NUMBER) -> int:
        text = self._sent.pop(name, "")
        if not text:
            return default
        if text.isascii() and text.isdigit() and len(text) < 11 and least <= int(text) <= most:
            return int(text)
        self._errors[name] = _("Send a whole number from %(least)s to %(most)s.", least=least, most=most)
        return default

    def day(self, name: str) -> date | None:
        text = self._sent.pop(name, "")
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._errors[name] = _("Send a day like 2026-03-02.")
        return day

    def period(self) -> Period:
        period = Period(self.day("from"), self.day("to"))
        if period.first and period.last and period.last < period.first:
            self._errors["to"] = _("The last day is before the first.")
        return period

    def grouping(self) -> By | None:
        return self._choice("by", GROUPINGS)

    def stage(self) -> Stage | None:
        return self._choice("stage", tuple(Stage))

    def level(self) -> int | None:
        level = self.number("level", -1)
        return None if level < 0 else level

    def thing(self, name: str, find: Callable[[int], T | None]) -> T | None:
        """What is found by the id that was sent."""
        identity = self.number(name, 0, 1)
        found = find(identity) if identity else None
        if identity and found is None:
            self._errors[name] = _("There is none with this number in the class.")
        return found

    def _choice(self, name: str, known: tuple[Choice, ...]) -> Choice | None:
        asked = self._sent.pop(name, "")
        found = next((choice for choice in known if choice == asked), None)
        if asked and found is None:
            self._errors[name] = _("Send one of: %(known)s.", known=", ".join(known))
        return found

    def slug(self, name: str) -> str | None:
        return self._sent.pop(name, "") or None

    def end(self) -> None:
        for name in self._sent:
            self._errors[name] = _("This call has no such parameter.")
        if self._errors:
            raise Mistaken(self._errors)


def json_object(sent: bytes) -> dict[str, Any]:
    try:
        value = json.loads(sent.decode())
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(value, dict):
        raise Malformed
    return value


def new_post(sent: Mapping[str, Any]) -> tuple[str, int | None]:
    """The text and the number of the post that it answers."""
    errors = {name: _("This call takes body and parent only.") for name in sent if name not in ("body", "parent")}
    body, parent = sent.get("body"), sent.get("parent")
    if not isinstance(body, str) or is_blank(body) or not _is_text(body):
        errors["body"] = _("Send the text of the post, which must not be blank.")
    if parent is not None and not (type(parent) is int and 1 <= parent <= LARGEST_NUMBER):
        errors["parent"] = _("Send the number of the post that is answered, or null.")
    if errors:
        raise Mistaken(errors)
    assert isinstance(body, str)
    return clean_source(body), parent


def _is_text(text: str) -> bool:
    """JSON can escape halves of characters, which no database takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def once_only_key(sent: str | None) -> str | None:
    key = (sent or "").strip()
    if len(key) > LONGEST_KEY:
        reason = _("Send at most %(count)s characters, for example a UUID.", count=LONGEST_KEY)
        raise Mistaken({"Idempotency-Key": reason})
    return key or None

"""What the figures pages may be asked, in their address; what cannot be understood is left out and marked, so that the
page can say so."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from forum.discussions.models import Discussion, Stage
from forum.statistics.figures import GROUPINGS, By, Period, Scope, sorts
from forum.statistics.queries import Choices

T = TypeVar("T", bound=Any)

# Numbers of rows, small enough for a database; below zero are those that stand for no unit of their own.
_KEY, _AFTER = re.compile(r"-?[0-9]{1,9}"), re.compile(r"[0-9]{1,9}(-[0-9]{1,9})*")


@dataclass(frozen=True, slots=True)
class FiguresQuery:
    by: By
    scope: Scope
    sort: str
    mistaken: bool
    backwards: bool

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """The address that asks this, with changes; what is not asked for is left out."""
        scope = self.scope
        asked = {
            "by": self.by,
            "level": scope.level,
            "from": scope.period.first,
            "to": scope.period.last,
            "discussion": scope.discussion.id if scope.discussion else None,
            "stage": scope.stage,
            "unit": scope.unit.id if scope.unit else None,
            "group": scope.group.id if scope.group else None,
            "sort": self.sort or None,
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}


@dataclass(slots=True)
class _Reader:
    arguments: Mapping[str, str]
    mistaken: bool = field(default=False)

    def among(self, name: str, choices: Iterable[T], value_of: Any = str) -> T | None:
        asked = self.arguments.get(name, "").strip()
        found = next((choice for choice in choices if str(value_of(choice)) == asked), None)
        self.mistaken |= bool(asked) and found is None
        return found

    def day(self, name: str) -> date | None:
        asked = self.arguments.get(name, "").strip()
        day = parse_day(asked)
        self.mistaken |= bool(asked) and day is None
        return day


def parse_figures_query(
    arguments: Mapping[str, str], choices: Choices, whole: Scope, default: By, groupings: Iterable[By] = GROUPINGS
) -> FiguresQuery:
    """`by`, `level`, `from`, `to`, `discussion`, `stage`, `unit`, `group`, `sort`, within what the page is of."""
    read = _Reader(arguments)
    by = read.among("by", groupings) or default
    first, last = read.day("from"), read.day("to")
    backwards = bool(first and last and last < first)
    discussion: Discussion | None = read.among("discussion", choices.discussions, _id)
    scope = Scope(
        training_class=whole.training_class,
        discussion=whole.discussion or discussion,
        period=Period() if backwards else Period(first, last),
        stage=read.among("stage", Stage),
        unit=read.among("unit", choices.units, _id),
        group=read.among("group", choices.groups, _id),
        level=read.among("level", choices.levels) if by == "unit" else None,
    )
    sort = read.among("sort", sorts()) or ""
    return FiguresQuery(by, scope, sort, mistaken=read.mistaken, backwards=backwards)


def parse_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None


def _id(thing: Any) -> int:
    found: int = thing.id
    return found


def parse_row_key(by: By, text: str) -> int | str | None:
    """The key of a row of the table by these, as its links have it; None if it is none."""
    if by == "stage":
        return text if text in set(Stage) else None
    if by == "week":
        day = parse_day(text)
        return str(day) if day and day.weekday() == 0 else None
    return int(text) if _KEY.fullmatch(text) else None


def parse_after(text: str) -> tuple[int, ...]:
    """The key of the last row seen; empty at the beginning."""
    return tuple(map(int, text.split("-"))) if _AFTER.fullmatch(text) else ()

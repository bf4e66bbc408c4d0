"""What the figures pages may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forum.statistics.figures import GROUPINGS, By, Period


@dataclass(frozen=True, slots=True)
class FiguresQuery:
    by: By
    period: Period
    mistaken: bool
    backwards: bool


def parse_figures_query(arguments: Mapping[str, str], default: By) -> FiguresQuery:
    """`by`, `from`, `to`; what cannot be understood is left out and marked, so that the page can say so."""
    asked = arguments.get("by", default)
    by = next((grouping for grouping in GROUPINGS if grouping == asked), default)
    first, first_ok = _day(arguments.get("from", ""))
    last, last_ok = _day(arguments.get("to", ""))
    backwards = bool(first and last and last < first)
    period = Period() if backwards else Period(first, last)
    return FiguresQuery(by, period, mistaken=not (first_ok and last_ok) or by != asked, backwards=backwards)


def _day(text: str) -> tuple[date | None, bool]:
    if not text:
        return None, True
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, False
    return (day, True) if 1900 <= day.year <= 9000 else (None, False)

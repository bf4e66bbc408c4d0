"""Counts by the hour brought together: over time in steps that fit the span, and by weekday and hour of the day.

Times are those that the clocks of the class show, without a zone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

Step = Literal["hour", "day", "week", "month"]

# The longest span of posts that is shown in steps of this length; and how near to it an activity is shown too.
_FITTING: tuple[tuple[Step, timedelta, timedelta], ...] = (
    ("hour", timedelta(days=4), timedelta(hours=12)),
    ("day", timedelta(days=200), timedelta(days=3)),
    ("week", timedelta(days=5 * 366), timedelta(days=14)),
    ("month", timedelta.max, timedelta(days=31)),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What took place, and where among the steps: 1.5 is the middle of the second."""

    place: float
    at: datetime
    thing: Any


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every step from the first to the last, those without a post too."""

    step: Step
    counts: list[tuple[datetime, int]]
    marks: list[Mark]


def timeline(by_hour: Mapping[datetime, int], events: Iterable[tuple[datetime, Any]] = ()) -> Timeline:
    """Of counts by the hour; none where there are no counts. Events are marked that lie in their span or near it."""
    if not by_hour:
        return Timeline("day", [], [])
    first, last = min(by_hour), max(by_hour)
    step, near = next((step, near) for step, span, near in _FITTING if last - first <= span)
    shown = [(at, thing) for at, thing in events if first - near <= at <= last + near]
    first, last = min([first, *(at for at, _thing in shown)]), max([last, *(at for at, _thing in shown)])
    sums: Counter[datetime] = Counter()
    for hour, count in by_hour.items():
        sums[start_of(step, hour)] += count
    starts = list(_steps(step, start_of(step, first), last))
    return Timeline(step, [(start, sums[start]) for start in starts], [_mark(starts, step, *event) for event in shown])


def by_weekday_and_hour(by_hour: Mapping[datetime, int]) -> list[list[int]]:
    """Seven days from Monday, of 24 hours each."""
    grid = [[0] * 24 for _day in range(7)]
    for hour, count in by_hour.items():
        grid[hour.weekday()][hour.hour] += count
    return grid


def start_of(step: Step, moment: datetime) -> datetime:
    """Of the step that the moment lies in; weeks begin on Monday."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    if step == "hour":
        return hour
    day = hour.replace(hour=0)
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _next(step: Step, start: datetime) -> datetime:
    if step == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[step]


def _steps(step: Step, start: datetime, last: datetime) -> Iterator[datetime]:
    while start <= last:
        yield start
        start = _next(step, start)


def _mark(starts: list[datetime], step: Step, at: datetime, thing: Any) -> Mark:
    start = start_of(step, at)
    return Mark(starts.index(start) + (at - start) / (_next(step, start) - start), at, thing)

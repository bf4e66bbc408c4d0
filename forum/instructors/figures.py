"""What each instructor did in a class, or a part of it: how much they commented, whom it reached, how soon, how evenly.

Comments are chosen by their own time, as everywhere; the first comment and what waits are those of the chosen
reflections, by comments of any time.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from forum.instructors import queries
from forum.statistics.scope import Scope


@dataclass(frozen=True, slots=True)
class Reach:
    """`first` counts the commented reflections on which theirs was the first comment."""

    comments: int
    reflections: int
    trainees: int
    units: int
    first: int
    median_seconds_to_first_comment: float | None


@dataclass(frozen=True, slots=True)
class Instructor(Reach):
    """`largest_share` is a fraction of the reflections reached, of the unit of that path; None if none was reached."""

    id: int
    name: str
    unit: str | None
    largest_share: float | None
    largest_unit: str | None
    units_missed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Teaching:
    """`units` wrote a reflection; `unheard` of them have none with a comment."""

    instructors: list[Instructor]
    together: Reach
    units: int
    unheard: list[str]
    waiting: int


@dataclass(slots=True)
class _Tally:
    comments: int = 0
    trainees: int = 0
    by_unit: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))
    waits: list[float] = field(default_factory=list)

    @property
    def reflections(self) -> int:
        return sum(self.by_unit.values())

    @property
    def units(self) -> set[int]:
        return {unit for unit, reflections in self.by_unit.items() if unit and reflections}


def teaching(scope: Scope) -> Teaching:
    tallies = _tallies(scope)
    wrote, waiting = queries.units_with_reflections(scope), queries.waiting_by_group(scope)
    read = queries.read_by_group(scope)
    instructors = []
    for person in queries.instructors_of(scope, tallies):
        left = sum(count - read.get((person.id, group), 0) for group, count in waiting.items()
                   if person.group_id in (None, group))  # fmt: skip
        instructors.append(_instructor(person, tallies[person.id], wrote, left))
    reached = set().union(*(tally.units for tally in tallies.values()))
    return Teaching(
        instructors=instructors,
        together=_together(scope, tallies),
        units=len(wrote),
        unheard=[path for unit, path in wrote.items() if unit not in reached],
        waiting=sum(waiting.values()),
    )


def _tallies(scope: Scope) -> dict[int, _Tally]:
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    for row in queries.comments_by_unit(scope):
        tally = tallies[row.member_id]
        tally.comments += row.comments
        tally.trainees += row.trainees
        tally.by_unit[row.unit_id] += row.reflections
    for row in queries.first_commenters(scope):
        tallies[row.member_id].waits.append((row.answered - row.written).total_seconds())
    return tallies


def _instructor(person: Any, tally: _Tally, wrote: dict[int, str], waiting: int) -> Instructor:
    named = {unit: tally.by_unit[unit] for unit in tally.units}
    largest = max(named, key=lambda unit: named[unit], default=None)
    return Instructor(
        id=person.id,
        name=person.name,
        unit=person.unit,
        comments=tally.comments,
        reflections=tally.reflections,
        trainees=tally.trainees,
        units=len(tally.units),
        first=len(tally.waits),
        median_seconds_to_first_comment=median(tally.waits) if tally.waits else None,
        largest_share=named[largest] / tally.reflections if largest else None,
        largest_unit=wrote.get(largest) if largest else None,
        units_missed=len(wrote.keys() - tally.units),
        waiting=waiting,
    )


def _together(scope: Scope, tallies: dict[int, _Tally]) -> Reach:
    """Computed, not added up: two instructors may have answered the same reflection."""
    reached, waits = queries.reached_by_all(scope), [wait for tally in tallies.values() for wait in tally.waits]
    return Reach(
        comments=sum(tally.comments for tally in tallies.values()),
        reflections=reached.reflections,
        trainees=reached.trainees,
        units=reached.units,
        first=len(waits),
        median_seconds_to_first_comment=median(waits) if waits else None,
    )

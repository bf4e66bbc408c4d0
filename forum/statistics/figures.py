"""The participation figures of a class, by the definitions of the glossary.

Without a period they read Participation; with one, or by week or hour, the counted posts themselves. Totals are always
computed, never summed from rows: by week, hour or stage participants do not add up.
"""

from collections import defaultdict
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Any

from forum.classes.models import TrainingClass
from forum.discussions.models import Discussion
from forum.statistics import queries
from forum.statistics.hours import monday_of_week
from forum.statistics.scope import ABOVE, GROUPINGS, NONE, OF_TIME, By, Period, Scope
from forum.text import sort_key

__all__ = [
    "FIGURES", "GROUPINGS", "By", "ClassFigures", "Figures", "Period", "Row", "Scope", "class_figures", "figures_of",
    "row_name", "sorted_rows", "sorts",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates are fractions, None where the denominator is 0; times are seconds."""

    posts: int
    reflections: int
    replies: int
    participants: int
    person_times: int
    trainees: int
    participation_rate: float | None
    units: int
    units_covered: int
    comments: int
    commented: int
    comment_coverage: float | None
    median_seconds_to_first_comment: float | None
    characters: int
    discussions: int

    @property
    def silent(self) -> int:
        """Trainees not yet heard."""
        return self.trainees - self.participants


FIGURES = tuple(entry.name for entry in fields(Figures))


@dataclass(frozen=True, slots=True)
class Row(Figures):
    """The figures of one discussion, trainee, unit or group (`key` its id, 0 for none, -1 for the units above the
    level of the table), stage, week (`key` its Monday) or hour of the day (0 to 23)."""

    key: int | str
    name: str


@dataclass(frozen=True, slots=True)
class ClassFigures:
    totals: Figures
    rows: list[Row]


@dataclass(slots=True)
class _Tally:
    posts: int = 0
    reflections: int = 0
    replies: int = 0
    participants: int = 0
    person_times: int = 0
    trainees: int = 0
    units: int = 0
    units_covered: int = 0
    comments: int = 0
    characters: int = 0
    discussions: int = 0
    waits: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in FIGURES if hasattr(self, name)}
        commented = len(self.waits)
        return values | {
            "commented": commented,
            "participation_rate": self.participants / self.trainees if self.trainees else None,
            "comment_coverage": commented / self.reflections if self.reflections else None,
            "median_seconds_to_first_comment": median(self.waits) if self.waits else None,
        }


def class_figures(
    training_class: TrainingClass,
    by: By | None = None,
    period: Period | None = None,
    discussion: Discussion | None = None,
) -> ClassFigures:
    """Totals of the class (or of one discussion), and the rows of the table split by these."""
    return figures_of(Scope(training_class, discussion, period or Period()), by)


def figures_of(scope: Scope, by: By | None = None) -> ClassFigures:
    """Silent trainees, units, groups, stages and discussions have their row; weeks and hours only where something was
    written."""
    waits = _waits(scope, by)
    # Each commented reflection stands in one row, so those of the rows are those of the whole.
    everywhere = [wait for of_row in waits.values() for wait in of_row]
    totals = Figures(**_tallies(scope, None, {0: everywhere})[0].figures())
    if by is None:
        return ClassFigures(totals, [])
    tallies = _tallies(scope, by, waits)
    if by in OF_TIME:
        return ClassFigures(totals, _rows_of_time(tallies, totals, by))
    rows = [Row(key=key, name=name, **tallies[key].figures()) for key, name in _names(scope, by) if key in tallies]
    if by == "trainee":
        rows.sort(key=lambda row: -row.posts)
    return ClassFigures(totals, rows)


def sorts() -> list[str]:
    """What the rows can be sorted by: each figure, largest first, and the name; with "-" the other way round."""
    return [sign + name for name in ("name", "silent", *FIGURES) for sign in ("", "-")]


def sorted_rows(rows: list[Row], by: By, sort: str) -> list[Row]:
    """Rows without the figure stand last; those that are equal stay as they were."""
    name, ascends = sort.removeprefix("-"), sort.startswith("-")
    if name == "name":
        named = sorted(rows, key=lambda row: sort_key(row.name)) if by == "trainee" else rows
        return named[::-1] if ascends else named
    known = [row for row in rows if getattr(row, name) is not None]
    unknown = [row for row in rows if getattr(row, name) is None]
    return sorted(known, key=lambda row: getattr(row, name) * (1 if ascends else -1)) + unknown


def _names(scope: Scope, by: By) -> list[tuple[int | str, str]]:
    names = queries.names_by(scope, by)
    if by == "unit" and scope.level is not None:
        names.append((ABOVE, ", ".join(queries.units_above_level(scope))))
    return [*names, (NONE, "")] if by in ("unit", "group") else names


def row_name(scope: Scope, by: By, key: int | str) -> str | None:
    """What that row of the table is called, also while it has no figures; None where it can be no row."""
    if by == "week":
        return str(key)
    if by == "hour":
        return hour_name(int(key)) if int(key) in range(24) else None
    return dict(_names(scope, by)).get(key)


def hour_name(hour: int) -> str:
    return f"{hour:02}:00"


def _rows_of_time(tallies: dict[Any, _Tally], totals: Figures, by: By) -> list[Row]:
    rows = []
    for key in sorted(tallies):
        tallies[key].trainees, tallies[key].units = totals.trainees, totals.units
        shown = str(monday_of_week(key)) if by == "week" else key
        name = str(shown) if by == "week" else hour_name(key)
        rows.append(Row(key=shown, name=name, **tallies[key].figures()))
    return rows


def _waits(scope: Scope, by: By | None) -> dict[Any, list[float]]:
    """In seconds, of each commented reflection, by row."""
    waits: dict[Any, list[float]] = defaultdict(list)
    for row in queries.first_comments_by(scope, by):
        waits[row.key].append((row.answered - row.written).total_seconds())
    return waits


def _tallies(scope: Scope, by: By | None, waits: dict[Any, list[float]]) -> dict[Any, _Tally]:
    tallies: dict[Any, _Tally] = defaultdict(_Tally)
    for key, seconds in waits.items():
        tallies[key].waits = seconds
    for row in queries.trainees_by(scope, by) if by not in OF_TIME else ():
        tallies[row.key].trainees, tallies[row.key].units = row.trainees, row.units
    for row in queries.spoken_by(scope, by):
        tally = tallies[row.key]
        tally.posts, tally.reflections = int(row.posts), int(row.reflections)
        tally.replies, tally.characters = tally.posts - tally.reflections, int(row.characters)
        tally.participants, tally.person_times = row.participants, row.person_times
        tally.units_covered, tally.discussions = row.units_covered, row.discussions
    for row in queries.comments_by(scope, by):
        tallies[row.key].comments = row.comments
    if by is None and scope.row is None:
        tallies[0].discussions = queries.count_discussions(scope)
    return tallies

"""The participation figures of a class, by the definitions of the glossary.

Without a period they read Participation; with one, or by week, the counted posts themselves. Totals are always
computed, never summed from rows: by week, hour or stage participants do not add up.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from statistics import median
from typing import Any

from forum import clock
from forum.classes.models import TrainingClass
from forum.discussions.models import Discussion
from forum.statistics import queries
from forum.statistics.queries import GROUPINGS, By, Period, Scope

__all__ = ["FIGURES", "GROUPINGS", "By", "ClassFigures", "Figures", "Period", "Row", "class_figures"]


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


FIGURES = tuple(entry.name for entry in fields(Figures))


@dataclass(frozen=True, slots=True)
class Row(Figures):
    """The figures of one discussion, trainee, unit, group (`key` its id, 0 for none) or week (`key` its Monday)."""

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
    """Totals of the class (or of one discussion), and a row for each discussion, trainee, unit, group or week.

    Silent trainees, units, groups and discussions have their row; weeks only where something was written.
    """
    scope = Scope(training_class, discussion, period or Period())
    totals = Figures(**_tallies(scope, None)[0].figures())
    if by is None:
        return ClassFigures(totals, [])
    if by == "week":
        return ClassFigures(totals, _rows_by_week(scope, totals))
    tallies = _tallies(scope, by)
    names = queries.names_by(training_class.id, by)
    rows = [Row(key=key, name=name, **tallies[key].figures()) for key, name in names if key in tallies]
    if by in ("unit", "group") and 0 in tallies:
        rows.append(Row(key=0, name="", **tallies[0].figures()))
    if by == "trainee":
        rows.sort(key=lambda row: -row.posts)
    return ClassFigures(totals, rows)


def _tallies(scope: Scope, by: By | None) -> dict[int, _Tally]:
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    for key, trainees, units in queries.trainees_by(scope, by):
        tallies[key].trainees, tallies[key].units = trainees, units
    for key, posts, reflections, participants, times, covered, characters, discussions in queries.spoken_by(scope, by):
        tally = tallies[key]
        tally.posts, tally.reflections, tally.replies = int(posts), int(reflections), int(posts - reflections)
        tally.participants, tally.person_times, tally.units_covered = participants, times, covered
        tally.characters, tally.discussions = int(characters), discussions
    for key, comments in queries.comments_by(scope, by):
        tallies[key].comments = comments
    for key, written, answered in queries.first_comments_by(scope, by):
        tallies[key].waits.append((answered - written).total_seconds())
    if by is None:
        tallies[0].discussions = 1 if scope.discussion else queries.count_discussions(scope.training_class.id)
    return tallies


def _rows_by_week(scope: Scope, totals: Figures) -> list[Row]:
    """Weeks from Monday in the class's time zone. The zone's rules are Python's, so the weeks are told apart here."""
    tallies: dict[date, _Tally] = defaultdict(_Tally)
    spoken: dict[date, set[tuple[int, int, int | None]]] = defaultdict(set)

    def week_of(moment: datetime) -> date:
        return clock.monday_of(moment.astimezone(scope.training_class.zone).date())

    for written, discussion_id, author_id, root_id, characters, unit_id in queries.counted_in(scope):
        tally = tallies[week_of(written)]
        tally.posts += 1
        tally.characters += characters
        tally.replies += root_id is not None
        tally.reflections += root_id is None
        spoken[week_of(written)].add((discussion_id, author_id, unit_id))
    for written in queries.comment_times(scope):
        tallies[week_of(written)].comments += 1
    for _, written, answered in queries.first_comments_by(scope, None):
        tallies[week_of(written)].waits.append((answered - written).total_seconds())
    for week, tally in tallies.items():
        tally.trainees, tally.units = totals.trainees, totals.units
        tally.person_times = len(spoken[week])
        tally.discussions = _different(entry[0] for entry in spoken[week])
        tally.participants = _different(entry[1] for entry in spoken[week])
        tally.units_covered = _different(entry[2] for entry in spoken[week])
    return [Row(key=str(week), name=str(week), **tallies[week].figures()) for week in sorted(tallies)]


def _different(ids: Iterable[int | None]) -> int:
    return len(set(ids) - {None})

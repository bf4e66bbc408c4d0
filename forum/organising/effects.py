"""What a change of the roster would do to the figures, found out by making it and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass

from forum.classes.models import TrainingClass
from forum.db import db
from forum.statistics.figures import FIGURES, Figures, Row, class_figures

# As in the tables of figures: who took part comes first.
_LEADING = ("participants", "trainees", "participation_rate", "person_times", "posts", "comments")
_ORDER = (*_LEADING, *(figure for figure in FIGURES if figure not in _LEADING))
# In the row of one unit these say nothing that the row itself does not.
_OF_THE_CLASS = {"units", "units_covered"}


@dataclass(frozen=True, slots=True)
class Effect:
    """A row that changes; None on the side where it does not stand."""

    name: str
    before: Figures | None
    after: Figures | None

    def changes(self, figure: str) -> bool:
        return getattr(self.before, figure, None) != getattr(self.after, figure, None)


@dataclass(frozen=True, slots=True)
class Table:
    figures: list[str]
    rows: list[Effect]


@dataclass(frozen=True, slots=True)
class Effects:
    """Empty tables where nothing changes."""

    totals: Table
    units: Table
    groups: Table

    def __bool__(self) -> bool:
        return bool(self.totals.rows or self.units.rows or self.groups.rows)


@dataclass(frozen=True, slots=True)
class _Measured:
    totals: Figures
    units: list[Row]
    groups: list[Row]


def weigh(training_class: TrainingClass, change: Callable[[], None]) -> Effects:
    """The figures before and after the change, which is undone again; what it refuses is raised."""
    before = _measure(training_class)
    attempt = db.session.begin_nested()
    try:
        change()
        db.session.flush()
        after = _measure(training_class)
    finally:
        attempt.rollback()
    totals = [Effect("", before.totals, after.totals)]
    return Effects(
        _changed(totals, set()),
        _changed(_beside(before.units, after.units), _OF_THE_CLASS),
        _changed(_beside(before.groups, after.groups), _OF_THE_CLASS),
    )


def _measure(training_class: TrainingClass) -> _Measured:
    by_unit = class_figures(training_class, by="unit")
    return _Measured(by_unit.totals, by_unit.rows, class_figures(training_class, by="group").rows)


def _beside(before: list[Row], after: list[Row]) -> list[Effect]:
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    names = {row.key: row.name for row in [*before, *after]}
    return [Effect(name, old.get(key), new.get(key)) for key, name in names.items()]


def _changed(rows: list[Effect], left_out: set[str]) -> Table:
    """The rows in which something changes, and the figures that change in one of them."""
    figures = [figure for figure in _ORDER if figure not in left_out and any(row.changes(figure) for row in rows)]
    return Table(figures, [row for row in rows if any(row.changes(figure) for figure in figures)])

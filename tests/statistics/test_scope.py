"""Filters: what discussion, stage, unit, group and time leave of the figures, and what a row of a table narrows to."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from forum.classes.models import Group, TrainingClass
from forum.db import db
from forum.discussions.models import Discussion, Stage
from forum.statistics.checking import faults
from forum.statistics.figures import FIGURES, Figures, figures_of
from forum.statistics.scope import ABOVE, GROUPINGS, By, Period, Scope
from forum.units.models import Unit
from tests.cast import World
from tests.counted import CountedClass
from tests.statistics.test_periods import period

TABLES: list[tuple[By, int | None]] = [*((by, None) for by in GROUPINGS), ("unit", 0), ("unit", 1), ("unit", 2)]


def scope_of(slug: str = "spring", **parts: Any) -> Scope:
    """Inside; units and groups by name, discussions by id."""
    training_class = db.session.query(TrainingClass).filter_by(slug=slug).one()
    if "unit" in parts:
        parts["unit"] = db.session.query(Unit).filter_by(path=parts["unit"]).one()
    if "group" in parts:
        parts["group"] = db.session.query(Group).filter_by(name=parts["group"]).one()
    if "discussion" in parts:
        parts["discussion"] = db.session.get_one(Discussion, parts["discussion"])
    return Scope(training_class, **parts)


def totals(world: World, names: str, **parts: Any) -> tuple[object, ...]:
    with world.app.app_context():
        found = figures_of(scope_of(**parts)).totals
    return tuple(getattr(found, name) for name in names.split())


def figures_alone(row: Figures) -> dict[str, Any]:
    return {name: asdict(row)[name] for name in FIGURES}


@pytest.mark.parametrize("filters", [{}, {"period": period("2026-03-02", "2026-03-02")}, {"group": "First group"},
                                     {"unit": "City"}, {"stage": Stage.DURING}])  # fmt: skip
def test_a_scope_narrowed_to_a_row_has_the_figures_of_that_row(
    world: World, deep: CountedClass, filters: dict[str, Any]
) -> None:
    with world.app.app_context():
        for by, level in TABLES:
            scope = replace(scope_of(**filters), level=level)
            for row in figures_of(scope, by).rows:
                narrowed = figures_of(scope.at_row(by, row.key)).totals
                assert figures_alone(narrowed) == figures_alone(row), (by, level, row.key)


def test_a_unit_stands_for_itself_and_all_below_it(world: World, deep: CountedClass) -> None:
    """Ivan's own reflection stands below nobody's, so it is not among the comments of people."""
    names = "trainees units participants posts comments commented discussions"
    assert totals(world, names, unit="City") == (3, 3, 3, 6, 5, 3, 3)
    assert totals(world, names, unit="City / East") == (1, 1, 1, 3, 3, 2, 3)
    assert totals(world, names, unit="City / West") == (1, 1, 1, 2, 2, 1, 3)


def test_a_group_narrows_to_its_people_and_the_comments_below_their_reflections(
    world: World, deep: CountedClass
) -> None:
    names = "trainees participants posts reflections comments commented characters"
    assert totals(world, names, group="First group") == (1, 1, 3, 3, 3, 2, 8)
    assert totals(world, names, group="Second group") == (1, 1, 2, 1, 2, 1, 4)


def test_a_stage_narrows_to_its_discussions_and_their_audience(world: World, deep: CountedClass) -> None:
    names = "trainees participants person_times posts comments discussions"
    assert totals(world, names, stage=Stage.DURING) == (4, 3, 4, 6, 6, 2)
    assert totals(world, names, stage=Stage.AFTER) == (4, 0, 0, 0, 0, 1)
    assert totals(world, names, stage=Stage.BEFORE) == (0, 0, 0, 0, 0, 0)


def test_filters_narrow_together(world: World, deep: CountedClass) -> None:
    names = "trainees participants posts comments"
    parts = {"discussion": deep.b, "unit": "City / East"}
    assert totals(world, names, **parts) == (1, 1, 2, 1)
    assert totals(world, names, **parts, period=period("2026-03-09", "2026-03-09")) == (1, 1, 1, 1)
    assert totals(world, names, **parts, group="Second group") == (0, 0, 0, 0)


def rows(world: World, by: By, names: str, **parts: Any) -> list[tuple[object, ...]]:
    with world.app.app_context():
        found = figures_of(scope_of(**parts), by).rows
    return [(row.name, *(getattr(row, name) for name in names.split())) for row in found]


def test_units_are_rolled_up_to_a_level_of_the_tree(world: World, deep: CountedClass) -> None:
    names = "trainees units participants posts"
    assert rows(world, "unit", names, level=0) == [("City", 3, 3, 3, 6), ("", 1, 0, 0, 0)]
    assert rows(world, "unit", names, level=1) == [
        ("City / East", 1, 1, 1, 3),
        ("City / West", 1, 1, 1, 2),
        ("City", 1, 1, 1, 1),
        ("", 1, 0, 0, 0),
    ]
    with world.app.app_context():
        keys = [row.key for row in figures_of(scope_of(level=1), "unit").rows]
    assert keys[2:] == [ABOVE, 0]
    assert rows(world, "unit", names, level=2)[:2] == [
        ("City / East / First branch", 1, 1, 1, 3),
        ("City, City / West", 2, 2, 2, 3),
    ]


def test_by_stage_a_row_is_of_those_who_could_speak_in_it(world: World, deep: CountedClass) -> None:
    names = "trainees participants posts comments discussions"
    assert rows(world, "stage", names) == [("during", 4, 3, 6, 6, 2), ("after", 4, 0, 0, 0, 0)]
    assert rows(world, "stage", names, group="First group") == [("during", 1, 1, 3, 3, 2), ("after", 1, 0, 0, 0, 0)]


def test_by_hour_every_row_is_of_the_whole_class(world: World, deep: CountedClass) -> None:
    assert rows(world, "hour", "trainees participants person_times posts comments") == [
        ("09:00", 4, 3, 3, 4, 3),
        ("10:00", 4, 1, 1, 1, 2),
        ("23:00", 4, 1, 1, 1, 1),
    ]


def test_the_check_finds_nothing(world: World, deep: CountedClass) -> None:
    with world.app.app_context():
        assert list(faults()) == []


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-03-09", "2026-03-15", ("2026-03-02", "2026-03-08")),
        ("2026-03-01", "2026-03-01", ("2026-02-28", "2026-02-28")),
        ("2026-03-02", None, None),
        (None, "2026-03-02", None),
        (None, None, None),
    ],
)
def test_the_period_before_has_as_many_days(first: str | None, last: str | None, before: Any) -> None:
    assert period(first, last).previous() == (period(*before) if before else None)
    assert bool(Period()) is False

"""Units at each level with the names who have not spoken, against the figures by unit."""

from dataclasses import replace
from typing import Any

import pytest

from forum.coverage.figures import coverage
from forum.db import db
from forum.discussions.models import Discussion, Stage
from forum.statistics.figures import figures_of
from forum.statistics.queries import choices_of
from forum.statistics.scope import ABOVE, NONE, Scope
from tests.cast import World
from tests.counted import CountedClass, join
from tests.statistics.test_periods import period
from tests.statistics.test_scope import scope_of

SHOWN = "/classes/spring/figures/units"
FILTERS: list[dict[str, Any]] = [
    {},
    {"period": period("2026-03-09", "2026-03-09")},
    {"stage": Stage.AFTER},
    {"group": "First group"},
    {"unit": "City / East"},
]


def compare(scope: Scope) -> None:
    shown, figures = coverage(scope, choices_of(scope.training_class).units), figures_of(scope, "unit")
    assert [(row.key, row.name, row.trainees, row.participants, row.rate) for row in shown.rows] == [
        (row.key, row.name, row.trainees, row.participants, row.participation_rate) for row in figures.rows
    ]
    assert (shown.trainees, shown.participants) == (figures.totals.trainees, figures.totals.participants)
    assert all(len(row.silent) == row.trainees - row.participants for row in shown.rows)
    if scope.level is None:
        assert (shown.units, shown.covered) == (figures.totals.units, figures.totals.units_covered)


@pytest.mark.parametrize("parts", FILTERS)
def test_at_every_level_it_is_the_figures_by_unit(world: World, deep: CountedClass, parts: dict[str, Any]) -> None:
    join(world, "Nora", "City / North / Second branch")
    with world.app.app_context():
        for level in (None, 0, 1, 2):
            scope = replace(scope_of(**parts), level=level)
            compare(scope)
            compare(replace(scope, discussion=db.session.get_one(Discussion, deep.b)))


def test_the_silent_are_named_where_their_unit_stands(world: World, deep: CountedClass) -> None:
    join(world, "Nora", "City / North / Second branch")
    join(world, "Cora", "City")
    with world.app.app_context():
        scope = scope_of(level=1)
        rows = coverage(scope, choices_of(scope.training_class).units).rows
    assert {row.name or row.key: row.silent for row in rows if row.silent} == {
        "City / North": ["Nora"],
        "City": ["Cora"],
        NONE: ["Sam"],
    }
    assert [row.key for row in rows][-2:] == [ABOVE, NONE]


@pytest.mark.one_database
def test_the_page_folds_the_names_where_they_are_many(world: World, counted: CountedClass) -> None:
    for number in range(9):
        join(world, f"Wu{number}", "City / South")
    page = world.client_of(world.cast.omar).get(SHOWN)
    assert "2 of 3 units covered" in page.words
    rows = {row.one("th").words: row for row in page.one("tbody").all("tr")}
    assert list(rows) == ["East", "South", "West", "No unit"]
    assert rows["South"].one("summary").words == "9 names"
    assert "Wu0, Wu1" in rows["South"].one("details").words
    assert (rows["West"].all("td")[-1].words, rows["No unit"].all("td")[-1].words) == ("all have spoken", "Sam")
    levels = page.one("nav", aria_label="Level of the tree")
    top = world.client_of(world.cast.omar).get(levels.all("a")[1]["href"])
    assert [row.one("th").words for row in top.one("tbody").all("tr")] == ["City", "No unit"]

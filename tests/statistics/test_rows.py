"""The rows behind every figure: as many as the figure says."""

from dataclasses import replace
from typing import Any

import pytest

from forum.statistics.figures import Figures, figures_of
from forum.statistics.rows_queries import KINDS, rows_behind
from forum.statistics.scope import Scope
from tests.cast import World
from tests.counted import CountedClass
from tests.statistics.test_periods import period
from tests.statistics.test_scope import TABLES, scope_of


def count_rows(figure: str, scope: Scope) -> int:
    """All pages, by their keys; characters are those of the rows."""
    seen: list[Any] = []
    page = rows_behind(figure, scope)
    while True:
        seen += page.rows
        if page.next is None:
            break
        page = rows_behind(figure, scope, tuple(map(int, page.next.split("-"))))
    assert len(seen) == len(set(seen)) == page.count
    return sum(row.characters for row in seen) if figure == "characters" else page.count


def compare(scope: Scope, shown: Figures, where: Any) -> None:
    for figure in KINDS:
        assert count_rows(figure, scope) == getattr(shown, figure), (where, figure)


def compare_everything(scope: Scope) -> None:
    compare(scope, figures_of(scope).totals, "totals")
    for by, level in TABLES:
        table = replace(scope, level=level)
        for row in figures_of(table, by).rows:
            compare(table.at_row(by, row.key), row, (by, level, row.key))


FILTERS: list[dict[str, Any]] = [
    {},
    {"period": period("2026-03-02", "2026-03-02")},
    {"group": "First group"},
    {"unit": "City"},
]


@pytest.mark.parametrize("filters", FILTERS)
def test_behind_every_figure_are_as_many_rows(world: World, deep: CountedClass, filters: dict[str, Any]) -> None:
    with world.app.app_context():
        compare_everything(scope_of(**filters))

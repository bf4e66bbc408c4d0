"""The figures as files and on pages: everywhere the same numbers."""

import csv
import io
import json
from dataclasses import asdict

import pytest

from forum.statistics.export import defused, figures_as_csv, figures_as_json
from forum.statistics.figures import FIGURES
from tests.cast import World
from tests.counted import CountedClass, join

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("by", ["discussion", "trainee", "unit", "group", "week"])
def test_json_and_csv_say_the_same(world: World, counted: CountedClass, by: str) -> None:
    answer = world.figures(by=by)
    with world.app.app_context():
        as_json = json.loads(json.dumps(figures_as_json(answer)))
        lines = list(csv.DictReader(io.StringIO(figures_as_csv(answer))))
    assert as_json["totals"] == asdict(answer.totals)
    assert list(as_json["rows"][0]) == ["key", "name", *FIGURES]
    everything = [*as_json["rows"], as_json["totals"]]
    for wanted, line in zip(everything, lines, strict=True):
        for name in FIGURES:
            assert (float(line[name]) if line[name] else None) == wanted[name], name
    assert lines[-1]["name"] == "total"


def test_every_figure_comes_with_its_definition(world: World, counted: CountedClass) -> None:
    with world.app.app_context():
        definitions = figures_as_json(world_figures := world.figures())["definitions"]
    assert world_figures.rows == []
    assert list(definitions) == list(FIGURES)
    assert all(len(words) > 10 for words in definitions.values())
    assert "38 person-times" in definitions["person_times"]


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_that_is_a_formula_is_defused(name: str) -> None:
    assert defused(name) == f"'{name}"
    assert defused("Plain=name") == "Plain=name"


def test_no_table_of_figures_holds_a_formula(world: World, counted: CountedClass) -> None:
    world.discussion('=HYPERLINK("https://evil.example","x")')
    join(world, "=cmd|calc!A1")
    for by in ("discussion", "trainee"):
        answer = world.figures(by=by)
        with world.app.app_context():
            lines = list(csv.DictReader(io.StringIO(figures_as_csv(answer))))
        assert not any(line["name"].startswith("=") for line in lines)

"""The figures as files and on pages: everywhere the same numbers."""

import csv
import io
import json
import re
import zipfile
from dataclasses import asdict
from xml.etree import ElementTree

import pytest

from forum.statistics.export import defused, figures_as_csv, figures_as_json, figures_as_xlsx
from forum.statistics.figures import FIGURES
from tests.cast import World
from tests.statistics.conftest import CountedClass, join

pytestmark = pytest.mark.one_database

SHEET = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheets(workbook: bytes) -> tuple[list[list[object]], bool]:
    """The first sheet's cells, and whether any cell of the book holds a formula."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        strings = ["".join(part.text or "" for part in entry.iter(f"{{{SHEET['x']}}}t")) for entry in shared]
        parts = [book.read(name) for name in sorted(book.namelist()) if name.startswith("xl/worksheets/sheet")]
    rows = []
    for row in ElementTree.fromstring(parts[0]).iterfind(".//x:row", SHEET):
        cells: dict[str, object] = {}
        for cell in row.iterfind("x:c", SHEET):
            value = cell.findtext("x:v", None, SHEET)
            if value is not None:
                cells[re.sub(r"\d", "", cell.get("r", ""))] = (
                    strings[int(value)] if cell.get("t") == "s" else float(value)
                )
        rows.append([cells.get(chr(ord("A") + column)) for column in range(len(FIGURES) + 1)])
    return rows, any(b"<f>" in part for part in parts)


@pytest.mark.parametrize("by", ["discussion", "trainee", "unit", "group", "week"])
def test_json_csv_and_workbook_say_the_same(world: World, counted: CountedClass, by: str) -> None:
    answer = world.figures(by=by)
    with world.app.app_context():
        as_json = json.loads(json.dumps(figures_as_json(answer)))
        lines = list(csv.DictReader(io.StringIO(figures_as_csv(answer))))
        cells, _ = sheets(figures_as_xlsx(answer))
    assert as_json["totals"] == asdict(answer.totals)
    assert list(as_json["rows"][0]) == ["key", "name", *FIGURES]
    everything = [*as_json["rows"], as_json["totals"]]
    assert len(lines) == len(cells) - 1 == len(everything)
    for wanted, line, row in zip(everything, lines, cells[1:], strict=True):
        for column, name in enumerate(FIGURES, start=1):
            assert (float(line[name]) if line[name] else None) == wanted[name], name
            assert row[column] == wanted[name] or row[column] == pytest.approx(wanted[name]), name
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


def test_no_file_of_figures_holds_a_formula(world: World, counted: CountedClass) -> None:
    world.discussion('=HYPERLINK("https://evil.example","x")')
    join(world, "=cmd|calc!A1")
    for by in ("discussion", "trainee"):
        answer = world.figures(by=by)
        with world.app.app_context():
            cells, has_formula = sheets(figures_as_xlsx(answer))
            lines = list(csv.DictReader(io.StringIO(figures_as_csv(answer))))
        assert not has_formula
        assert any(str(row[0]).startswith("=") for row in cells), "the name is there, as a text"
        assert not any(line["name"].startswith("=") for line in lines)

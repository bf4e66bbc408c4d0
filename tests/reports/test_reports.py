"""Figures as files and on paper: everywhere the numbers of the page."""

import csv
import io
import os
import re
from dataclasses import asdict
from typing import Any

import openpyxl
import pytest

from forum.errors import Refused
from forum.reports import pdf, views
from forum.statistics.figures import FIGURES, Scope, figures_of
from tests.cast import World
from tests.counted import CountedClass, at

pytestmark = pytest.mark.one_database

TIME = "median_seconds_to_first_comment"
SHEETS = {
    "By discussion": "discussion", "By trainee": "trainee", "By unit": "unit", "By group": "group",
    "By stage": "stage", "By week": "week", "By hour": "hour",
}  # fmt: skip


@pytest.fixture
def press() -> None:
    """What sets PDFs: a library, and what it needs of the system."""
    if not pdf.makes_pdf() and not os.environ.get("FORUM_TEST_STRICT"):
        pytest.skip(
            "no PDF here: libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0 are missing (Debian's names)."
        )


def fetch(world: World, ending: str, query: str = "", who: str = "omar") -> Any:
    return world.client_of(getattr(world.cast, who)).client.get(f"/classes/spring/figures{ending}{query}")


def book_of(world: World, query: str = "") -> openpyxl.Workbook:
    answer = fetch(world, ".xlsx", query)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def value(cell: Any, name: str) -> Any:
    """As the figure has it: seconds, None for the dash."""
    if cell.value == "–":
        return None
    return cell.value.total_seconds() if name == TIME else cell.value


def expected(world: World, by: str) -> list[dict[str, Any]]:
    with world.inside():
        from forum.classes.queries import get_class

        training_class = get_class(world.member(world.cast.ada), "spring")
        assert training_class
        return [asdict(row) for row in figures_of(Scope(training_class), by).rows]  # type: ignore[arg-type]


def test_every_sheet_has_the_rows_of_the_page(world: World, counted: CountedClass) -> None:
    book = book_of(world)
    assert book.sheetnames == ["Totals", *SHEETS, "Matrix", "Definitions"]
    for title, by in SHEETS.items():
        sheet, wanted = book[title], expected(world, by)
        assert sheet.max_row == len(wanted) + 1, title
        for line, row in enumerate(wanted, start=2):
            for column, name in enumerate(FIGURES, start=2):
                found = value(sheet.cell(line, column), name)
                assert found == (pytest.approx(row[name]) if row[name] is not None else None), (title, name)
        assert (sheet.freeze_panes, bool(sheet.auto_filter.ref)) == ("B2", True)
    names = [book["By trainee"].cell(line, 1).value for line in range(2, book["By trainee"].max_row + 1)]
    assert "Sam" in names, "the silent too"


def test_totals_stand_with_their_definitions_and_what_they_are_of(world: World, counted: CountedClass) -> None:
    at(world, "2026-03-05 12:00")
    sheet = book_of(world, "?from=2026-03-02&to=2026-03-03&stage=during")["Totals"]
    lines = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert lines["Class"][0] == "Spring seminar"
    assert lines["Period"][0] == "2026-03-02 – 2026-03-03"
    assert lines["As of"][0] == "2026-03-05 12:00 (Asia/Shanghai)"
    assert lines["Person-times"][0] == 4
    assert "20 and 18" in lines["Person-times"][1]


def test_the_matrix_has_everybody_and_leaves_empty_what_is_not_for_them(world: World, counted: CountedClass) -> None:
    rows = list(book_of(world)["Matrix"].iter_rows(values_only=True))
    assert rows[0] == ("Trainee", "Unit", "Lecture A", "Lecture B", "Spoke in")
    found = {row[0]: row[2:] for row in rows[1:5]}
    assert found == {"Sam": (0, None, 0), "Tina": (1, 1, 2), "Tom": (2, None, 1), "Una": (1, None, 1)}


@pytest.mark.parametrize("name", ['=HYPERLINK("https://evil.example")', "+1", "@SUM(A1)"])
def test_a_name_is_never_a_formula(world: World, counted: CountedClass, name: str) -> None:
    world.discussion(name)
    with world.inside():
        world.member(world.cast.tom).name = name
    for sheet in book_of(world).worksheets:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds, sheet.title
    text = fetch(world, ".csv", "?by=discussion").data.decode("utf-8-sig")
    assert not any(row[0].startswith(("=", "+", "@")) for row in csv.reader(io.StringIO(text)))


def test_the_table_opens_right_in_a_chinese_spreadsheet(world: World, counted: CountedClass) -> None:
    world.client_of(world.cast.omar)
    answer = fetch(world, ".csv", "?by=unit")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Name", "City / East", "City / West", "No unit", "Totals"]
    posts = rows[0].index("Posts")
    assert [row[posts] for row in rows[1:]] == ["3", "2", "0", "5"]
    assert "Spring%20seminar" in answer.headers["Content-Disposition"] or "Spring seminar" in str(answer.headers)


def test_json_is_the_answer_of_the_api(world: World, counted: CountedClass) -> None:
    answer = fetch(world, ".json", "?by=trainee").get_json()
    assert answer["totals"]["person_times"] == 4
    assert {row["name"] for row in answer["rows"]} == {"Tina", "Tom", "Una", "Sam"}


def test_the_report_says_what_it_is_of_and_holds_every_table(world: World, counted: CountedClass) -> None:
    page = world.client_of(world.cast.omar).get("/classes/spring/figures/report?stage=during")
    assert "During class" in page.words.partition("Participation report")[2]
    for words in ("By discussion", "By unit", "By trainee", "Sam", "Lecture B", "What the figures mean"):
        assert words in page.words


def test_each_chart_on_paper_brings_its_colours_along(
    world: World, counted: CountedClass, press: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine applies to a drawing only what stands in it; without, all is black."""
    pages: list[str] = []
    monkeypatch.setattr(views, "as_pdf", lambda page: pages.append(page) or b"%PDF-")
    assert fetch(world, ".pdf").status_code == 200
    drawings = re.findall(r"<svg class=\"chart.*?</svg>", pages[0], re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        style = drawing.partition("<style>")[2].partition("</style>")[0]
        drawn = set(re.findall(r'class="(chart-\w+|heat)', drawing.partition("</style>")[2]))
        assert drawn
        assert [name for name in drawn if f".{name}" not in style] == []


def test_the_report_comes_as_a_pdf(world: World, counted: CountedClass, press: None) -> None:
    answer = fetch(world, ".pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
    assert len(answer.data) > 10_000


def test_a_pdf_that_cannot_be_made_leads_to_the_page(
    world: World, counted: CountedClass, monkeypatch: pytest.MonkeyPatch, press: None
) -> None:
    monkeypatch.setattr(pdf, "_COMMAND", ["/bin/false"])
    with world.app.app_context(), pytest.raises(Refused):
        pdf.as_pdf("<p>")
    browser = world.client_of(world.cast.omar)
    assert browser.client.get("/classes/spring/figures.pdf?stage=during").headers["Location"].endswith("stage=during")
    assert "could not be made" in browser.get("/classes/spring/figures/report").words


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".json", ".pdf", "/report"])
@pytest.mark.parametrize(("who", "status"), [("stella", 404), ("tina", 403), ("wendy", 404), ("ivan", 200)])
def test_files_are_for_those_who_see_the_figures(
    world: World, counted: CountedClass, ending: str, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    if ending == ".pdf":
        request.getfixturevalue("press")
    assert fetch(world, ending, who=who).status_code == status

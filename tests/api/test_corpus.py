"""Real classes from elsewhere show the figures that an independent script computed from their rows: on the page, on
the terminal, in the workbook and by the API alike."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from flask import Flask

from forum import templating
from forum.db import db
from forum.statistics.definitions import NAMES
from forum.statistics.figures import FIGURES
from tests.api.conftest import Program
from tests.cast import PASSWORD, Browser
from tests.databases import SQLiteFiles, test_app
from tests.pages import Element
from tests.test_cli import Terminal

pytestmark = pytest.mark.corpus

TABLES = ("unit", "week", "trainee", "discussion")
SECONDS = "median_seconds_to_first_comment"
# How many letters a text has is a matter of taste.
EXACT = [name for name in FIGURES if name != "characters"]
FILES = sorted(Path(os.environ.get("FORUM_TEST_CORPUS") or "nowhere", "threads", "jsonl").glob("*.jsonl"))

Table = list[dict[str, Any]]


class Imported:
    """A class from a file, in a database of its own, and who may look at it."""

    def __init__(self, terminal: Terminal, app: Flask, file: Path) -> None:
        self.truth = json.loads(file.with_suffix(".truth.json").read_text(encoding="utf-8"))
        self.terminal, self.app = terminal, app
        terminal.ok("class", "add", "corpus", "--title", file.stem, "--starts", "2016-01-01", "--ends", "2016-12-31",
                    "--timezone", "-05:00" if file.stem.startswith("tsdi") else "+08:00")  # fmt: skip
        terminal.ok("threads", "import", str(file), "--class", "corpus")
        link = terminal.ok("member", "add", "ada@example.org", "--name", "Ada", "--admin").strip()
        self.browser = Browser(app)
        path = urlsplit(link).path
        self.browser.submit(self.browser.get(path), "", password=PASSWORD, again=PASSWORD)
        self.program = Program(app, terminal.ok("token", "add", "ada@example.org", "--name", "A script").strip())


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def imported(
    request: pytest.FixtureRequest, sqlite_server: SQLiteFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Imported]:
    url, data = sqlite_server.new(), tmp_path_factory.mktemp("corpus")
    app = test_app(url, data)
    yield Imported(Terminal(url, data), app, request.param)
    with app.app_context():
        db.engine.dispose()


def compare(truth: dict[str, Any], totals: dict[str, Any], tables: dict[str, Table]) -> None:
    """Every row has its `label`: a name, of weeks their Monday."""
    assert {name: totals[name] for name in EXACT} == pytest.approx({name: truth[name] for name in EXACT})
    assert totals["characters"] == pytest.approx(truth["characters"], rel=0.005)
    compare_tables(truth, tables)


def compare_tables(truth: dict[str, Any], tables: dict[str, Table]) -> None:
    assert written(tables["unit"], "person_times") == truth["person_times_by_unit"]
    assert written(tables["week"], "posts") == truth["posts_by_week"]
    trainees = sorted((row["posts"] for row in tables["trainee"]), reverse=True)
    assert (len(trainees), sum(trainees)) == (truth["trainees"], truth["posts"])
    assert trainees[:5] == [posts for _id, posts in truth["top_trainees"]]
    assert len(tables["discussion"]) == truth["discussions"]
    assert sum(row["participants"] for row in tables["discussion"]) == truth["person_times"]


def written(table: Table, figure: str) -> dict[str, int]:
    return {row["label"]: row[figure] for row in table if row[figure]}


def labelled(rows: Table) -> Table:
    return [row | {"label": row["name"]} for row in rows]


def test_by_the_api(imported: Imported) -> None:
    answers = {by: imported.program.get(f"/classes/corpus/figures?by={by}").json for by in TABLES}
    for answer in answers.values():
        compare(imported.truth, answer["totals"], {by: labelled(each["rows"]) for by, each in answers.items()})


def test_on_the_terminal(imported: Imported) -> None:
    answers = {
        by: json.loads(imported.terminal.ok("figures", "corpus", "--by", by, "--format", "json")) for by in TABLES
    }
    compare(imported.truth, answers["unit"]["totals"], {by: labelled(each["rows"]) for by, each in answers.items()})
    lines = csv.DictReader(io.StringIO(imported.terminal.ok("figures", "corpus", "--by", "unit", "--format", "csv")))
    person_times = {line["name"]: int(line["person_times"]) for line in lines if line["person_times"] != "0"}
    assert person_times == imported.truth["person_times_by_unit"] | {"total": imported.truth["person_times"]}


def test_in_the_workbook(imported: Imported) -> None:
    answer = imported.browser.client.get("/classes/corpus/figures.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True, data_only=True)
    named = {str(words): name for name, words in NAMES.items()}
    totals = {named[row[0]]: figure(row[1]) for row in book["Totals"].iter_rows(values_only=True) if row[0] in named}
    compare(imported.truth, totals, {by: sheet_of(book[f"By {by}"], named) for by in TABLES})
    people = list(book["Matrix"].iter_rows(min_row=2, max_row=imported.truth["trainees"] + 1, values_only=True))
    assert sum(posts or 0 for row in people for posts in row[2:-1]) == imported.truth["posts"]
    assert sum(row[-1] for row in people) == imported.truth["person_times"]


def sheet_of(sheet: Any, named: dict[str, str]) -> Table:
    heads, *rows = sheet.iter_rows(values_only=True)
    names = ["label", *(named[head] for head in heads[1:])]
    return [{name: figure(value) for name, value in zip(names, row, strict=True)} for row in rows]


def figure(value: Any) -> Any:
    """As the figure is: seconds, None for the dash."""
    if value == "–":
        return None
    return value.total_seconds() if hasattr(value, "total_seconds") else value


def test_on_the_page(imported: Imported) -> None:
    pages = {by: imported.browser.get(f"/classes/corpus/figures?by={by}") for by in TABLES}
    words = {str(words): name for name, words in NAMES.items()}
    shown = {
        words[one.one("summary").words]: one.one("b").words for one in pages["unit"].all("div", class_="is-defined")
    }
    with imported.app.test_request_context():
        assert {name: shown[name] for name in EXACT} == {
            name: written_out(name, imported.truth[name]) for name in EXACT
        }
    compare_tables(imported.truth, {by: table_of(page.one("table"), by, words) for by, page in pages.items()})


def written_out(name: str, value: Any) -> str:
    if name in ("participation_rate", "comment_coverage"):
        return " ".join(templating.percent(value).split())
    return templating.duration(value) if name == SECONDS else templating.number(value)


def table_of(table: Element, by: str, words: dict[str, str]) -> Table:
    names = [words.get(head.words) for head in table.one("thead").all("th")][1:]
    return [row_of(row, by, names) for row in table.one("tbody").all("tr")]


def row_of(row: Element, by: str, names: list[str | None]) -> dict[str, Any]:
    """Whole numbers alone, and of the name what it is found by: of a unit its path, of a week its Monday."""
    cells = zip(names, row.all("td"), strict=True)
    found: dict[str, Any] = {
        str(name): int(cell.words.replace(",", "")) for name, cell in cells if is_whole(cell.words)
    }
    if by == "unit":
        found["label"] = row.one("span")["title"]
    elif by == "week":
        found["label"] = parse_qs(row.one("a")["href"])["row"][0]
    return found


def is_whole(words: str) -> bool:
    return words.replace(",", "").isdigit()

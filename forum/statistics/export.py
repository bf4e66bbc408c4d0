"""The figures as files: the same rows as the page."""

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import xlsxwriter

from forum.i18n import gettext as _
from forum.statistics.definitions import DEFINITIONS, NAMES
from forum.statistics.figures import FIGURES, By, ClassFigures, Figures, Row
from forum.text import defused

RATES = {"participation_rate", "comment_coverage"}


def figures_as_json(answer: ClassFigures) -> dict[str, Any]:
    """The API's answer: definitions, totals, and rows with key and name first."""
    return {
        "definitions": {name: str(DEFINITIONS[name]) for name in FIGURES},
        "totals": asdict(answer.totals),
        "rows": [_keyed(row) for row in answer.rows],
    }


def write_figures(answer: ClassFigures, by: By | None, form: str, output: Path | None) -> None:
    """To a file, or to standard output; a workbook to a file only."""
    if form == "xlsx":
        assert output is not None
        output.write_bytes(figures_as_xlsx(answer))
        return
    if form == "json":
        text = json.dumps(figures_as_json(answer), ensure_ascii=False, indent=2) + "\n"
    else:
        text = figures_as_csv(answer) if form == "csv" else _as_table(answer, by)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")


def figures_as_csv(answer: ClassFigures) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["key", "name", *FIGURES])
    for row in answer.rows:
        writer.writerow([row.key, defused(row.name), *_values(row)])
    writer.writerow(["", "total", *_values(answer.totals)])
    return stream.getvalue()


def figures_as_xlsx(answer: ClassFigures) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet(_("Figures"))
        sheet.write_row(0, 0, ["", *(str(NAMES[name]) for name in FIGURES)], bold)
        lines: list[tuple[str, Figures]] = [(row.name, row) for row in answer.rows]
        for number, (name, figures) in enumerate([*lines, (_("Totals"), answer.totals)], start=1):
            sheet.write_string(number, 0, name)
            for column, figure in enumerate(FIGURES, start=1):
                value = getattr(figures, figure)
                if value is not None:
                    sheet.write_number(number, column, value, percent if figure in RATES else None)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, len(FIGURES), 12)
        _write_definitions(book, bold)
    return stream.getvalue()


def _write_definitions(book: Any, bold: Any) -> None:
    sheet = book.add_worksheet(_("Definitions"))
    for number, name in enumerate(FIGURES):
        sheet.write_string(number, 0, str(NAMES[name]), bold)
        sheet.write_string(number, 1, str(DEFINITIONS[name]))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)


def _keyed(row: Row) -> dict[str, Any]:
    values = asdict(row)
    return {"key": row.key, "name": row.name} | {name: values[name] for name in FIGURES}


def _values(figures: Figures) -> list[Any]:
    return [getattr(figures, name) for name in FIGURES]


_COLUMNS = ("posts", "reflections", "replies", "participants", "person_times", "trainees", "comments", "commented")


def _as_table(answer: ClassFigures, by: By | None) -> str:
    """The totals, one a line; then, by rows, the columns that a terminal has room for."""
    lines = [f"{NAMES[name]!s:<24} {_shown(name, getattr(answer.totals, name))}" for name in FIGURES]
    if by:
        lines += ["", "  ".join([*(f"{name:>12}" for name in _COLUMNS), by])]
        for row in answer.rows:
            lines.append("  ".join([*(f"{getattr(row, name):>12}" for name in _COLUMNS), row.name or "–"]))
    return "\n".join(lines) + "\n"


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name in RATES:
        return f"{value * 100:.1f} %"
    return f"{value:g}" if isinstance(value, float) else str(value)

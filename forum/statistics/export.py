"""The figures as JSON, CSV and plain text: the same rows as the page, under the names of the API."""

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

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
    """To a file, or to standard output."""
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

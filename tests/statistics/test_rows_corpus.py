"""Behind the figures of real classes from elsewhere are as many rows as they say."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from forum.classes.operations import create_class
from forum.interop.threads import import_threads
from forum.statistics.checking import faults
from forum.statistics.figures import Scope, figures_of
from tests.statistics.test_rows import compare
from tests.statistics.test_scope import TABLES

pytestmark = [pytest.mark.corpus, pytest.mark.one_database]

# Of each table: who wrote most, and who wrote least.
ROWS_AT_EACH_END = 4


def class_files() -> list[Path]:
    corpus = os.environ.get("FORUM_TEST_CORPUS")
    return sorted(Path(corpus, "threads", "jsonl").glob("*.jsonl")) if corpus else []


@pytest.mark.parametrize("file", class_files(), ids=lambda file: file.stem)
def test_behind_the_figures_of_a_class_from_elsewhere(app: Flask, file: Path) -> None:
    with app.app_context():
        zone = "-05:00" if file.stem.startswith("tsdi") else "+08:00"
        training_class = create_class("corpus", file.stem[:80], date(2016, 1, 1), date(2016, 12, 31), zone)
        with file.open("rb") as lines:
            import_threads(training_class, lines)
        scope = Scope(training_class)
        compare(scope, figures_of(scope).totals, "totals")
        for by, level in TABLES:
            table = replace(scope, level=level)
            rows = sorted(figures_of(table, by).rows, key=lambda row: row.posts)
            for row in {row.key: row for row in rows[:ROWS_AT_EACH_END] + rows[-ROWS_AT_EACH_END:]}.values():
                compare(table.at_row(by, row.key), row, (by, level, row.key))
        assert list(faults()) == []

"""Real classes from elsewhere give the figures that an independent script computed from their rows."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from forum.classes.operations import create_class
from forum.interop.threads import import_threads
from forum.statistics.figures import class_figures

pytestmark = pytest.mark.corpus

SAME = [
    "posts", "reflections", "replies", "participants", "person_times", "trainees", "participation_rate", "units",
    "units_covered", "comments", "commented", "comment_coverage", "median_seconds_to_first_comment", "discussions",
]  # fmt: skip


def class_files():
    """FORUM_TEST_CORPUS is the directory of test data; the classes lie under threads/jsonl."""
    corpus = os.environ.get("FORUM_TEST_CORPUS")
    return sorted(Path(corpus, "threads", "jsonl").glob("*.jsonl")) if corpus else []


def test_there_is_a_corpus():
    assert class_files(), "set FORUM_TEST_CORPUS to a directory with threads/jsonl/*.jsonl"


@pytest.mark.parametrize("file", class_files(), ids=lambda file: file.stem)
def test_a_class_from_elsewhere_shows_its_figures(app, file):
    truth = json.loads(file.with_suffix("").with_suffix(".truth.json").read_text())
    zone = "-05:00" if file.stem.startswith("tsdi") else "+08:00"
    with app.app_context():
        training_class = create_class("corpus", file.stem[:80], date(2016, 1, 1), date(2016, 12, 31), zone)
        with file.open("rb") as lines:
            report = import_threads(training_class, lines)
        assert (report.errors, report.orphans) == ([], truth["orphans"])
        totals = class_figures(training_class).totals
        assert {name: getattr(totals, name) for name in SAME} == pytest.approx({name: truth[name] for name in SAME})
        assert totals.characters == pytest.approx(truth["characters"], rel=0.005)
        assert _rows(training_class, "unit", "person_times", "name") == truth["person_times_by_unit"]
        assert _rows(training_class, "week", "posts", "key") == truth["posts_by_week"]
        trainees = class_figures(training_class, by="trainee").rows
        assert sorted((row.posts for row in trainees), reverse=True)[:5] == [
            posts for _id, posts in truth["top_trainees"]
        ]


def _rows(training_class, by, figure, label):
    rows = class_figures(training_class, by=by).rows
    return {str(getattr(row, label)): getattr(row, figure) for row in rows if getattr(row, figure)}

"""What comes out of a backup is what went in: from either database into either."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.backups import loading, queries
from forum.backups.lines import line_of, rows_from
from forum.classes.models import TrainingClass
from forum.db import Base, commit, db
from forum.discussions.models import Discussion
from forum.discussions.operations import publish_post
from forum.members.models import Member
from forum.statistics.checking import faults
from forum.statistics.figures import class_figures
from tests.backups.conftest import UPLOADS, Place
from tests.databases import KINDS


def everything(place: Place) -> tuple[dict[str, list[str]], Any, list[str]]:
    """All rows of all tables, the figures of all classes, and what `forum check` says."""
    with place.inside():
        tables = {
            table.name: sorted(map(repr, db.session.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.name != "post_words"
        }
        classes = db.session.query(TrainingClass).order_by(TrainingClass.id)
        return tables, [class_figures(one, "trainee") for one in classes], list(faults())


def test_every_row_figure_and_upload_is_as_it_was_and_the_forum_goes_on(
    settled: Place, new_place: Callable[[str], Place], tmp_path: Path
) -> None:
    file, before = settled.take(tmp_path / "forum.zip"), everything(settled)
    assert all(before[0].values()), "a table is empty, and shows nothing"
    for kind in KINDS:
        target = new_place(kind)
        target.restore(file)
        assert everything(target) == before
        assert names_kept_empty(target) == 1
        assert {name: (target.data / "uploads" / name).read_bytes() for name in UPLOADS} == UPLOADS
        go_on(target)
        after = everything(target)
        assert len(after[0]["posts"]) == len(before[0]["posts"]) + 1
        assert after[2] == before[2], "search finds the new post as it finds the old"


def names_kept_empty(place: Place) -> int:
    """Of who was retired: what stands for such a name is no name."""
    with place.inside():
        return int(db.session.scalar(sa.text("SELECT count(*) FROM members WHERE name = ''")) or 0)


def go_on(place: Place) -> None:
    with place.inside():
        discussion, tom = db.session.query(Discussion).one(), db.session.query(Member).filter_by(name="Tom").one()
        publish_post(tom, discussion, "Next.", None, "next")
        commit()


ROW = st.tuples(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=120))


@given(names=st.lists(ROW, min_size=1, max_size=40))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_comes_back_as_it_was(app: Flask, names: list[tuple[str]]) -> None:
    units = Base.metadata.tables["units"]
    lines = [line_of((1000 + n, None, name, f"Unit {n}", 0, "")) for n, (name,) in enumerate(names)]
    assert b"".join(lines).count(b"\n") == len(lines)
    with app.app_context():
        list(loading.fill(units, rows_from(iter(lines), units)))
        found = db.session.execute(units.select().where(units.c.id >= 1000).order_by(units.c.id))
        assert [row.name for row in found] == [name for (name,) in names]
        db.session.rollback()


def test_every_column_is_of_a_kind_that_can_be_carried() -> None:
    known = (sa.Integer, sa.Float, sa.String, sa.Boolean, sa.DateTime, sa.Date, sa.LargeBinary, sa.JSON)
    for table in queries.kept_tables():
        for column in table.columns:
            kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
            assert isinstance(kind, known), f"{column}: forum/backups/lines.py must learn to carry {kind!r}"

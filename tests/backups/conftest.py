"""Forums of both kinds that are really written to, and one with a row in every table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.backups import operations, queries
from forum.backups.archive import opened
from forum.backups.uploads import restored
from forum.classes.models import TrainingClass
from forum.closings.models import ClosingRecord
from forum.closings.operations import record_closing
from forum.db import commit, db
from forum.discussions.models import Stage
from forum.discussions.operations import publish_post
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from tests.cast import settle_cast
from tests.databases import inside

MOMENT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
TEXT = "“今天\t学习”\r\n\\N \\. ' \" \u2028 \x01 𠮷 👩‍🏫 é ‮"
UPLOADS = {"on/one.png": b"\x89PNG\r\n\x00\xff", "tw/two.pdf": b""}


@dataclass
class Place:
    """A forum: its database, the folder of its data, and a bucket if it has one."""

    url: str
    data: Path
    bucket: str = ""

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        with inside(self.url, self.data, uploads_url=self.bucket) as app:
            yield app

    def take(self, file: Path) -> Path:
        with self.inside():
            operations.take_backup(file)
        return file

    def restore(self, file: Path) -> None:
        with self.inside(), opened(file) as archive:
            operations.restore_backup(archive, file)
            with restored(archive):
                commit()

    def is_empty(self) -> bool:
        with self.inside():
            return queries.is_empty() and not (self.data / "uploads").exists()


@pytest.fixture
def new_place(scratch_database: Callable[..., str], tmp_path: Path) -> Callable[[str], Place]:
    """`new_place("postgresql")`"""
    made: list[Place] = []

    def make(kind: str) -> Place:
        data = tmp_path / f"data-{len(made)}"
        data.mkdir()
        made.append(Place(scratch_database(kind), data))
        return made[-1]

    return make


def settle_class(place: Place) -> int:
    """The cast, and a discussion of two posts: its id."""
    with place.inside():
        cast = settle_cast()
        tina, ivan = db.session.get_one(Member, cast.tina.id), db.session.get_one(Member, cast.ivan.id)
        spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
        discussion = add_discussion(spring, "A lecture", Stage.DURING)
        publish_post(ivan, discussion, "A comment.", publish_post(tina, discussion, TEXT, None, "one").number, "two")
        commit()
        return discussion.id


def settle(place: Place) -> None:
    """The same, a row in every table that is empty still, and two uploads."""
    discussion_id = settle_class(place)
    with place.inside():
        record_closing(discussion_id, MOMENT, db.session.query(Member).filter_by(name="Ivan").one())
        db.session.query(ClosingRecord).one().figures |= {"文": [0.1, 1e-9, 2**60, None, True, TEXT]}
        db.session.execute(sa.update(Member.__table__).where(Member.name == "Stella").values(name=""))
        for table in queries.kept_tables():
            if not queries.count_rows(table):
                db.session.execute(table.insert().values(_any_row(table)))
        commit()
    for name, content in UPLOADS.items():
        file = place.data / "uploads" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _any_row(table: sa.Table) -> dict[str, Any]:
    """Refers to rows that are there; what admits a value has one."""
    row: dict[str, Any] = {}
    for key in sorted(table.foreign_key_constraints, key=lambda key: -len(key.elements)):
        if key.referred_table is not table:
            there = sa.and_(sa.true(), *(e.column == row[e.parent.name] for e in key.elements if e.parent.name in row))
            found = db.session.execute(key.referred_table.select().where(there)).mappings().first()
            assert found is not None, f"nothing for {table.name} to refer to in {key.referred_table.name}"
            row |= {element.parent.name: found[element.column.name] for element in key.elements}
    if table.name == "attachments":
        row |= {"activity_id": None, "key": "two.pdf"}
    return {column.name: _any_value(column) for column in table.columns if not column.foreign_keys} | row


def _any_value(column: sa.Column[Any]) -> Any:
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    match kind:
        case sa.Enum():
            return next(iter(kind.enum_class or kind.enums))
        case sa.String():
            return TEXT[: kind.length or 1000]
        case sa.JSON():
            return {"文": [0.1, None]}
        case sa.DateTime():
            return MOMENT
        case sa.Date():
            return date(2026, 2, 28)
        case sa.LargeBinary():
            return bytes(range(256))
    return 1


@pytest.fixture
def settled(database_kind: str, new_place: Callable[[str], Place]) -> Place:
    place = new_place(database_kind)
    settle(place)
    return place


def resealed(file: Path, target: Path, **changes: bytes | None) -> Path:
    """A copy with other members ("tables/units.jsonl"), sealed as if it were right."""
    with ZipFile(file) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        new.comment = b"0" * 64
    content = target.read_bytes()[:-64]
    target.write_bytes(content + sha256(content).hexdigest().encode())
    return target

"""What a backup holds: every table but those that are made out of others."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy import select

import forum.interop.models  # noqa: F401 - the one package whose models no page needs
from forum.attachments.models import Attachment
from forum.db import Base, db

AT_ONCE = 1000
# The words by which posts are found differ between the databases, and are written anew.
_DERIVED = {"post_words"}


def kept_tables() -> list[sa.Table]:
    """Each after those that it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in _DERIVED]


def schema_revision() -> str | None:
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def rows_of(table: sa.Table, columns: Iterable[sa.ColumnElement[Any]]) -> Iterator[Sequence[Any]]:
    """By the thousand; none is kept in memory."""
    rows = select(*columns).order_by(*table.primary_key.columns)
    return db.session.connection().execute(rows, execution_options={"yield_per": AT_ONCE}).partitions()


def kept_files() -> Iterator[Any]:
    """Key and type of each file that the storage should have."""
    files = select(Attachment.key, Attachment.type).where(Attachment.key != "")
    return iter(db.session.execute(files, execution_options={"yield_per": AT_ONCE}))


def count_rows(table: sa.Table) -> int:
    return db.session.scalar(select(sa.func.count()).select_from(table)) or 0


def is_empty() -> bool:
    return not any(db.session.scalar(select(sa.exists(select(1).select_from(table)))) for table in kept_tables())


def next_id(column: sa.Column[Any]) -> int:
    return (db.session.scalar(select(sa.func.max(column))) or 0) + 1

"""Rows into the tables of an empty database, as each of the two takes them fastest."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from forum.backups.lines import bare
from forum.backups.queries import AT_ONCE, next_id
from forum.db import db


def prepare() -> None:
    """A row may refer to a later one of its table."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))


def fill(table: sa.Table, rows: Iterator[list[Any]]) -> Iterator[int]:
    """Adds rows a piece at a time; tells how many."""
    return (_copy if db.engine.dialect.name == "postgresql" else _insert)(table, rows)


def _insert(table: sa.Table, rows: Iterator[list[Any]]) -> Iterator[int]:
    names = table.columns.keys()
    insert = sa.table(table.name, *(bare(column) for column in table.columns)).insert()
    while some := list(islice(rows, AT_ONCE)):
        db.session.execute(insert, [dict(zip(names, row, strict=True)) for row in some])
        yield len(some)


def _copy(table: sa.Table, rows: Iterator[list[Any]]) -> Iterator[int]:
    """One statement, at whose end PostgreSQL looks whether what is referred to is there."""
    write = db.engine.dialect.identifier_preparer
    columns = ", ".join(map(write.format_column, table.columns))
    statement = f"COPY {write.format_table(table)} ({columns}) FROM STDIN"
    raw: Any = db.session.connection().connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            while some := list(islice(rows, AT_ONCE)):
                for row in some:
                    copy.write_row(row)
                yield len(some)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error) from error


def finish(tables: list[sa.Table]) -> None:
    """PostgreSQL goes on numbering after the last row, and learns how large its tables have become."""
    if db.engine.dialect.name != "postgresql":
        return
    for table in tables:
        if (column := table.autoincrement_column) is not None:
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            db.session.execute(sa.func.setval(sequence, next_id(column), False))
    db.session.execute(sa.text("ANALYZE"))

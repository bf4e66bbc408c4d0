"""A row as a line of JSON, and back: the same for both databases, every value exact."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=lambda value: _said(value)).encode


def line_of(row: Sequence[Any]) -> bytes:
    return _write(list(row)).encode() + b"\n"


def _said(value: object) -> str:
    match value:
        case date():
            return value.isoformat()
        case bytes():
            return b64encode(value).decode()
    raise TypeError(type(value))


def carried(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """As it is read: what is JSON stays the text that it is, and a choice the word for it."""
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text).label(column.name)
    return sa.type_coerce(column, _kind(column)).label(column.name)


def bare(column: sa.Column[Any]) -> sa.ColumnClause[Any]:
    """As it is written."""
    return sa.column(column.name, _kind(column))


def _kind(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """A text is carried as it is kept, whatever it means: a name that is kept empty must not come back as words."""
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    return sa.Text() if isinstance(kind, sa.JSON | sa.String) else column.type


def rows_from(lines: Iterable[bytes], table: sa.Table) -> Iterator[list[Any]]:
    """ValueError where a line is no row of the table."""
    found = [_reader(column) for column in table.columns]
    reading = [(place, read) for place, read in enumerate(found) if read]
    for line in lines:
        row = json.loads(line)
        if len(row) != len(found):
            raise ValueError(line)
        for place, read in reading:
            if row[place] is not None:
                row[place] = read(row[place])
        yield row


def _reader(column: sa.Column[Any]) -> Callable[[str], Any] | None:
    """Of what JSON knows only as a text."""
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    return next((read for known, read in _READERS if isinstance(kind, known)), None)


_READERS: tuple[tuple[type, Callable[[str], Any]], ...] = (
    (sa.DateTime, datetime.fromisoformat), (sa.Date, date.fromisoformat), (sa.LargeBinary, b64decode),
)  # fmt: skip

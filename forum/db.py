"""The database: named constraints, UTC times, SQLite's manners, and the one commit()."""

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from psycopg import Error as PostgreSQLError
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import Pool

from forum.turns import take_turn

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime, stored in UTC on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs an offset")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


# Sorted by code point on both databases, whatever the server's collation.
SortKey = sa.String(500).with_variant(sa.String(500, collation="C"), "postgresql")


def one_of(choices: type[StrEnum]) -> sa.Enum:
    """A text column that admits the values of an enumeration only."""
    values = [choice.value for choice in choices]
    return sa.Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda _: values,
        name=choices.__name__.lower(),
    )


_SQLITE_BUSY = {5, 6}
# Lock not available, deadlock, serialisation failure, too many connections; too long at one question, or at none.
_POSTGRESQL_BUSY = {"55P03", "40P01", "40001", "53300", "57014", "25P03"}
# Read-only, input or output, full, cannot be opened; no connection, no room, no server.
_SQLITE_AWAY = {8, 10, 13, 14}
_POSTGRESQL_AWAY = ("08", "53", "57P", "58")

# Seconds.
_RESTED = 1.0
# Then it is PostgreSQL that lets wait, and says when that was too long.
_PATIENCE = 5.0

_read_only: ContextVar[bool] = ContextVar("read_only", default=False)


def expect_reading(only: bool) -> None:
    """Say that what follows will not write. SQLite then takes no write lock; otherwise it takes it at the start,
    since a transaction that turns from reading to writing fails as soon as another has written in between."""
    _read_only.set(only)


def undo() -> None:
    """Roll back. What is still to be said about it only reads, and so waits for no writer."""
    db.session.rollback()
    expect_reading(True)


def is_busy(error: DBAPIError | NoConnection) -> bool:
    """Others held what this statement needed, for longer than it waits."""
    if isinstance(error, NoConnection):
        return True
    sqlite_code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return sqlite_code in _SQLITE_BUSY or getattr(error.orig, "sqlstate", None) in _POSTGRESQL_BUSY


def is_away(error: BaseException) -> bool:
    """The database is not there, or has no room. SQLite then ends the transaction by itself, so that what fails last
    is to go back within it."""
    state = getattr(error, "sqlstate", "")
    if state is None or state.startswith(_POSTGRESQL_AWAY):
        return True
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY:
        return True
    return error.__context__ is not None and is_away(error.__context__)


def read_one_snapshot() -> None:
    """Before anything is read: what follows only reads, and sees the database as it is at this moment throughout."""
    expect_reading(True)
    if db.engine.dialect.name == "postgresql":
        db.session.connection().exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def beside() -> AbstractContextManager[Connection]:
    """A connection for what only reads rows: a session, which makes ready to load and to keep things, costs as much as
    the question."""
    return db.engine.connect()


def insert_into(model: Any) -> Any:
    """An INSERT in the words of this database: it can leave alone what is there already, or change it."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return insert(model.__table__)


def built_once(build: Callable[..., Any]) -> Callable[..., Any]:
    """As functools.cache, for statements in the words of one database (`insert_into`): building one anew costs more
    than asking it."""
    kept: dict[Any, Any] = {}

    @wraps(build)
    def built(*arguments: Any) -> Any:
        key = (db.engine.dialect.name, *arguments)
        if key not in kept:
            kept[key] = build(*arguments)
        return kept[key]

    return built


def is_sqlite(connection: Any) -> bool:
    """Of a connection of the driver's own."""
    return type(connection).__module__.startswith("sqlite3")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if is_sqlite(connection):
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()


@event.listens_for(Pool, "checkin")
def _lay_down(_raw: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _pick_up(raw: Any, record: Any, _proxy: Any) -> None:
    """What has rested is asked first whether it still is one: the server may have gone and come back."""
    if time.monotonic() - record.info.get("used_at", float("inf")) > _RESTED and not is_sqlite(raw):
        try:
            raw.execute("")
        except PostgreSQLError as error:
            raise InvalidatePoolError from error


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """SQLite's transactions begin by one word or the other. PostgreSQL's, where something will be written: there each
    statement sees what is committed, in a transaction or not, and after a ROLLBACK the driver would throw away the
    statements it has prepared. Planning them anew is most of what they cost."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        _begin_sqlite(connection, raw)
    elif raw.autocommit and not _read_only.get() and "isolation_level" not in connection.get_execution_options():
        _begin_postgresql(connection, raw)


def _begin_postgresql(connection: Connection, raw: Any) -> None:
    """The server may have gone since the connection was picked up: said as of any statement."""
    try:
        raw.execute("BEGIN")
    except PostgreSQLError as error:
        connection.invalidate(error)
        raise DBAPIError.instance("BEGIN", None, error, PostgreSQLError, connection_invalidated=True) from error


def wait_for_turn(discussion_id: int) -> None:
    """Behind others of this process who write in the discussion; on SQLite whoever writes has waited already."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        take_turn(connection, _PATIENCE, discussion_id)


def _begin_sqlite(connection: Connection, raw: Any) -> None:
    begin = "BEGIN"
    if not _read_only.get():
        begin = "BEGIN IMMEDIATE"
        take_turn(connection, raw.execute("PRAGMA busy_timeout").fetchone()[0] / 1000)
    try:
        raw.cursor().execute(begin)
    except sqlite3.Error as error:
        raise DBAPIError.instance(begin, None, error, sqlite3.Error) from error


@event.listens_for(Engine, "before_cursor_execute")
def _refuse_to_write_alone(
    connection: Connection, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool
) -> None:
    """What was said to only read and writes all the same would be saved a statement at a time."""
    writes = context is not None and (context.isinsert or context.isupdate or context.isdelete)
    if writes and connection.dialect.name == "postgresql":
        raw: Any = connection.connection.dbapi_connection
        if raw.info.transaction_status == TransactionStatus.IDLE and _read_only.get():
            raise RuntimeError(f"written without a transaction: {sql}")


def after_commit(function: Callable[..., None], *arguments: Any) -> None:
    """Have the function called once the running transaction is committed; a rollback forgets it,
    and what is asked for twice is done once."""
    waiting = db.session().info.setdefault("after_commit", [])
    if (function, arguments) not in waiting:
        waiting.append((function, arguments))


def commit() -> None:
    """Commit, then do what waited for it, which only reads. What fails then is logged: the saved change stays saved."""
    session = db.session()
    waiting = session.info.pop("after_commit", [])
    session.commit()
    if not waiting:
        return
    before = _read_only.set(True)
    try:
        for function, arguments in waiting:
            try:
                function(*arguments)
            except Exception:
                log.exception("after the commit: %s%r", function.__name__, arguments)
                session.rollback()
    finally:
        # Ends what they began to read: who writes afterwards begins anew, with the lock.
        session.rollback()
        _read_only.reset(before)


@event.listens_for(Session, "after_rollback")
def _forget_waiting(session: Session) -> None:
    session.info.pop("after_commit", None)

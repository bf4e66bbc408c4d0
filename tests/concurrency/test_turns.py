"""Writers of one process take turns, at SQLite or at a discussion: a turn ends whatever becomes of who had it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from forum.db import db
from forum.turns import take_turn
from tests.databases import test_app as make_app

PATIENCE = 10


@pytest.fixture
def engine(scratch_database: Callable[..., str], tmp_path: Path) -> Engine:
    app = make_app(scratch_database("sqlite"), tmp_path)
    with app.app_context():
        return db.engine


def write(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM units"))


def is_free(engine: Engine) -> bool:
    """Somebody else writes at once, on another connection."""
    other = threading.Thread(target=write, args=(engine,))
    with engine.connect():
        other.start()
        other.join(PATIENCE)
    return not other.is_alive()


def test_a_turn_ends_with_the_transaction(engine: Engine) -> None:
    write(engine)
    assert is_free(engine)
    with pytest.raises(sa.exc.OperationalError), engine.begin() as connection:
        connection.execute(sa.text("no statement"))
    assert is_free(engine)


def test_a_turn_ends_with_a_connection_that_breaks(engine: Engine) -> None:
    connection = engine.connect()
    transaction = connection.begin()
    connection.connection.dbapi_connection.close()
    with pytest.raises(sa.exc.ProgrammingError):
        connection.execute(sa.text("SELECT 1"))
    transaction.close()
    connection.close()
    assert is_free(engine)


def test_at_a_discussion_of_postgresql_each_waits_for_those_before(
    scratch_database: Callable[..., str], tmp_path: Path
) -> None:
    app, came = make_app(scratch_database("postgresql"), tmp_path), []
    with app.app_context():
        engine = db.engine

    def come(name: str, discussion_id: int) -> threading.Thread:
        def write_there() -> None:
            with engine.begin() as connection:
                take_turn(connection, PATIENCE, discussion_id)
                came.append(name)

        thread = threading.Thread(target=write_there)
        thread.start()
        return thread

    with engine.begin() as connection:
        take_turn(connection, PATIENCE, 7)
        waiting = come("who waits", 7)
        come("elsewhere", 8).join(PATIENCE)
        assert came == ["elsewhere"]
        came.append("who was first")
    waiting.join(PATIENCE)
    assert came == ["elsewhere", "who was first", "who waits"]
    engine.dispose()

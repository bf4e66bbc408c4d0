"""Writers of one process take turns in the order in which they come. At SQLite, since left to itself each sleeps and
looks again, at longer and longer intervals, and whoever came last may well be first. On PostgreSQL at a discussion:
those who wait there for one row cost the server more than what they write."""

from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import Pool

_locks: WeakKeyDictionary[Engine, WeakValueDictionary[int, Lock]] = WeakKeyDictionary()
_TURN = "turn"


def take_turn(connection: Connection, patience: float, discussion_id: int = 0) -> None:
    """Before it writes: anything, or in the discussion. Who has waited so many seconds goes on without, and leaves it
    to the database to say no. One turn a transaction: nobody waits for somebody who waits for them."""
    lock = _locks.setdefault(connection.engine, WeakValueDictionary()).setdefault(discussion_id, Lock())
    if _TURN not in connection.info and lock.acquire(timeout=patience):
        connection.info[_TURN] = lock


def _end_turn(info: dict[str, Any]) -> None:
    if lock := info.pop(_TURN, None):
        lock.release()


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _end_with_the_transaction(connection: Connection) -> None:
    if not connection.invalidated:
        _end_turn(connection.info)


@event.listens_for(Pool, "invalidate")
@event.listens_for(Pool, "checkin")
def _end_with_the_connection(_dbapi_connection: Any, record: Any, *_why: Any) -> None:
    """Whatever became of it."""
    _end_turn(record.info)

"""Weeks and hours of a class's time zone, as the database tells them apart.

The zone's rules are Python's: each stretch of time with one offset from UTC is handed to the database with it.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from forum import clock
from forum.classes.models import TrainingClass
from forum.db import db
from forum.discussions.counting import first_and_last_post

# A Monday before all posts, from which seconds are counted; so they are never negative.
_ORIGIN = date(1900, 1, 1)
_BEFORE_EPOCH = 2_208_988_800
_HOUR, _WEEK = 3600, 7 * 24 * 3600


def week_of(column: Any, training_class: TrainingClass) -> sa.ColumnElement[int]:
    """The number of the week; `monday_of_week` says its first day."""
    return _local_seconds(column, training_class) // _WEEK


def hour_of(column: Any, training_class: TrainingClass) -> sa.ColumnElement[int]:
    """The hour of the day, 0 to 23."""
    return (_local_seconds(column, training_class) // _HOUR) % 24


def hour_number(column: Any, training_class: TrainingClass) -> sa.ColumnElement[int]:
    """Hours one after the other; `start_of_hour` says when each begins. An hour that the clocks show twice is one."""
    return _local_seconds(column, training_class) // _HOUR


def start_of_hour(number: int) -> datetime:
    """As the clocks there show it, without a zone."""
    return datetime.combine(_ORIGIN, time.min) + timedelta(hours=number)


def monday_of_week(week: int) -> date:
    return _ORIGIN + timedelta(weeks=week)


def _local_seconds(column: Any, training_class: TrainingClass) -> sa.ColumnElement[int]:
    span = first_and_last_post(training_class.id) or (clock.now(), clock.now())
    (_, earliest), *later = clock.offsets_between(*span, training_class.zone)
    changes = [(column >= moment, int(offset.total_seconds())) for moment, offset in reversed(later)]
    first = int(earliest.total_seconds())
    return _seconds(column) + _BEFORE_EPOCH + (sa.case(*changes, else_=first) if changes else first)


def _seconds(column: Any) -> sa.ColumnElement[int]:
    """Since 1970, the rest of a second cut off: SQLite would round it up, into the next day."""
    if db.engine.dialect.name == "sqlite":
        return sa.cast(sa.func.strftime("%s", sa.func.substr(column, 1, 19)), sa.BigInteger)
    return sa.cast(sa.func.floor(sa.extract("epoch", column)), sa.BigInteger)

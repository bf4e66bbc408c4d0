"""The only source of time. Stored times are UTC; days and weeks are those of a class's time zone."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


def now() -> datetime:
    return datetime.now(UTC)


@lru_cache
def zone(name: str) -> tzinfo:
    """The zone of an IANA name ("Asia/Shanghai") or of a fixed offset ("-05:00"); ValueError if there is none."""
    if match := _OFFSET.fullmatch(name):
        sign = -1 if match[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3])))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(name) from error


def moment_at(shown: datetime, where: tzinfo) -> datetime:
    """The moment, in UTC, at which the clocks there show this: where they are put back and show it twice, the first;
    ValueError where they are put forward and never do."""
    moment = shown.replace(tzinfo=where, fold=0).astimezone(UTC)
    if moment.astimezone(where).replace(tzinfo=None) != shown:
        raise ValueError(shown)
    return moment


def start_of(day: date, where: tzinfo) -> datetime:
    """The first instant of a day, in UTC."""
    return datetime.combine(day, time.min, where).astimezone(UTC)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())

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


def offsets_between(first: datetime, last: datetime, where: tzinfo) -> list[tuple[datetime, timedelta]]:
    """What the clocks there were ahead of UTC: the offset at first, then each later one with the moment of the change,
    to the second."""
    found = [(first, _offset(first, where))]
    before = first
    while before < last:
        after = min(before + timedelta(days=1), last)
        if _offset(after, where) != found[-1][1]:
            found.append((_change_between(before, after, where), _offset(after, where)))
        before = after
    return found


def _change_between(before: datetime, after: datetime, where: tzinfo) -> datetime:
    start = before.replace(microsecond=0)
    low, high = 0, int((after - start).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(start + timedelta(seconds=middle), where) == _offset(before, where)
        low, high = (middle, high) if same else (low, middle)
    return start + timedelta(seconds=high)


def _offset(moment: datetime, where: tzinfo) -> timedelta:
    offset = moment.astimezone(where).utcoffset()
    assert offset is not None
    return offset

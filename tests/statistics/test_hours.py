"""Days, weeks and hours at midnight and where the clocks change: those of the class's time zone, on both databases."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from forum import clock
from forum.classes.operations import create_class
from forum.statistics.checking import faults
from forum.statistics.figures import By
from tests.cast import World
from tests.counted import join
from tests.statistics.test_periods import period

NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"


@pytest.fixture
def at_moments(world: World):
    """A class in a zone with a post at each of these moments, in UTC; then its rows as {key: posts}."""

    def rows(zone: str, moments: list[str], by: By, first: str | None = None, last: str | None = None) -> dict:
        slug = zone.rpartition("/")[2].lower().replace("_", "-")
        with world.inside():
            create_class(slug, slug, date(2026, 1, 1), date(2026, 12, 31), zone)
        tess, discussion = join(world, "Tess", slug=slug), world.discussion(slug=slug)
        for moment in moments:
            world.clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
            world.publish(tess, discussion, "好")
        with world.app.app_context():
            assert list(faults()) == [], "counted in plain Python it is the same"
        answer = world.figures(slug, by=by, period=period(first, last))
        assert sum(row.posts for row in answer.rows) == answer.totals.posts
        return {row.key: row.posts for row in answer.rows}

    return rows


def test_in_new_york_the_hour_that_is_left_out_has_no_row(at_moments) -> None:
    """At 2:00 on 8 March 2026 it became 3:00, which is 7:00 UTC."""
    moments = ["2026-03-08 06:30:00", "2026-03-08 06:59:59.999999", "2026-03-08 07:00:00", "2026-03-08 07:30:00"]
    assert at_moments(NEW_YORK, moments, "hour") == {1: 2, 3: 2}


def test_in_new_york_the_hour_that_comes_twice_is_one_row(at_moments) -> None:
    """At 2:00 on 1 November 2026 it became 1:00, which is 6:00 UTC."""
    moments = ["2026-11-01 05:30:00", "2026-11-01 05:59:59.999999", "2026-11-01 06:00:00", "2026-11-01 07:00:00"]
    assert at_moments(NEW_YORK, moments, "hour") == {1: 3, 2: 1}


def test_in_new_york_a_week_across_the_change_is_an_hour_shorter(at_moments) -> None:
    moments = ["2026-03-02 04:59:59.999999", "2026-03-02 05:00:00", "2026-03-09 03:59:59.999999", "2026-03-09 04:00:00"]
    assert at_moments(NEW_YORK, moments, "week") == {"2026-02-23": 1, "2026-03-02": 2, "2026-03-09": 1}


def test_in_new_york_the_day_of_the_change_has_twenty_three_hours(at_moments) -> None:
    moments = ["2026-03-08 04:59:59", "2026-03-08 05:00:00", "2026-03-09 03:59:59", "2026-03-09 04:00:00"]
    assert at_moments(NEW_YORK, moments, "hour", "2026-03-08", "2026-03-08") == {0: 1, 23: 1}


def test_in_shanghai_midnight_is_at_sixteen_hours_utc(at_moments) -> None:
    moments = ["2026-03-01 15:59:59.999999", "2026-03-01 16:00:00", "2026-03-08 15:59:59.999999", "2026-03-08 16:00:00"]
    assert at_moments(SHANGHAI, moments, "week") == {"2026-02-23": 1, "2026-03-02": 2, "2026-03-09": 1}


def test_in_shanghai_the_summers_of_old_are_known(at_moments) -> None:
    """From 14 April to 15 September 1991 the clocks were an hour ahead; a class may bring posts of then."""
    moments = ["1991-04-13 17:59:59", "1991-04-13 18:00:00", "1991-09-14 16:59:59", "1991-09-14 17:00:00"]
    assert at_moments(SHANGHAI, moments, "hour") == {1: 3, 3: 1}


def test_hours_at_an_offset_with_minutes(at_moments) -> None:
    assert at_moments("Asia/Kolkata", ["2026-03-01 18:29:59", "2026-03-01 18:30:00"], "hour") == {0: 1, 23: 1}


@pytest.mark.one_database
@pytest.mark.parametrize("zone", [NEW_YORK, SHANGHAI, "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_the_changes_of_a_zone_are_found_to_the_second(zone: str) -> None:
    where = ZoneInfo(zone)
    first, last = datetime(1985, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = clock.offsets_between(first, last, where)
    for (_, before), (moment, after) in pairwise(found):
        assert moment.astimezone(where).utcoffset() == after
        assert (moment - timedelta(seconds=1)).astimezone(where).utcoffset() == before != after
    moment = first
    while moment < last:
        offset = next(offset for change, offset in reversed(found) if change <= moment)
        assert offset == moment.astimezone(where).utcoffset()
        moment += timedelta(hours=31)

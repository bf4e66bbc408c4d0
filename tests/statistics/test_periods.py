"""Figures of a period and by week: days and weeks are those of the class's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from forum.classes.operations import create_class
from forum.statistics.figures import Period
from tests.cast import World
from tests.counted import CountedClass, at, join
from tests.statistics.test_figures import no_faults, short


def day(text: str) -> object:
    return datetime.fromisoformat(text).date()


def period(first: str | None, last: str | None) -> Period:
    return Period(day(first) if first else None, day(last) if last else None)  # type: ignore[arg-type]


def test_a_period_holds_both_its_days_from_midnight_to_midnight_of_the_class(world: World) -> None:
    discussion_id = world.discussion()
    for moment in ("2026-03-01 23:59:59", "2026-03-02 00:00:00", "2026-03-03 23:59:59.999999", "2026-03-04 00:00:00"):
        at(world, moment)
        world.publish(world.cast.tina, discussion_id)

    def posts(first: str | None, last: str | None) -> int:
        return world.figures(period=period(first, last)).totals.posts

    assert posts("2026-03-02", "2026-03-03") == 2
    assert posts("2026-03-02", "2026-03-02") == 1
    assert posts(None, "2026-03-01") == 1
    assert posts("2026-03-04", None) == 1
    assert posts("2026-03-05", None) == 0
    assert posts(None, None) == 4


def test_in_a_period_reflections_and_comments_go_by_their_own_time_and_coverage_by_comments_of_any_time(
    world: World,
) -> None:
    discussion_id = world.discussion()
    at(world, "2026-03-02 09:00")
    world.publish(world.cast.tina, discussion_id, "好")
    world.publish(world.cast.tom, discussion_id, "好", 1)
    at(world, "2026-03-03 09:00")
    world.publish(world.cast.ivan, discussion_id, "Late in the day", 1)
    world.publish(world.cast.tom, discussion_id, "好好")
    names = "posts reflections replies participants person_times comments commented characters"
    first = world.figures(period=period("2026-03-02", "2026-03-02")).totals
    second = world.figures(period=period("2026-03-03", "2026-03-03")).totals
    assert short(first, names) == (2, 1, 1, 2, 2, 0, 1, 2)  # type: ignore[arg-type]
    assert first.median_seconds_to_first_comment == 86400.0
    assert short(second, names) == (1, 1, 0, 1, 1, 1, 0, 2)  # type: ignore[arg-type]
    # The two days' person-times do not add up to the whole.
    assert world.totals().person_times == 2


@pytest.mark.one_database
def test_an_edit_does_not_move_a_post_to_another_day(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.clock.advance(days=1)
    world.change("edit", world.cast.tina, discussion_id, 1, "Anew")
    assert world.figures(period=period("2026-03-02", "2026-03-02")).totals.posts == 1


def test_every_grouping_of_a_period_covering_everything_equals_that_without_one(
    world: World, counted: CountedClass
) -> None:
    for by in ("discussion", "trainee", "unit", "group", "week"):
        whole, periodic = world.figures(by=by), world.figures(by=by, period=period("2026-01-01", "2026-12-31"))
        assert whole == periodic, by


@pytest.fixture
def new_york(world: World) -> int:
    with world.inside():
        create_class("harbour", "Harbour class", day("2026-03-02"), day("2026-03-20"), "America/New_York")  # type: ignore[arg-type]
    return world.discussion("Across the change of clocks", slug="harbour")


def test_weeks_begin_on_monday_of_the_class_also_when_the_clocks_change(world: World, new_york: int) -> None:
    """On Sunday 8 March 2026 the clocks went forward in New York."""
    ny = ZoneInfo("America/New_York")
    una, sam = join(world, "Una", "City / East", slug="harbour"), join(world, "Sam", slug="harbour")
    for moment, person in (
        ("2026-03-02 00:00", una),
        ("2026-03-08 01:30", una),
        ("2026-03-08 23:30", sam),  # 03:30 UTC on Monday
        ("2026-03-09 00:30", una),  # 04:30 UTC, which would still be Sunday if the clocks had not changed
        ("2026-03-15 23:59", una),
        ("2026-03-16 00:00", sam),
    ):
        at(world, moment, ny)
        world.publish(person, new_york, "好")
    rows = world.figures("harbour", by="week").rows
    assert [(row.key, *short(row, "posts participants person_times trainees units units_covered")) for row in rows] == [
        ("2026-03-02", 3, 2, 2, 2, 1, 1),
        ("2026-03-09", 2, 1, 1, 2, 1, 1),
        ("2026-03-16", 1, 1, 1, 2, 1, 0),
    ]
    assert world.figures("harbour", period=period("2026-03-08", "2026-03-08")).totals.posts == 2
    assert world.figures("harbour", period=period("2026-03-09", "2026-03-15")).totals.posts == 2
    assert no_faults(world)

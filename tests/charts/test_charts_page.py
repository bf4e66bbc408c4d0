"""The page of charts: the same numbers as the figures, in the class's time zone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from forum.charts.queries import posts_by_hour
from forum.classes.models import ActivityKind, TrainingClass
from forum.classes.operations import create_class
from forum.classes.programme import add_activity
from forum.db import db
from forum.statistics.figures import figures_of
from tests.cast import World
from tests.counted import CountedClass, at, join
from tests.pages import Page
from tests.statistics.test_periods import period
from tests.statistics.test_scope import scope_of

SHOWN = "/classes/spring/figures/charts"
NEW_YORK = ZoneInfo("America/New_York")


def test_the_posts_of_the_hours_are_the_posts_of_the_figures(world: World, deep: CountedClass) -> None:
    with world.app.app_context():
        assert posts_by_hour(scope_of()) == {
            datetime(2026, 3, 2, 9): 4,
            datetime(2026, 3, 2, 10): 1,
            datetime(2026, 3, 9, 23): 1,
        }
        for parts in ({"period": period("2026-03-09", None)}, {"group": "First group"}, {"unit": "City"}):
            for scope in (scope_of(**parts), replace(scope_of(**parts), group=None)):
                assert sum(posts_by_hour(scope).values()) == figures_of(scope).totals.posts


def test_hours_are_those_of_the_class_also_where_its_clocks_change(world: World) -> None:
    """At two o'clock on 8 March they were put forward to three, at two on 1 November back to one."""
    with world.inside():
        create_class("abroad", "Abroad", date(2026, 3, 1), date(2026, 12, 1), "America/New_York")
    tina = join(world, "Tess", slug="abroad")
    discussion = world.discussion("Abroad", slug="abroad")
    moments = ("2026-03-08 06:59:59", "2026-03-08 07:00", "2026-11-01 05:30", "2026-11-01 06:30", "2026-11-01 07:00")
    for moment in moments:
        at(world, moment, UTC)  # type: ignore[arg-type]
        world.publish(tina, discussion)
    with world.app.app_context():
        found = posts_by_hour(scope_of("abroad"))
    assert found == {
        datetime(2026, 3, 8, 1): 1,
        datetime(2026, 3, 8, 3): 1,
        datetime(2026, 11, 1, 1): 2,
        datetime(2026, 11, 1, 2): 1,
    }


def lecture(world: World, title: str, moment: str) -> None:
    starts_at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    with world.inside():
        spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
        add_activity(spring, ActivityKind.LECTURE, title, starts_at=starts_at)


def feet(page: Page) -> list[list[str]]:
    return [[cell.words for cell in foot.all("td")] for foot in page.all("tfoot")]


@pytest.mark.one_database
def test_each_chart_has_its_table_and_says_what_it_shows(world: World, counted: CountedClass) -> None:
    lecture(world, "The lecture of the day", "2026-03-02 08:30")
    lecture(world, "Another month", "2026-04-02 08:30")
    page = world.client_of(world.cast.omar).get(SHOWN)
    assert [picture["role"] for picture in page.all("svg", class_="chart")] == ["img"] * 3
    assert page.one("desc", id="over-time-desc").words == "5 posts in all. The most, 4: 2 Mar 09:00."
    assert page.one("desc", id="heat-desc").words == "The most, 4: Monday, 09:00 to 10:00."
    assert page.one("desc", id="unit-desc").words == "2 of 2 units covered. 3 of 4 trainees have spoken: 75.0 %."
    assert feet(page) == [["5"], ["5", *"000000", "5"], ["3", "4", "75.0 %"]]
    assert "Lecture · The lecture of the day" in page.words
    assert "Another month" not in page.words
    assert len(page.all("rect", class_="chart-bar")) == 2 + 3


@pytest.mark.one_database
def test_filters_hold_for_the_charts(world: World, deep: CountedClass) -> None:
    lecture(world, "The lecture of the day", "2026-03-02 08:30")
    page = world.client_of(world.cast.omar).get(f"{SHOWN}?from=2026-03-09&to=2026-03-15")
    assert "1 post in all." in page.words
    assert "The lecture of the day" not in page.words
    assert "Nothing in this period." in world.client_of(world.cast.omar).get(f"{SHOWN}?from=2026-04-09").words
    top = world.client_of(world.cast.omar).get(f"{SHOWN}?level=0")
    assert top.one("nav", aria_label="Level of the tree").one("a", aria_current="true").words == "Top level"

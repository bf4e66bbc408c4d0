"""What instructors did, against the class counted by hand and against the figures."""

from dataclasses import replace
from typing import Any

import pytest

from forum.classes.models import Enrolment, Role
from forum.db import db
from forum.discussions.desk_marks import read_post
from forum.discussions.models import Discussion
from forum.instructors.figures import Instructor, Teaching, teaching
from forum.statistics.figures import figures_of
from tests.cast import World
from tests.counted import CountedClass, at, join
from tests.statistics.test_periods import period
from tests.statistics.test_scope import scope_of

SHOWN = "/classes/spring/figures/instructors"
FIELDS = "comments reflections trainees units first median_seconds_to_first_comment largest_share units_missed waiting"


def teaching_of(world: World, **parts: Any) -> Teaching:
    with world.app.app_context():
        return teaching(scope_of(**parts))


def shown(one: Instructor) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in FIELDS.split())


def test_each_instructor_as_counted_by_hand(world: World, counted: CountedClass) -> None:
    found = teaching_of(world)
    assert {one.name: shown(one) for one in found.instructors} == {
        "Ivan": (4, 2, 2, 2, 1, 1200.0, 0.5, 0, 2),
        "Olga": (1, 1, 1, 1, 1, 240.0, 1.0, 1, 2),
    }
    assert [one.largest_unit for one in found.instructors][1] == "City / West"
    together = found.together
    assert (together.comments, together.reflections, together.trainees, together.units) == (5, 2, 2, 2)
    assert (together.first, together.median_seconds_to_first_comment) == (2, 720.0)
    assert (found.units, found.unheard, found.waiting) == (2, [], 2)


FILTERS: list[dict[str, Any]] = [
    {},
    {"period": period("2026-03-02", "2026-03-02")},
    {"period": period("2026-03-09", "2026-03-09")},
    {"unit": "City / East"},
    {"group": "First group"},
]


@pytest.mark.parametrize("parts", FILTERS)
def test_together_they_are_the_figures(world: World, deep: CountedClass, parts: dict[str, Any]) -> None:
    with world.app.app_context():
        scope = scope_of(**parts)
        for narrowed in (scope, replace(scope, discussion=db.session.get_one(Discussion, deep.b))):
            found, totals = teaching(narrowed), figures_of(narrowed).totals
            assert sum(one.comments for one in found.instructors) == found.together.comments == totals.comments
            assert sum(one.first for one in found.instructors) == found.together.first == totals.commented
            assert found.together.median_seconds_to_first_comment == totals.median_seconds_to_first_comment
            assert found.waiting == totals.reflections - totals.commented
            if not narrowed.period:
                assert found.together.reflections == totals.commented


@pytest.mark.one_database
def test_only_counted_reflections_are_reached(world: World, counted: CountedClass) -> None:
    world.publish(world.cast.olga, counted.a, "Below a colleague's own", 6)
    world.publish(world.cast.olga, counted.a, "Below what is hidden then", 7)
    world.change("hide", world.cast.ivan, counted.a, 7, "a slip")
    olga = next(one for one in teaching_of(world).instructors if one.name == "Olga")
    assert (olga.comments, olga.reflections, olga.trainees, olga.units, olga.first) == (3, 1, 1, 1, 1)


@pytest.mark.one_database
def test_a_later_first_comment_is_not_the_first(world: World, counted: CountedClass) -> None:
    at(world, "2026-03-02 09:21")
    world.publish(world.cast.olga, counted.a, "Me too", 1)
    world.change("hide", world.cast.ivan, counted.a, 3, "a slip")
    first = {one.name: (one.first, one.median_seconds_to_first_comment) for one in teaching_of(world).instructors}
    assert first == {"Ivan": (0, None), "Olga": (2, (240 + 1260) / 2)}


@pytest.mark.one_database
def test_what_waits_for_an_instructor_is_what_lies_on_their_desk(world: World, counted: CountedClass) -> None:
    with world.inside():
        ivan = db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.ivan.id))
        ivan.group_id = world.cast.spring.groups["first"]
        read_post(world.member(world.cast.olga), world.post(counted.a, 7))
    waiting = {one.name: one.waiting for one in teaching_of(world).instructors}
    assert waiting == {"Ivan": 1, "Olga": 1}


@pytest.mark.one_database
def test_whoever_commented_stays_listed_and_a_unit_nobody_answered_is_named(
    world: World, counted: CountedClass
) -> None:
    with world.inside():
        db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.olga.id)).role = Role.OBSERVER
    world.publish(join(world, "Nora", "City / North"), counted.a, "From the north")
    found = teaching_of(world)
    assert [one.name for one in found.instructors] == ["Ivan", "Olga"]
    assert (found.units, found.unheard) == (3, ["City / North"])


@pytest.mark.one_database
def test_the_page_shows_them_with_what_each_figure_means(world: World, counted: CountedClass) -> None:
    page = world.client_of(world.cast.ivan).get(SHOWN)
    assert "2 reflections wait for a comment. To the instructor’s desk" in page.words
    ivan = next(row for row in page.all("tr") if "Ivan" in row.words)
    assert [cell.words for cell in ivan.all("td")] == ["4", "2", "2", "2 / 2", "1", "20 min", "50.0 %East", "0", "2"]
    assert "the share written by the unit that got the most" in page.words
    behind = page.one("tfoot").one("a")["href"]
    assert "figure=comments" in behind
    assert len(world.client_of(world.cast.ivan).get(behind).all("li", class_="behind-row")) == 5
    assert "To the instructor’s desk" not in world.client_of(world.cast.omar).get(SHOWN).words

"""The figures against a class counted by hand (see conftest)."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.operations import correct_enrolment, withdraw_enrolment
from forum.classes.queries import get_enrolment
from forum.db import db
from forum.discussions.models import Discussion
from forum.statistics.checking import faults
from forum.statistics.figures import FIGURES, Row
from forum.units.operations import ensure_unit
from tests.cast import Person, World
from tests.counted import CountedClass, at, join

EVERYTHING = {
    "posts": 5, "reflections": 4, "replies": 1, "participants": 3, "person_times": 4, "trainees": 4,
    "participation_rate": 0.75, "units": 2, "units_covered": 2, "comments": 5, "commented": 2, "comment_coverage": 0.5,
    "median_seconds_to_first_comment": 720.0, "characters": 12, "discussions": 2,
}  # fmt: skip


def short(row: Row, names: str) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in names.split())


def table(world: World, by: str, names: str, **options: object) -> list[tuple[object, ...]]:
    return [(row.name, *short(row, names)) for row in world.figures(by=by, **options).rows]


def enrolment_of(world: World, person: Person) -> Enrolment:
    found = get_enrolment(world.member(person), world.cast.spring.id)
    assert found is not None
    return found


def no_faults(world: World) -> bool:
    with world.app.app_context():
        return list(faults()) == []


def test_the_totals_are_those_counted_by_hand(world: World, counted: CountedClass) -> None:
    assert asdict(world.totals()) == EVERYTHING
    assert no_faults(world)


def test_the_figures_have_the_names_that_the_interface_promises() -> None:
    assert tuple(EVERYTHING) == FIGURES


def test_by_discussion_each_has_its_own_audience(world: World, counted: CountedClass) -> None:
    names = "posts participants trainees participation_rate units person_times comments commented comment_coverage"
    assert table(world, "discussion", names) == [
        ("Lecture A", 4, 3, 4, 0.75, 2, 3, 5, 2, 2 / 3),
        ("Lecture B", 1, 1, 1, 1.0, 1, 1, 0, 0, 0.0),
    ]


def test_by_trainee_the_silent_stand_last_and_those_who_withdrew_silently_not_at_all(
    world: World, counted: CountedClass
) -> None:
    names = "posts reflections replies person_times characters comments commented median_seconds_to_first_comment"
    assert table(world, "trainee", names) == [
        ("Tina", 2, 2, 0, 2, 6, 2, 1, 1200.0),
        ("Tom", 2, 1, 1, 1, 4, 2, 1, 240.0),
        ("Una", 1, 1, 0, 1, 2, 0, 0, None),
        ("Sam", 0, 0, 0, 0, 0, 0, 0, None),
    ]


def test_by_unit_the_row_without_a_unit_stands_last(world: World, counted: CountedClass) -> None:
    names = (
        "posts participants trainees participation_rate person_times comments commented comment_coverage discussions"
    )
    assert table(world, "unit", names) == [
        ("City / East", 3, 2, 2, 1.0, 3, 2, 1, 1 / 3, 2),
        ("City / West", 2, 1, 1, 1.0, 1, 2, 1, 1.0, 1),
        ("", 0, 0, 1, 0.0, 0, 0, 0, None, 0),
    ]


def test_by_group_the_row_without_a_group_stands_last(world: World, counted: CountedClass) -> None:
    assert table(world, "group", "posts participants trainees person_times") == [
        ("First group", 2, 1, 1, 2),
        ("Second group", 2, 1, 1, 1),
        ("", 1, 1, 2, 1),
    ]


@pytest.mark.one_database
def test_the_figures_of_one_discussion_are_of_its_audience(world: World, counted: CountedClass) -> None:
    with world.app.app_context():
        discussion = db.session.get_one(Discussion, counted.b)
    totals = world.figures(discussion=discussion).totals
    assert short(totals, "posts participants trainees person_times discussions") == (1, 1, 1, 1, 1)  # type: ignore[arg-type]


@pytest.mark.one_database
def test_who_withdrew_after_writing_stays_among_trainees_and_participants(world: World, counted: CountedClass) -> None:
    with world.inside():
        withdraw_enrolment(enrolment_of(world, world.cast.tom))
    assert asdict(world.totals()) == EVERYTHING
    with world.inside():
        withdraw_enrolment(enrolment_of(world, counted.sam))
    assert (world.totals().trainees, world.totals().participation_rate) == (3, 1.0)
    assert no_faults(world)


@pytest.mark.one_database
def test_a_later_change_of_role_alters_nothing_that_was_written(world: World, counted: CountedClass) -> None:
    with world.inside():
        tom, ivan = enrolment_of(world, world.cast.tom), enrolment_of(world, world.cast.ivan)
        correct_enrolment(tom, Role.INSTRUCTOR, tom.unit, tom.group)
        correct_enrolment(ivan, Role.TRAINEE, ivan.unit, ivan.group)
    after = world.totals()
    # Ivan is a trainee now, a silent one, and of one unit more.
    assert asdict(after) == EVERYTHING | {"trainees": 5, "participation_rate": 0.6, "units": 3}
    assert no_faults(world)


@pytest.mark.one_database
def test_replies_to_a_hidden_reflection_still_count_as_replies(world: World, counted: CountedClass) -> None:
    world.change("hide", world.cast.olga, counted.a, 1, "off the subject")
    totals = world.totals()
    assert (totals.posts, totals.reflections, totals.replies) == (4, 3, 1)
    # Tina still speaks in B; the comments stand, but the hidden reflection is no commented one.
    assert (totals.participants, totals.person_times) == (3, 3)
    assert (totals.comments, totals.commented, totals.median_seconds_to_first_comment) == (5, 1, 240.0)
    assert no_faults(world)


@pytest.mark.one_database
def test_hiding_the_last_comment_below_undoes_coverage(world: World, counted: CountedClass) -> None:
    world.change("hide", world.cast.olga, counted.a, 3, "too sharp")
    assert world.totals().commented == 2, "the comment further down still covers the reflection"
    # #8 came an hour after #1; (3600 + 240) / 2.
    assert world.totals().median_seconds_to_first_comment == 1920.0
    world.change("hide", world.cast.olga, counted.a, 8, "too sharp")
    assert (world.totals().commented, world.totals().comment_coverage, world.totals().comments) == (1, 0.25, 3)
    world.change("restore", world.cast.olga, counted.a, 3)
    assert (world.totals().commented, world.totals().median_seconds_to_first_comment) == (2, 720.0)


@pytest.mark.one_database
def test_the_median_of_an_odd_number_is_the_middle_one(world: World, counted: CountedClass) -> None:
    at(world, "2026-03-02 11:50")
    world.publish(world.cast.ivan, counted.a, "At last", 7)
    assert world.totals().median_seconds_to_first_comment == 1200.0  # of 240, 1200, 7200


@pytest.mark.one_database
def test_an_empty_class_has_no_rates_rather_than_zeros(world: World) -> None:
    totals = world.totals("autumn")
    assert (totals.trainees, totals.participation_rate) == (1, 0.0)
    assert totals.comment_coverage is None
    assert totals.median_seconds_to_first_comment is None
    with world.inside():
        training_class = db.session.query(TrainingClass).filter_by(slug="autumn").one()
        withdraw_enrolment(get_enrolment(world.member(world.cast.stella), training_class.id))  # type: ignore[arg-type]
    assert world.totals("autumn").participation_rate is None


@pytest.mark.one_database
def test_the_unit_is_the_enrolments(world: World, counted: CountedClass) -> None:
    with world.inside():
        world.member(world.cast.tina).unit_id = ensure_unit("Elsewhere").id
    assert asdict(world.totals()) == EVERYTHING
    assert [row[0] for row in table(world, "unit", "posts")] == ["City / East", "City / West", ""]


def test_correcting_an_enrolment_moves_all_of_that_persons_figures(world: World, counted: CountedClass) -> None:
    with world.inside():
        tina = enrolment_of(world, world.cast.tina)
        correct_enrolment(tina, Role.TRAINEE, ensure_unit("City / North"), None)
    assert table(world, "unit", "posts participants trainees") == [
        ("City / East", 1, 1, 1),
        ("City / North", 2, 1, 1),
        ("City / West", 2, 1, 1),
        ("", 0, 0, 1),
    ]
    assert world.totals().units == 3
    # She has left the first group, but spoke in its discussion and so belongs to its audience.
    assert table(world, "discussion", "participants trainees")[1] == ("Lecture B", 1, 1)
    assert no_faults(world)


@pytest.mark.one_database
def test_late_posts_count(world: World) -> None:
    from forum.discussions.setup import open_discussion

    discussion_id = world.discussion(closes_at=world.clock.now + timedelta(hours=1))
    world.clock.advance(hours=2)
    with world.inside():
        open_discussion(db.session.get_one(Discussion, discussion_id))
    world.publish(world.cast.tina, discussion_id)
    assert (world.totals().posts, world.totals().participants) == (1, 1)
    assert no_faults(world)


@pytest.mark.one_database
def test_two_discussions_with_twenty_and_eighteen_speakers_make_thirty_eight_person_times(world: World) -> None:
    """The glossary's own example."""
    people = [join(world, f"Trainee{number:02d}") for number in range(20)]
    first, second = world.discussion("First"), world.discussion("Second")
    world.fill(first, people, 53)
    world.fill(second, people[:18], 18)
    totals = world.totals()
    assert (totals.person_times, totals.participants, totals.posts) == (38, 20, 71)
    assert no_faults(world)

"""Attendance and speech in figures: of trainees, person-times by activity, and where they are shown."""

from datetime import timedelta

from forum.attendance.definitions import ROOM_DEFINITIONS
from forum.attendance.figures import (
    ActivityFigures,
    PersonInTheRoom,
    figures_by_activity,
    in_the_room,
    in_the_room_by_class,
    in_the_room_by_trainee,
    spoke_in_the_room,
)
from forum.classes.operations import withdraw_enrolment
from forum.classes.queries import person_of
from forum.db import db
from tests.attendance.conftest import Meeting
from tests.cast import NOW, World


def two_meetings(world: World) -> tuple[Meeting, Meeting]:
    """At the first Tina spoke twice and Tom was there, as was Olga, who spoke; at the second Tom spoke."""
    cast, first, second = world.cast, Meeting(world), Meeting(world, NOW + timedelta(minutes=45))
    first.record(present=[cast.tom], spoke=[cast.tina, cast.olga])
    first.note(cast.tina, "Once more")
    second.record(spoke=[cast.tom])
    return first, second


def test_person_times_are_summed_over_activities_and_persons_are_not(world: World) -> None:
    first, second = two_meetings(world)
    with world.inside():
        room = in_the_room(first.spring())
        assert [(activity.id, figures) for activity, figures in room.activities] == [
            (first.id, ActivityFigures(attended=2, spoke=1, speeches=2, trainees=2)),
            (second.id, ActivityFigures(attended=1, spoke=1, speeches=1, trainees=2)),
        ]
        assert (room.attendants, room.attendance_person_times) == (2, 3)
        assert (room.speakers, room.speech_person_times, room.speeches) == (2, 2, 3)
        cast = world.cast
        by_trainee = {cast.tina.id: PersonInTheRoom(1, 1, 2), cast.tom.id: PersonInTheRoom(2, 1, 1)}
        assert in_the_room_by_trainee(first.spring()) == by_trainee
        assert in_the_room_by_class(world.member(cast.tom)) == {cast.spring.id: PersonInTheRoom(2, 1, 1)}
        assert in_the_room_by_class(world.member(cast.olga)) == {}
        rows = spoke_in_the_room(cast.spring.id)
        spoken = {(row.activity_id, row.member_id) for row in db.session.query(rows)}
        assert spoken == {(first.id, cast.tina.id), (second.id, cast.tom.id)}


def test_the_figures_page_sets_the_room_beside_what_is_written(world: World) -> None:
    first, second = two_meetings(world)
    world.publish(world.cast.tina, world.discussion(), "She spoke there, too")
    said = world.client_of(world.cast.omar).get("/classes/spring/figures")
    assert "3 Attendance person-times" in said.words
    assert "2 different trainees have been heard" in said.words
    assert str(ROOM_DEFINITIONS["speech_person_times"]) in said.words
    assert not any(link.startswith(first.path) for link in links_of(world, "omar"))
    assert {first.path, second.path} <= {link.partition("?")[0] for link in links_of(world, "ivan")}
    assert "In the room" not in world.client_of(world.cast.omar).get("/classes/spring/figures?stage=during").words


def links_of(world: World, who: str) -> list[str]:
    page = world.client_of(getattr(world.cast, who)).get("/classes/spring/figures")
    return [link["href"] for link in page.all("a") if link.get("href")]


def test_who_withdrew_after_having_been_there_goes_on_counting(world: World) -> None:
    first, _second = two_meetings(world)
    with world.inside():
        enrolment = person_of(first.spring(), world.cast.tina.id)
        assert enrolment is not None
        withdraw_enrolment(enrolment)
    with world.inside():
        assert figures_by_activity(first.spring())[first.id] == ActivityFigures(2, 1, 2, trainees=2)
    page = world.client_of(world.cast.ivan).get(first.path)
    assert "Tina Withdrawn" in page.words
    fixed = [box["value"] for box in page.all("input", name="present") if "disabled" in box.attributes]
    assert fixed == [str(world.cast.tina.id)]
    assert str(world.cast.tina.id) not in page.form(first.path).fields["was_present"].split()


def test_what_was_said_in_the_room_changes_nothing_of_what_was_written(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    before = world.totals()
    two_meetings(world)
    assert world.totals() == before


def test_the_programme_of_the_class_tells_who_was_there(world: World) -> None:
    first, _second = two_meetings(world)
    said = world.client_of(world.cast.tom).get("/classes/spring")
    assert "2 of 2 attended 1 spoke in the room" in said.one("section", class_="programme").words
    assert first.path not in said.source
    assert first.path in world.client_of(world.cast.ivan).get("/classes/spring").source
    assert first.path in world.client_of(world.cast.olga).get("/classes/spring/programme").source

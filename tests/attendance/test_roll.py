"""The list of an activity: tapped in the room, sent as one form, taken back; who may keep it."""

from datetime import timedelta

import pytest

from forum.attendance.operations import Ticks, record_roll
from forum.classes.models import Role
from forum.classes.operations import correct_enrolment, enrol_member
from forum.classes.queries import person_of
from forum.db import db
from forum.errors import Refused
from forum.statistics.checking import faults
from tests.attendance.conftest import Meeting
from tests.cast import NOW, World, add_person
from tests.discussions.test_pages import cost
from tests.pages import Page

pytestmark = pytest.mark.one_database


def tap(world: World, meeting: Meeting, name: str = "ivan", **fields: str) -> Page:
    """As script sends a tick."""
    browser = world.client_of(getattr(world.cast, name))
    data = {"csrf_token": browser.csrf_token(), **fields}
    return Page(browser.client.post(meeting.path, data=data, headers={"X-Fragment": "state"}))


def test_a_tick_is_saved_by_itself_and_answered_with_what_is_down_by_now(world: World, meeting: Meeting) -> None:
    tina, tom = str(world.cast.tina.id), str(world.cast.tom.id)
    said = tap(world, meeting, present=tina)
    assert said.status == 200
    assert said.one("div", id="roll-state")["data-present"] == tina
    assert "1 of 2 trainees are there" in said.words
    assert "1 trainee is missing Tom" in said.words
    said = tap(world, meeting, "olga", spoke=tom)
    assert "Nobody is missing." in said.words
    assert meeting.down() == {"Tina": ("trainee", "list", 0), "Tom": ("trainee", "list", 1)}, "who spoke was there"
    tap(world, meeting, was_present=tina)
    tap(world, meeting, was_spoke=tom)
    assert meeting.down() == {"Tom": ("trainee", "list", 0)}, "taken back; that he was there stays"


def test_the_form_changes_only_what_was_ticked_otherwise_than_it_was_shown(world: World, meeting: Meeting) -> None:
    ivan = world.client_of(world.cast.ivan)
    page = ivan.get(meeting.path)
    assert page.form(meeting.path).fields["was_present"] == ""
    meeting.record(present=[world.cast.tom])  # by somebody else, meanwhile
    sent = ivan.submit(page, meeting.path, spoke=str(world.cast.tina.id), follow=True)
    assert "The list is saved." in sent.words
    assert meeting.down() == {"Tina": ("trainee", "list", 1), "Tom": ("trainee", "list", 0)}
    ticked = [box["value"] for box in sent.all("input", name="present") if "checked" in box.attributes]
    assert sorted(ticked) == sorted([str(world.cast.tina.id), str(world.cast.tom.id)])


def test_who_spoke_was_there_and_what_is_noted_is_not_lost_with_a_tap(world: World, meeting: Meeting) -> None:
    tina = str(world.cast.tina.id)
    meeting.note(world.cast.tina, "On meetings", 5)
    refused = tap(world, meeting, was_present=tina)
    assert refused.status == 422
    assert "Tina spoke, and so was there." in refused.source
    assert "What Tina said is noted." in tap(world, meeting, was_spoke=tina).source
    assert meeting.down() == {"Tina": ("trainee", "list", 1)}


def test_one_may_speak_twice_and_each_speech_is_taken_back_by_itself(world: World, meeting: Meeting) -> None:
    ivan, path = world.client_of(world.cast.ivan), f"{meeting.path}/{world.cast.tina.id}"
    assert "Not down as present." in ivan.get(path).words
    ivan.submit(ivan.get(path), f"{path}/speeches", topic="On meetings", minutes="5")
    ivan.submit(ivan.get(path), f"{path}/speeches", topic="", minutes="")
    page = ivan.get(path)
    assert "On meetings" in page.words
    assert "5 min" in page.words
    assert "Put down as present by Ivan, 2 Mar, 09:00." in page.words
    assert meeting.down() == {"Tina": ("trainee", "list", 2)}
    assert "spoke 2 times" in ivan.get(meeting.path).words
    ivan.submit(page, "/remove")
    assert "On meetings" not in ivan.get(path).words
    assert meeting.down() == {"Tina": ("trainee", "list", 1)}


@pytest.mark.parametrize(("topic", "minutes"), [("x" * 201, ""), ("Kept", "0"), ("Kept", "601"), ("Kept", "some")])
def test_a_speech_out_of_bounds_comes_back_with_what_was_typed(
    world: World, meeting: Meeting, topic: str, minutes: str
) -> None:
    ivan, path = world.client_of(world.cast.ivan), f"{meeting.path}/{world.cast.tina.id}"
    page = ivan.submit(ivan.get(path), f"{path}/speeches", topic=topic, minutes=minutes)
    assert page.status == 422
    assert page.refusal
    assert page.form(f"{path}/speeches").fields["topic"] == topic
    assert meeting.down() == {}


def test_the_role_that_somebody_came_in_stays(world: World, meeting: Meeting) -> None:
    meeting.record(spoke=[world.cast.tina])
    with world.inside():
        enrolment = person_of(meeting.spring(), world.cast.tina.id)
        assert enrolment is not None
        correct_enrolment(enrolment, Role.INSTRUCTOR, None, None)
    meeting.note(world.cast.tina, "Once more")
    assert meeting.down() == {"Tina": ("trainee", "list", 2)}
    with world.inside():
        assert list(faults()) == []


def test_only_people_of_the_class_come_onto_the_list(world: World, meeting: Meeting) -> None:
    meeting.record(present=[world.cast.stella, world.cast.wendy, world.cast.ada], spoke=[world.cast.wendy])
    assert meeting.down() == {}
    meeting.record(present=[world.cast.omar, world.cast.olga])
    assert meeting.down() == {"Omar": ("observer", "list", 0), "Olga": ("instructor", "list", 0)}


def test_nothing_is_down_before_the_day_and_nothing_changes_once_archived(world: World) -> None:
    later = Meeting(world, NOW + timedelta(hours=3))
    with pytest.raises(Refused, match="not begun yet"):
        later.record(present=[world.cast.tina])
    unfixed = Meeting(world, None)
    unfixed.record(present=[world.cast.tina])
    world.archive()
    with pytest.raises(Refused, match="archived"):
        unfixed.record(absent=[world.cast.tina])
    page = world.client_of(world.cast.olga).get(unfixed.path)
    assert page.status == 200
    assert all("disabled" in box.attributes for box in page.all("input", name="present"))
    assert tap(world, unfixed, was_present=str(world.cast.tina.id)).status == 422


def test_who_keeps_the_list(world: World, meeting: Meeting) -> None:
    for name, status in {
        "olga": 200, "ivan": 200, "ada": 200, "omar": 403, "tina": 403, "stella": 404, "wendy": 404,
    }.items():  # fmt: skip
        browser = world.client_of(getattr(world.cast, name))
        for path in (meeting.path, f"{meeting.path}/sheet", f"{meeting.path}/{world.cast.tina.id}", meeting.code_path):
            assert browser.get(path).status == status, (name, path)
        if status != 200:
            assert tap(world, meeting, name, present=str(world.cast.tina.id)).status == status
    assert world.client_of(world.cast.ivan).get(f"{meeting.path}/{world.cast.stella.id}").status == 404
    assert world.client_of(world.cast.stella).get(f"/classes/autumn/activities/{meeting.id}/attendance").status == 403
    assert meeting.down() == {}


def test_an_activity_at_which_somebody_was_stays_in_the_programme(world: World, meeting: Meeting) -> None:
    meeting.record(present=[world.cast.tina])
    olga, path = world.client_of(world.cast.olga), "/classes/spring/programme"
    page = olga.submit(olga.get(path), f"{path}/{meeting.id}/delete")
    assert page.status == 422
    assert "people are down as having been there" in page.refusal


def test_the_list_costs_the_same_however_many_are_on_it(world: World, meeting: Meeting) -> None:
    before = cost(world, "olga", meeting.path)
    with world.inside():
        people = [add_person(f"Person{number}", "City / East") for number in range(12)]
        db.session.flush()
        for member in people:
            enrol_member(meeting.spring(), member, Role.TRAINEE)
        db.session.flush()
        ticks = Ticks(present={member.id for member in people}, spoke={people[0].id})
        record_roll(world.member(world.cast.olga), meeting.spring(), meeting.activity(), ticks)
    assert cost(world, "olga", meeting.path) == before
    assert before <= 9

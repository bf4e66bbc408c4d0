"""Many told at once: a discussion opens, closes soon, or those who have not been heard are reminded."""

from datetime import timedelta

import pytest

from forum.discussions.models import Discussion
from forum.discussions.setup import extend_discussion
from forum.inbox.operations import tell_closings, tell_openings
from forum.notifications.models import Kind, Notification
from forum.notifications.operations import choose
from tests.cast import Person, World

HOUR = timedelta(hours=1)


def sweep(world: World) -> None:
    with world.inside():
        tell_openings(world.clock.now)
        tell_closings(world.clock.now)


def told(world: World, kind: Kind) -> list[str]:
    """The names of those who were told, as often as they were."""
    with world.app.app_context():
        from forum.db import db
        from forum.members.models import Member

        rows = db.session.query(Member.name).join(Notification, Notification.member_id == Member.id)
        return sorted(name for (name,) in rows.filter(Notification.kind == kind))


def without_openings(world: World, **options: object) -> int:
    """A discussion whose opening has been told."""
    discussion_id = world.discussion(**options)  # type: ignore[arg-type]
    sweep(world)
    return discussion_id


def test_an_opening_is_told_once_to_trainees_and_instructors(world: World) -> None:
    world.discussion(opens_at=world.clock.now + HOUR)
    sweep(world)
    assert told(world, Kind.OPENING) == []
    world.clock.advance(hours=1)
    sweep(world)
    sweep(world)
    assert told(world, Kind.OPENING) == ["Ivan", "Olga", "Tina", "Tom"]


def test_a_round_tells_the_groups_it_is_for(world: World) -> None:
    world.discussion("For the second", groups=["second"], closes_at=world.clock.now + HOUR)
    world.discussion("For the first", groups=["first"], closes_at=world.clock.now + HOUR)
    sweep(world)
    assert told(world, Kind.OPENING) == ["Ivan", "Ivan", "Olga", "Olga", "Tina", "Tom"]
    world.clock.advance(minutes=50)
    sweep(world)
    assert told(world, Kind.CLOSING) == ["Tina", "Tom"]


@pytest.mark.one_database
def test_what_opened_long_ago_or_is_over_or_archived_is_not_told(world: World) -> None:
    now = world.clock.now
    world.discussion("Long ago", opens_at=now - timedelta(days=2))
    world.discussion("Over", opens_at=now - 2 * HOUR, closes_at=now - HOUR)
    world.discussion("Archived", slug="autumn")
    world.archive("autumn")
    sweep(world)
    assert told(world, Kind.OPENING) == []


@pytest.mark.one_database
def test_closing_soon_is_told_a_day_before_to_who_has_not_spoken(world: World) -> None:
    discussion_id = without_openings(world, closes_at=world.clock.now + timedelta(days=10))
    world.publish(world.cast.tina, discussion_id)
    world.clock.advance(days=8, hours=23)
    sweep(world)
    assert told(world, Kind.CLOSING) == []
    world.clock.advance(hours=1)
    sweep(world)
    assert told(world, Kind.CLOSING) == ["Tom"]


@pytest.mark.one_database
def test_of_a_short_discussion_it_is_told_in_its_last_quarter(world: World) -> None:
    without_openings(world, opens_at=world.clock.now, closes_at=world.clock.now + HOUR)
    world.clock.advance(minutes=44)
    sweep(world)
    assert told(world, Kind.CLOSING) == []
    world.clock.advance(minutes=1)
    sweep(world)
    assert told(world, Kind.CLOSING) == ["Tina", "Tom"]


@pytest.mark.one_database
def test_extended_it_is_not_told_again(world: World) -> None:
    from forum.db import db

    discussion_id = without_openings(world, opens_at=world.clock.now, closes_at=world.clock.now + HOUR)
    world.clock.advance(minutes=50)
    sweep(world)
    with world.inside():
        extend_discussion(db.session.get_one(Discussion, discussion_id), HOUR)
    world.clock.advance(minutes=60)
    sweep(world)
    assert told(world, Kind.CLOSING) == ["Tina", "Tom"]


def test_who_has_turned_a_kind_off_is_not_told(world: World) -> None:
    mute(world, world.cast.tina, Kind.OPENING)
    mute(world, world.cast.tina, Kind.REPLY)
    discussion_id = without_openings(world)
    assert told(world, Kind.OPENING) == ["Ivan", "Olga", "Tom"]
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.tom, discussion_id, "I agree", 1)
    world.publish(world.cast.ivan, discussion_id, "Well said", 1)
    assert (told(world, Kind.REPLY), told(world, Kind.COMMENT)) == ([], ["Tina"])


def mute(world: World, person: Person, kind: Kind) -> None:
    with world.inside():
        from forum.notifications.queries import muted_kinds

        member = world.member(person)
        choose(member, set(Kind) - muted_kinds(member) - {kind}, 8, "Asia/Shanghai")


def test_one_tap_reminds_those_not_yet_heard_once_a_day(world: World) -> None:
    discussion_id = without_openings(world)
    world.publish(world.cast.tina, discussion_id)
    olga, ivan = world.client_of(world.cast.olga), world.client_of(world.cast.ivan)
    page = olga.discussion(discussion_id)
    assert "Remind those not yet heard (1)" in page.words
    answer = olga.submit(page, f"/discussions/{discussion_id}/remind", follow=True)
    assert "1 trainee is reminded." in answer.words
    assert told(world, Kind.REMINDER) == ["Tom"]
    world.clock.advance(hours=2)
    refused = ivan.submit(ivan.discussion(discussion_id), f"/discussions/{discussion_id}/remind")
    assert (refused.status, refused.refusal) == (422, "Olga has reminded them today at 09:00. Once a day is enough.")
    world.clock.advance(hours=13)
    assert ivan.submit(ivan.discussion(discussion_id), f"/discussions/{discussion_id}/remind").status == 303, "tomorrow"
    assert told(world, Kind.REMINDER) == ["Tom", "Tom"]
    entries = world.client_of(world.cast.tom).get("/notifications").all("p", class_="answer-who")
    assert entries[0].one("a").words == "Ivan asks for your reflection: “The first lecture”"


@pytest.mark.one_database
def test_nobody_is_reminded_where_all_have_spoken_or_nothing_is_open(world: World) -> None:
    discussion_id = without_openings(world, closes_at=world.clock.now + HOUR)
    olga = world.client_of(world.cast.olga)
    way = f"/discussions/{discussion_id}/remind"
    for person in (world.cast.tina, world.cast.tom):
        world.publish(person, discussion_id)
    assert way not in [form.action for form in olga.discussion(discussion_id).forms]
    assert olga.post(way).refusal == "There is nobody to remind: all have spoken, or want no reminders."
    assert "Everybody has spoken." in olga.get(way).words
    world.clock.advance(hours=1)
    assert olga.post(way).refusal == "The discussion is not open."
    world.archive()
    assert olga.post(way).status == 422
    assert told(world, Kind.REMINDER) == []


@pytest.mark.one_database
def test_trainees_and_observers_remind_nobody(world: World) -> None:
    discussion_id = without_openings(world)
    for name, status in (("tina", 403), ("omar", 403), ("stella", 404), ("wendy", 404)):
        browser = world.client_of(getattr(world.cast, name))
        assert browser.get(f"/discussions/{discussion_id}/remind").status == status, name
        assert browser.post(f"/discussions/{discussion_id}/remind").status == status, name
    for name in ("tina", "omar"):
        page = world.client_of(getattr(world.cast, name)).discussion(discussion_id)
        assert "/remind" not in page.source
    assert told(world, Kind.REMINDER) == []


@pytest.mark.one_database
def test_the_first_page_leads_organisers_to_those_not_yet_heard(world: World) -> None:
    discussion_id = without_openings(world)
    olga = world.client_of(world.cast.olga)
    page = olga.get(olga.get("/").one("details", class_="silent").one("a", class_="more")["href"])
    assert "2 trainees have not spoken yet Tina, Tom" in page.words
    assert olga.submit(page, f"/discussions/{discussion_id}/remind").status == 303

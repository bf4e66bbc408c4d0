"""Figures as they were when a discussion closed, and what has changed since."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from forum.classes.models import Enrolment
from forum.classes.operations import archive_class, correct_enrolment
from forum.closings.differences import Closing, Reason, closings_of
from forum.closings.models import ClosingRecord
from forum.closings.operations import record_due
from forum.db import db
from forum.discussions import operations, queries, setup
from forum.discussions.models import Discussion
from forum.statistics.checking import faults
from forum.statistics.figures import class_figures
from forum.units.operations import ensure_unit
from tests.cast import World
from tests.counted import CountedClass, at


def close(world: World, discussion_id: int, moment: str = "2026-03-02 11:00") -> None:
    at(world, moment)
    answer = world.client_of(world.cast.olga).post(f"/discussions/{discussion_id}/close")
    assert answer.status == 303


def sweep(world: World) -> None:
    with world.inside():
        record_due(world.clock.now)


def latest(world: World, discussion_id: int) -> Closing:
    with world.inside():
        closing = closings_of(db.session.get_one(Discussion, discussion_id))[0]
        db.session.expunge_all()
        return closing


def reasons(closing: Closing) -> list[tuple[Any, ...]]:
    return [(one.reason, one.number, one.name) for one in closing.differences]


def test_whoever_closes_records_what_the_figures_page_shows(world: World, counted: CountedClass) -> None:
    close(world, counted.a)
    with world.inside():
        discussion = db.session.get_one(Discussion, counted.a)
        [record] = db.session.scalars(sa.select(ClosingRecord)).all()
        assert (record.closed_by_id, record.closed_at) == (world.cast.olga.id, discussion.closes_at)
        shown = asdict(class_figures(discussion.training_class, discussion=discussion).totals)
        assert record.figures == shown
    assert (shown["posts"], shown["comments"], shown["median_seconds_to_first_comment"]) == (4, 5, 720)
    assert latest(world, counted.a).differences == []


def test_a_time_that_passes_by_itself_is_recorded_as_of_that_time(world: World, counted: CountedClass) -> None:
    with world.inside():
        discussion = db.session.get_one(Discussion, counted.a)
        setup.open_discussion(discussion, world.clock.now + timedelta(minutes=40))
    at(world, "2026-03-02 11:00")
    # Nobody has swept when it is opened again, written in, and something hidden.
    with world.inside():
        setup.open_discussion(db.session.get_one(Discussion, counted.a))
    at(world, "2026-03-02 11:10")
    world.publish(world.cast.tina, counted.a, "Late, but here")
    with world.inside():
        tom = queries.get_post(db.session.get_one(Discussion, counted.a), 4)
        assert tom
        operations.hide_post(world.member(world.cast.olga), tom, "Off the subject")
    sweep(world)
    sweep(world)
    closing = latest(world, counted.a)
    assert closing.record.closed_by_id is None
    assert (closing.then["posts"], closing.then["participants"]) == (4, 3)
    assert (closing.now["posts"], closing.now["participants"]) == (4, 3)
    assert reasons(closing) == [(Reason.HIDDEN, 4, "Tom"), (Reason.LATE, 10, "Tina")]
    hidden = closing.differences[0]
    assert (hidden.by, hidden.note) == ("Olga", "Off the subject")
    with world.inside():
        assert db.session.query(ClosingRecord).count() == 1
        assert list(faults()) == []


def test_what_was_edited_since_counts_as_it_stood(world: World, counted: CountedClass) -> None:
    with world.inside():
        discussion = db.session.get_one(Discussion, counted.a)
        setup.open_discussion(discussion, world.clock.now + timedelta(minutes=10))
    at(world, "2026-03-02 11:00")
    with world.inside():
        setup.open_discussion(db.session.get_one(Discussion, counted.a))
        first = queries.get_post(db.session.get_one(Discussion, counted.a), 1)
        assert first
        operations.edit_post(world.member(world.cast.tina), first, "好")
    sweep(world)
    closing = latest(world, counted.a)
    assert (closing.then["characters"], closing.now["characters"]) == (11, 7)
    assert reasons(closing) == [(Reason.EDITED, 1, "Tina")]


def test_a_corrected_enrolment_shows_beside_the_record(world: World, counted: CountedClass) -> None:
    close(world, counted.a)
    with world.inside():
        enrolment = db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.tom.id))
        east = ensure_unit("City / East")
        correct_enrolment(enrolment, enrolment.role, east, enrolment.group, enrolment.organises)
    closing = latest(world, counted.a)
    assert closing.moved == ["units", "units_covered"]
    [difference] = closing.differences
    assert (difference.reason, difference.name, difference.was, difference.now) == (Reason.UNIT, "Tom", "West", "East")


def test_each_closing_has_its_record_and_an_archived_class_closes_the_rest(world: World, counted: CountedClass) -> None:
    close(world, counted.a)
    with world.inside():
        setup.open_discussion(db.session.get_one(Discussion, counted.a))
    at(world, "2026-03-02 12:00")
    world.publish(world.cast.tom, counted.a, "And once more")
    close(world, counted.a, "2026-03-02 12:30")
    with world.inside():
        archive_class(db.session.get_one(Discussion, counted.b).training_class)
    sweep(world)
    with world.inside():
        kept = {
            one: [record.figures["posts"] for record in db.session.query(ClosingRecord).filter_by(discussion_id=one)]
            for one in (counted.a, counted.b)
        }
        assert list(faults()) == []
    assert kept == {counted.a: [4, 5], counted.b: [1]}


@pytest.mark.parametrize("name", ["posts", "characters", "median_seconds_to_first_comment"])
def test_a_record_changed_behind_its_back_is_found(world: World, counted: CountedClass, name: str) -> None:
    close(world, counted.a)
    with world.inside():
        [record] = db.session.query(ClosingRecord).all()
        record.figures = record.figures | {name: 1}
    with world.app.app_context():
        [fault] = faults()
    assert name in fault


def test_what_was_counted_may_not_be_another_s(world: World, counted: CountedClass) -> None:
    close(world, counted.a)
    with world.inside():
        [record] = db.session.query(ClosingRecord).all()
        posts = [list(post) for post in record.counted["posts"]]
        posts[0][1], posts[1][1] = posts[1][1], posts[0][1]
        record.counted = record.counted | {"posts": posts}
    with world.app.app_context():
        assert len(list(faults())) == 2


def test_the_page_of_the_figures_says_what_changed_and_why(world: World, counted: CountedClass) -> None:
    close(world, counted.a)
    page = world.client_of(world.cast.omar).get(f"/discussions/{counted.a}/figures")
    assert "Closed by Olga," in page.words
    assert "Nothing has changed since" in page.words
    with world.inside():
        tom = queries.get_post(db.session.get_one(Discussion, counted.a), 4)
        assert tom
        operations.hide_post(world.member(world.cast.olga), tom, "Off the subject")
    words = world.client_of(world.cast.omar).get(f"/discussions/{counted.a}/figures").words
    assert "#4 Tom hidden by Olga : Off the subject" in words.replace("“", "").replace("”", "")


def test_the_class_s_figures_name_the_discussions_that_moved(world: World, counted: CountedClass) -> None:
    for discussion_id in (counted.a, counted.b):
        close(world, discussion_id)
    address = f"/classes/{world.cast.spring.slug}/figures"
    assert "Changed since they closed" not in world.client_of(world.cast.omar).get(address).words
    with world.inside():
        tom = queries.get_post(db.session.get_one(Discussion, counted.a), 4)
        assert tom
        operations.hide_post(world.member(world.cast.olga), tom, "Off the subject")
    for query in ("", "?by=unit", "?stage=before"):
        words = world.client_of(world.cast.omar).get(address + query).words
        moved = words.partition("Changed since they closed")[2]
        assert "Posts 4 → 3" in moved
        assert "Lecture B" not in moved


@pytest.mark.parametrize(("who", "status"), [("stella", 404), ("tina", 403), ("omar", 403), ("ivan", 403)])
def test_only_organisers_close(world: World, counted: CountedClass, who: str, status: int) -> None:
    answer = world.client_of(getattr(world.cast, who)).post(f"/discussions/{counted.a}/close")
    assert answer.status == status
    with world.inside():
        assert db.session.query(ClosingRecord).count() == 0

"""When a discussion takes posts: decided at the moment of the write."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from forum.db import db
from forum.discussions import operations, setup
from forum.discussions.models import Discussion
from forum.errors import Refused
from tests.cast import NOW, World

pytestmark = pytest.mark.one_database

TEXT = "Written over a long evening"
HOUR = timedelta(hours=1)


def late(world: World, discussion_id: int, number: int) -> bool:
    with world.app.app_context():
        return world.post(discussion_id, number).late


def close(world: World, discussion_id: int) -> None:
    with world.inside():
        setup.close_discussion(db.session.get_one(Discussion, discussion_id))


def reopen(world: World, discussion_id: int, closes_at: datetime | None = None) -> None:
    with world.inside():
        setup.open_discussion(db.session.get_one(Discussion, discussion_id), closes_at)


@pytest.mark.parametrize(
    ("window", "reason"),
    [
        ({"opens_at": NOW + HOUR}, "has not opened yet"),
        ({"opens_at": NOW - 2 * HOUR, "closes_at": NOW - HOUR}, "has closed"),
        ({"closes_at": NOW}, "has closed"),
    ],
    ids=["upcoming", "closed", "closing this moment"],
)
def test_outside_of_its_window_a_discussion_refuses_and_keeps_the_text(
    world: World, window: dict[str, datetime], reason: str
) -> None:
    discussion_id = world.discussion(**window)
    tina = world.client_of(world.cast.tina)
    assert not tina.discussion(discussion_id).all("form", class_="composer")
    page = tina.post(f"/discussions/{discussion_id}/posts", body=TEXT, parent="", token="t")
    assert page.status == 422
    assert reason in page.refusal
    assert page.form(f"/discussions/{discussion_id}/posts").fields["body"] == TEXT
    assert world.totals().posts == 0


@pytest.mark.parametrize("window", [{}, {"opens_at": NOW}, {"closes_at": NOW + timedelta(seconds=1)}])
def test_within_its_window_a_discussion_takes_posts(world: World, window: dict[str, datetime]) -> None:
    assert world.client_of(world.cast.tina).publish(world.discussion(**window), TEXT).status == 303


def test_a_page_opened_in_time_is_refused_after_the_closing(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    world.clock.advance(hours=1)
    refused = tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    assert refused.status == 422
    assert "has closed" in refused.refusal
    assert refused.form(f"/discussions/{discussion_id}/posts").fields["body"] == TEXT


def test_a_page_opened_too_early_is_taken_once_the_discussion_is_open(world: World) -> None:
    discussion_id = world.discussion(opens_at=NOW + HOUR)
    tina = world.client_of(world.cast.tina)
    refused = tina.post(f"/discussions/{discussion_id}/posts", body=TEXT, parent="", token="t")
    world.clock.advance(hours=1)
    assert tina.submit(refused, f"/discussions/{discussion_id}/posts").status == 303


def test_a_closing_that_comes_after_the_discussion_was_loaded_counts(world: World) -> None:
    """Two requests at once: this one has read the discussion when the other closes it."""
    discussion_id = world.discussion()
    with world.app.app_context():
        member, discussion = world.member(world.cast.tina), db.session.get_one(Discussion, discussion_id)
        assert discussion.closes_at is None
        table = Discussion.__table__
        db.session.connection().execute(sa.update(table).where(table.c.id == discussion_id).values(closes_at=NOW))
        with pytest.raises(Refused, match="has closed"):
            operations.publish_post(member, discussion, TEXT, None, "t")


def test_an_archived_class_takes_nothing_more(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    world.publish(world.cast.tina, discussion_id)
    tina = world.client_of(world.cast.tina)
    page = tina.get(f"/discussions/{discussion_id}/posts/1")
    world.archive()
    refused = tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    assert refused.status == 422
    assert "archived" in refused.refusal
    assert refused.form(f"/discussions/{discussion_id}/posts").fields["body"] == TEXT
    assert tina.submit(page, f"/discussions/{discussion_id}/posts/1/edit", body=TEXT).status == 422
    assert tina.submit(page, f"/discussions/{discussion_id}/posts/1/delete").status == 422
    assert tina.discussion(discussion_id).numbers == [1]


def test_what_is_written_after_the_first_closing_is_late_and_counts(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    world.publish(world.cast.tina, discussion_id, "In time")
    world.clock.advance(hours=2)
    reopen(world, discussion_id, world.clock.now + HOUR)
    page = world.client_of(world.cast.tom).publish(discussion_id, "After the bell", follow=True)
    assert [late(world, discussion_id, number) for number in (1, 2)] == [False, True]
    assert "Late" not in page.post(1).words
    assert "Late" in page.post(2).words
    assert world.totals().participants == 2


def test_a_discussion_closed_by_hand_and_opened_again_makes_late_posts(world: World) -> None:
    discussion_id = world.discussion()
    close(world, discussion_id)
    with world.app.app_context():
        first = db.session.get_one(Discussion, discussion_id).first_closed_at
    world.clock.advance(hours=1)
    reopen(world, discussion_id)
    world.publish(world.cast.tina, discussion_id)
    close(world, discussion_id)
    with world.app.app_context():
        assert db.session.get_one(Discussion, discussion_id).first_closed_at == first == NOW
    assert late(world, discussion_id, 1)


def test_opened_again_without_an_end_the_list_says_when_it_first_closed(world: World) -> None:
    discussion_id = world.discussion()
    close(world, discussion_id)
    reopen(world, discussion_id)
    page = world.client_of(world.cast.olga).get("/classes/spring/discussions")
    assert page.status == 200
    assert "First closed" in page.words


def test_opening_before_the_first_closing_makes_nothing_late(world: World) -> None:
    discussion_id = world.discussion(opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
    reopen(world, discussion_id, NOW + HOUR)
    world.publish(world.cast.tina, discussion_id)
    assert not late(world, discussion_id, 1)


def test_what_cannot_be_opened_or_closed_is_refused(world: World) -> None:
    open_one, closed = world.discussion(), world.discussion(closes_at=NOW)
    with world.app.app_context():
        with pytest.raises(Refused, match="not open"):
            setup.close_discussion(db.session.get_one(Discussion, closed))
        with pytest.raises(Refused, match="passed already"):
            setup.open_discussion(db.session.get_one(Discussion, open_one), NOW)
    world.archive()
    with world.app.app_context(), pytest.raises(Refused, match="archived"):
        setup.open_discussion(db.session.get_one(Discussion, closed))


def test_a_discussion_that_would_close_before_it_opens_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="close before it opens"):
        world.discussion(opens_at=NOW, closes_at=NOW)


def test_a_discussion_knows_when_it_changes_by_itself(world: World) -> None:
    discussion = world.discussion("Timed", opens_at=NOW + HOUR, closes_at=NOW + 3 * HOUR)
    with world.app.app_context():
        timed = db.session.get_one(Discussion, discussion)
        due = [timed.seconds_until_change(moment) for moment in (NOW, NOW + HOUR, NOW + 3 * HOUR)]
        assert due == [3600, 7200, None]
        timed.training_class.archived_at = NOW
        assert timed.seconds_until_change(NOW) is None
        db.session.rollback()

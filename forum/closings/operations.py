"""Closing by hand, and keeping what a discussion counted when it closed."""

from datetime import datetime

from forum import clock
from forum.closings import queries
from forum.closings.models import ClosingRecord
from forum.db import db
from forum.discussions import setup
from forum.discussions.models import Discussion
from forum.discussions.queries import lock_discussion
from forum.members.models import Member

# Closings that one sweep records; what remains is for the next.
MOST_AT_ONCE = 20


def close_discussion(organiser: Member, discussion: Discussion) -> None:
    """Now, and its figures with it."""
    setup.close_discussion(discussion)
    assert discussion.closes_at
    record_closing(discussion.id, discussion.closes_at, organiser)


def record_due(now: datetime) -> None:
    """Every closing that nobody pressed a button for. Safe to run twice, and in two processes at once."""
    for discussion_id, closed_at in queries.unrecorded_closings(now, MOST_AT_ONCE):
        record_closing(discussion_id, closed_at)


def record_closing(discussion_id: int, closed_at: datetime, closed_by: Member | None = None) -> None:
    """With the posts as of the closing time. Holds the discussion's row, so that nothing changes meanwhile."""
    held = lock_discussion(discussion_id)
    if queries.has_record(discussion_id, closed_at):
        return
    snapshot = queries.snapshot_of(held, None if closed_by else closed_at)
    db.session.add(
        ClosingRecord(
            class_id=held.class_id,
            discussion_id=discussion_id,
            closed_at=closed_at,
            closed_by_id=closed_by.id if closed_by else None,
            recorded_at=clock.now(),
            counted=snapshot.as_json(),
            figures=snapshot.figures(),
        )
    )

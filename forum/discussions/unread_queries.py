"""How many notifications somebody has not read."""

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from forum.classes.models import TrainingClass
from forum.db import db
from forum.discussions.counting import is_standing
from forum.discussions.models import Discussion, Post
from forum.discussions.queries import is_seen_beside
from forum.members.models import Member
from forum.notifications.models import Kind, Notification


def is_told() -> sa.ColumnElement[bool]:
    """Of a notification, with its member, discussion, class and post: it still holds, and the member may see it."""
    holds = sa.and_(is_standing(), sa.or_(Notification.kind != Kind.FEATURED, Post.featured_at.is_not(None)))
    return sa.and_(
        TrainingClass.archived_at.is_(None),
        sa.or_(Notification.post_id.is_(None), holds),
        is_seen_beside(),
    )


# Of whom more wait, it is enough to know that: who is told a thousand things would have each page count them.
MOST_COUNTED = 100


def number_unread() -> sa.ScalarSelect[int]:
    """How many of the notifications of the member that it is asked beside are unread; MOST_COUNTED: so many or more."""
    unread = (
        select(sa.literal_column("1"))
        .select_from(Notification)
        .join(Discussion, Discussion.id == Notification.discussion_id)
        .join(TrainingClass, TrainingClass.id == Discussion.class_id)
        .outerjoin(Post, Post.id == Notification.post_id)
        .where(Notification.member_id == Member.id, Notification.read_at.is_(None), is_told())
        .limit(sa.literal_column(str(MOST_COUNTED)))
        .correlate(Member)
        .subquery()
    )
    return select(sa.func.count()).select_from(unread).scalar_subquery()


@cache
def _unread_of_many() -> Any:
    return select(Member.id, number_unread()).where(Member.id.in_(sa.bindparam("member_ids", expanding=True)))


def unread_counts(member_ids: Collection[int]) -> dict[int, int]:
    """How many notifications each of these members has not read."""
    found = db.session.execute(_unread_of_many(), {"member_ids": list(member_ids)})
    return {row.id: int(row[1]) for row in found}


def unread_count(member: Member) -> int:
    """As it came with the member, or asked for."""
    brought = member.__dict__.get("_unread")
    return unread_counts([member.id])[member.id] if brought is None else int(brought)

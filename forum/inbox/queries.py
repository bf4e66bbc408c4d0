"""What a member can still see of what they were told; whom a round tells; whose mail is due."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.db import db
from forum.discussions.counting import in_audience
from forum.discussions.models import Discussion, Participation, Post
from forum.discussions.queries import is_readable_to
from forum.discussions.unread_queries import is_told
from forum.inbox.rows import NotificationRow
from forum.members.models import Member
from forum.notifications.models import USUAL_HOUR, Kind, Notification, NotificationSetting, Round
from forum.notifications.queries import hours_chosen

# What is older was on the page for so long that no mail need tell it.
NEWS_FOR = timedelta(days=2)
# An opening that nobody told for so long, as while the forum stood still, is told no more.
OPENING_NEWS_FOR = timedelta(days=1)
LETTERS_AT_ONCE = 500


def notifications_of(member: Member, *which: sa.ColumnElement[bool], limit: int) -> list[NotificationRow]:
    """The newest first."""
    actor, parent, root = aliased(Member), aliased(Post), aliased(Post)
    columns = (
        Notification.id,
        Notification.kind,
        Notification.discussion_id,
        Discussion.title,
        TrainingClass.timezone,
        Discussion.closes_at,
        Notification.number,
        sa.case((parent.author_id == Notification.member_id, parent.number), else_=root.number),
        actor.name,
        Notification.created_at,
        Notification.read_at,
        sa.case((is_readable_to(member), Post.html), else_=None),
    )
    rows = db.session.execute(
        _told(*columns)
        .outerjoin(actor, actor.id == Notification.actor_id)
        .outerjoin(parent, parent.id == Post.parent_id)
        .outerjoin(root, root.id == Post.root_id)
        .where(Notification.member_id == member.id, *which)
        .order_by(Notification.id.desc())
        .limit(limit)
    )
    return [NotificationRow(*row) for row in rows]


def get_notification(member: Member, notification_id: int) -> NotificationRow | None:
    found = notifications_of(member, Notification.id == notification_id, limit=1)
    return found[0] if found else None


def _told(*columns: Any) -> sa.Select[Any]:
    """Of notifications that still hold and that their members may see."""
    return (
        select(*columns)
        .select_from(Notification)
        .join(Member, Member.id == Notification.member_id)
        .join(Discussion, Discussion.id == Notification.discussion_id)
        .join(TrainingClass, TrainingClass.id == Discussion.class_id)
        .outerjoin(Post, Post.id == Notification.post_id)
        .where(is_told())
    )


def audience_of(discussion: Discussion) -> sa.Select[Any]:
    """The ids of the trainees it is for, and of the instructors."""
    is_trainee = sa.and_(Enrolment.role == Role.TRAINEE, in_audience(Enrolment))
    return _enrolled(discussion).where(sa.or_(Enrolment.role == Role.INSTRUCTOR, is_trainee))


def silent_in(discussion: Discussion) -> sa.Select[Any]:
    """The ids of the trainees it is for who have no counted post in it."""
    spoke = sa.exists().where(
        Participation.discussion_id == Discussion.id, Participation.member_id == Enrolment.member_id
    )
    return _enrolled(discussion).where(Enrolment.role == Role.TRAINEE, in_audience(Enrolment), ~spoke)


def _enrolled(discussion: Discussion) -> sa.Select[Any]:
    return (
        select(Enrolment.member_id)
        .join(Discussion, Discussion.class_id == Enrolment.class_id)
        .where(Discussion.id == discussion.id, Enrolment.withdrawn_at.is_(None))
    )


def opened_untold(now: datetime) -> list[Discussion]:
    """Open, lately opened, and nobody has told so. One without a time is open from when it was set up."""
    opened_at = sa.func.coalesce(Discussion.opens_at, Discussion.created_at)
    return _untold(Kind.OPENING, now, opened_at > now - OPENING_NEWS_FOR)


def closing_untold(now: datetime, within: timedelta) -> list[Discussion]:
    """Open, about to close, and nobody has told so."""
    return _untold(Kind.CLOSING, now, Discussion.closes_at <= now + within)


def _untold(kind: Kind, now: datetime, *which: sa.ColumnElement[bool]) -> list[Discussion]:
    told = sa.exists().where(Round.discussion_id == Discussion.id, Round.kind == kind)
    return list(
        db.session.scalars(
            select(Discussion)
            .join(Discussion.training_class)
            .options(contains_eager(Discussion.training_class))
            .where(
                TrainingClass.archived_at.is_(None),
                sa.func.coalesce(Discussion.opens_at, Discussion.created_at) <= now,
                sa.or_(Discussion.closes_at.is_(None), Discussion.closes_at > now),
                ~told,
                *which,
            )
            .order_by(Discussion.id)
        )
    )


def to_mail(now: datetime) -> sa.ColumnElement[bool]:
    """Of a notification: neither read nor mailed, and not too old to be news."""
    news = Notification.created_at > now - NEWS_FOR
    return sa.and_(Notification.read_at.is_(None), Notification.mailed_at.is_(None), news)


def due_letters(now: datetime, usual_zone: str, last_passed: Callable[[int, str], datetime]) -> list[int]:
    """The ids of the members for whom a letter is due: the hour of their mail has passed since they were told, or they
    were reminded, which does not wait. `last_passed(hour, zone)` is when it was that hour last."""
    own, told_at = NotificationSetting, Notification.created_at
    usual = sa.and_(own.member_id.is_(None), told_at < last_passed(USUAL_HOUR, usual_zone))
    hours = [
        sa.and_(own.mail_hour == hour, own.timezone == zone, told_at < last_passed(hour, zone))
        for hour, zone in hours_chosen()
    ]
    wants_mail = sa.or_(own.member_id.is_(None), own.mail_hour.is_not(None))
    reminded = sa.and_(Notification.kind == Kind.REMINDER, wants_mail)
    due = (
        _told(Notification.member_id)
        .outerjoin(own, own.member_id == Notification.member_id)
        .where(Member.email.is_not(None), Member.closed_at.is_(None), to_mail(now), sa.or_(usual, reminded, *hours))
        .distinct()
        .order_by(Notification.member_id)
        .limit(LETTERS_AT_ONCE)
    )
    return list(db.session.scalars(due))

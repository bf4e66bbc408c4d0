"""All that is kept of a member, kind by kind: one statement each, however much there is."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.api.models import ApiToken
from forum.attachments.models import Attachment
from forum.attendance.models import Attendance, Speech
from forum.classes.models import Activity, Announcement, Enrolment, Group, TrainingClass
from forum.db import db
from forum.discussions.models import Discussion, Draft, Like, Post, PostVersion
from forum.members.models import Member
from forum.notifications.models import MutedKind, NotificationSetting
from forum.units.models import Unit


def enrolments_of(member: Member) -> list[Any]:
    """(enrolment, class, group's name, unit's path), the latest first."""
    return _all(
        select(Enrolment, TrainingClass, Group.name, Unit.path)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .outerjoin(Group, Group.id == Enrolment.group_id)
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .where(Enrolment.member_id == member.id)
        .order_by(Enrolment.enrolled_at.desc(), TrainingClass.id.desc())
    )


def posts_of(member: Member) -> list[Any]:
    """(post, discussion's title, class's title, number of the post answered), as they were written; also those that are
    hidden or deleted, as long as they are kept."""
    answered = aliased(Post)
    return _all(
        select(Post, Discussion.title, TrainingClass.title, answered.number)
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(TrainingClass, TrainingClass.id == Post.class_id)
        .outerjoin(answered, answered.id == Post.parent_id)
        .where(Post.author_id == member.id)
        .order_by(Post.created_at, Post.id)
    )


def earlier_texts_of(member: Member) -> list[PostVersion]:
    return list(
        db.session.scalars(
            select(PostVersion)
            .join(Post, Post.id == PostVersion.post_id)
            .where(Post.author_id == member.id)
            .order_by(PostVersion.post_id, PostVersion.id)
        )
    )


def files_of(member: Member) -> list[Any]:
    """Of all their posts, each with the post it is found at."""
    return _all(
        select(Attachment.id, Attachment.post_id, Attachment.name, Attachment.size, Post.discussion_id, Post.number)
        .join(Post, Post.id == Attachment.post_id)
        .where(Post.author_id == member.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )


def drafts_of(member: Member) -> list[Any]:
    """(draft, discussion's title, class's title)."""
    return _all(
        select(Draft, Discussion.title, TrainingClass.title)
        .join(Discussion, Discussion.id == Draft.discussion_id)
        .join(TrainingClass, TrainingClass.id == Discussion.class_id)
        .where(Draft.member_id == member.id)
        .order_by(Draft.kept_at)
    )


def announcements_of(member: Member) -> list[Any]:
    """(announcement, class's title)."""
    return _all(
        select(Announcement, TrainingClass.title)
        .join(TrainingClass, TrainingClass.id == Announcement.class_id)
        .where(Announcement.author_id == member.id)
        .order_by(Announcement.id)
    )


def likes_of(member: Member) -> list[Any]:
    """(when, post's number, discussion's title, class's title)."""
    return _all(
        select(Like.created_at, Post.number, Discussion.title, TrainingClass.title)
        .join(Post, Post.id == Like.post_id)
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(TrainingClass, TrainingClass.id == Post.class_id)
        .where(Like.member_id == member.id)
        .order_by(Like.created_at, Like.post_id)
    )


def speeches_of(member: Member) -> list[Any]:
    """(speech, activity's title, class's title)."""
    return _at_activities(Speech, member, Speech.id)


def attendances_of(member: Member) -> list[Any]:
    """(attendance, activity's title, class's title)."""
    return _at_activities(Attendance, member, Attendance.checked_in_at)


def notices_of(member: Member) -> tuple[NotificationSetting | None, list[str]]:
    """How mail is set, and the kinds that are turned off."""
    muted = select(MutedKind.kind).where(MutedKind.member_id == member.id).order_by(MutedKind.kind)
    return db.session.get(NotificationSetting, member.id), [kind.value for kind in db.session.scalars(muted)]


def tokens_of(member: Member) -> list[ApiToken]:
    return list(db.session.scalars(select(ApiToken).where(ApiToken.member_id == member.id).order_by(ApiToken.id)))


def _at_activities(model: Any, member: Member, order: Any) -> list[Any]:
    return _all(
        select(model, Activity.title, TrainingClass.title)
        .join(Activity, Activity.id == model.activity_id)
        .join(TrainingClass, TrainingClass.id == model.class_id)
        .where(model.member_id == member.id)
        .order_by(order)
    )


def _all(statement: Any) -> list[Any]:
    return list(db.session.execute(statement))

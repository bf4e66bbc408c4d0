"""Closing records, closings that have none yet, and what a snapshot is taken from."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from forum.classes.models import Enrolment, Group, Role, TrainingClass
from forum.closings.counting import Counted, Snapshot
from forum.closings.models import ClosingRecord
from forum.db import db
from forum.discussions.counting import in_audience, trainees_of
from forum.discussions.models import Discussion, Post, PostVersion
from forum.members.models import Member
from forum.text import count_characters
from forum.units.models import Unit


def unrecorded_closings(now: datetime, most: int) -> list[tuple[int, datetime]]:
    """Discussion and closing time, the earliest first: planned or by hand, a first one before it was opened again, or
    with the class that was archived."""
    columns = (Discussion.closes_at, Discussion.first_closed_at, _closed_with_class())
    times = sa.union_all(*(_closings(column, now) for column in columns)).subquery()
    statement = select(times.c.id, times.c.closed_at).distinct().order_by(times.c.closed_at, times.c.id).limit(most)
    return [(discussion_id, closed_at) for discussion_id, closed_at in db.session.execute(statement)]


def _closings(column: Any, now: datetime) -> sa.Select[Any]:
    recorded = sa.exists().where(ClosingRecord.discussion_id == Discussion.id, ClosingRecord.closed_at == column)
    return (
        select(Discussion.id, column.label("closed_at"))
        .join(TrainingClass, TrainingClass.id == Discussion.class_id)
        .where(column <= now, ~recorded)
    )


def _closed_with_class() -> sa.ColumnElement[Any]:
    is_earlier = sa.or_(Discussion.closes_at.is_(None), Discussion.closes_at > TrainingClass.archived_at)
    return sa.case((is_earlier, TrainingClass.archived_at), else_=None)


def records_of(discussion: Discussion) -> list[ClosingRecord]:
    """The last closing first."""
    return list(
        db.session.scalars(
            select(ClosingRecord)
            .options(joinedload(ClosingRecord.closed_by))
            .where(ClosingRecord.discussion_id == discussion.id)
            .order_by(ClosingRecord.closed_at.desc())
        )
    )


def has_record(discussion_id: int, closed_at: datetime) -> bool:
    here = ClosingRecord.discussion_id == discussion_id
    return bool(db.session.scalar(select(sa.exists().where(here, ClosingRecord.closed_at == closed_at))))


def has_records(class_id: int) -> bool:
    return bool(db.session.scalar(select(sa.exists().where(ClosingRecord.class_id == class_id))))


def last_records(class_id: int) -> list[Any]:
    """Discussion id, closing time and figures of the last record of each discussion of a class."""
    later = aliased(ClosingRecord)
    is_last = ~sa.exists().where(
        later.discussion_id == ClosingRecord.discussion_id, later.closed_at > ClosingRecord.closed_at
    )
    columns = (ClosingRecord.discussion_id, ClosingRecord.closed_at, ClosingRecord.figures)
    return list(db.session.execute(select(*columns).where(ClosingRecord.class_id == class_id, is_last)))


def records_of_class(class_id: int) -> list[ClosingRecord]:
    """By discussion."""
    here = ClosingRecord.class_id == class_id
    return list(db.session.scalars(select(ClosingRecord).where(here).order_by(ClosingRecord.discussion_id)))


def facts_of_posts(discussion_id: int) -> dict[int, Any]:
    """By id: number, author, root, role and time of every post, hidden and deleted ones too."""
    columns = (Post.id, Post.number, Post.author_id, Post.root_id, Post.role, Post.created_at)
    rows = db.session.execute(select(*columns).where(Post.discussion_id == discussion_id))
    return {row.id: row for row in rows}


def snapshot_of(discussion: Discussion, moment: datetime | None = None) -> Snapshot:
    """Now, or with the posts as they were at a moment that has passed: those written later, hidden, deleted or edited
    since are taken as they were. Enrolments are those of now."""
    posts: dict[int, Counted] = {}
    comments: dict[int, int | None] = {}
    written: dict[int, datetime] = {}
    texts = _earlier_texts(discussion, moment) if moment else {}
    for post in _posts_of(discussion):
        if moment and post.created_at >= moment:
            continue
        if any(gone and (moment is None or gone <= moment) for gone in (post.hidden_at, post.deleted_at)):
            continue
        written[post.id] = post.created_at
        if post.role is Role.TRAINEE:
            characters = count_characters(texts[post.id]) if post.id in texts else post.characters
            posts[post.id] = Counted(post.author_id, post.root_id, characters)
        elif post.role is Role.INSTRUCTOR:
            comments[post.id] = post.root_id
    return Snapshot(_trainees_of(discussion), posts, comments, written)


def _trainees_of(discussion: Discussion) -> dict[int, tuple[int | None, int | None]]:
    trainee = aliased(Enrolment, trainees_of(discussion.class_id).subquery())
    rows = db.session.execute(
        select(trainee.member_id, trainee.unit_id, trainee.group_id)
        .select_from(Discussion)
        .join(trainee, in_audience(trainee))
        .where(Discussion.id == discussion.id)
        .order_by(trainee.member_id)
    )
    return {member: (unit, group) for member, unit, group in rows}


def _posts_of(discussion: Discussion) -> Iterable[Any]:
    columns = (
        Post.id, Post.author_id, Post.root_id, Post.role, Post.characters, Post.created_at, Post.hidden_at,
        Post.deleted_at,
    )  # fmt: skip
    return db.session.execute(select(*columns).where(Post.discussion_id == discussion.id).order_by(Post.number))


def _earlier_texts(discussion: Discussion, moment: datetime) -> dict[int, str]:
    """The HTML that stood then, of the posts edited since."""
    rows = db.session.execute(
        select(PostVersion.post_id, PostVersion.html)
        .join(Post, Post.id == PostVersion.post_id)
        .where(Post.discussion_id == discussion.id, PostVersion.written_at < moment, PostVersion.replaced_at >= moment)
    )
    return {row[0]: row[1] for row in rows}


def changed_posts(post_ids: Collection[int]) -> list[Any]:
    """By number, with the names of the author and of whoever hid or deleted it."""
    hider, deleter = aliased(Member), aliased(Member)
    return list(
        db.session.execute(
            select(Post, Member.name, hider.name, deleter.name)
            .join(Member, Member.id == Post.author_id)
            .outerjoin(hider, hider.id == Post.hidden_by_id)
            .outerjoin(deleter, deleter.id == Post.deleted_by_id)
            .where(Post.id.in_(post_ids))
            .order_by(Post.number)
        )
    )


def names_of_people(member_ids: Collection[int]) -> dict[int, str]:
    """By pinyin."""
    statement = select(Member.id, Member.name).where(Member.id.in_(member_ids)).order_by(Member.sort_key, Member.id)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def names_of_places(units: Collection[int], groups: Collection[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Paths of units and names of groups, by id."""
    paths = db.session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(units)))
    names = db.session.execute(select(Group.id, Group.name).where(Group.id.in_(groups)))
    return {row[0]: row[1] for row in paths}, {row[0]: row[1] for row in names}

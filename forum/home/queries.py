"""What is on for one member, in a number of statements that no class, discussion or post adds to.

Everything goes through discussions' visible_to(); what *post first* still closes to the member is left out.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from forum.classes.models import Activity, Enrolment, Role, TrainingClass
from forum.db import db
from forum.discussions.counting import in_audience, is_counted_comment, is_standing, trainees_of
from forum.discussions.models import Discussion, Participation, Post, ReadMark
from forum.discussions.queries import is_readable_to, visible_to
from forum.home.rows import AnswerRow, DiscussionRow, HiddenRow
from forum.members.models import Member

LATELY = timedelta(days=14)
MOST_DISCUSSIONS = 100
ANSWERS_SHOWN = 10
HIDDEN_SHOWN = 50


def discussions_as_seen_by(member: Member) -> sa.Select[Any]:
    """Those the member may see, with class and activity, and columns: posts, participants, comments, when the
    member last spoke, what is new to them (None: never opened)."""
    spoken = (
        select(Post.discussion_id, sa.func.max(Post.created_at).label("spoken_at"))
        .where(Post.author_id == member.id, is_standing())
        .group_by(Post.discussion_id)
        .subquery()
    )
    participation = Participation.discussion_id == Discussion.id
    unread = sa.and_(
        Post.discussion_id == Discussion.id,
        Post.number > ReadMark.number,
        Post.author_id != member.id,
        is_standing(),
    )
    columns = (
        select(sa.func.coalesce(sa.func.sum(Participation.posts), 0)).where(participation).scalar_subquery(),
        select(sa.func.count()).where(participation).scalar_subquery(),
        select(sa.func.count()).where(Post.discussion_id == Discussion.id, is_counted_comment()).scalar_subquery(),
        spoken.c.spoken_at,
        sa.case((ReadMark.number.is_not(None), select(sa.func.count()).where(unread).scalar_subquery()), else_=None),
    )
    return (
        select(Discussion, *columns)
        .join(Discussion.training_class)
        .outerjoin(Discussion.activity)
        .outerjoin(spoken, spoken.c.discussion_id == Discussion.id)
        .outerjoin(ReadMark, sa.and_(ReadMark.discussion_id == Discussion.id, ReadMark.member_id == member.id))
        .options(contains_eager(Discussion.training_class), contains_eager(Discussion.activity))
        .where(visible_to(member))
    )


def class_discussions(member: Member, training_class: TrainingClass) -> list[DiscussionRow]:
    """Those of one class in the order in which they open, with the trainees of each audience."""
    here = Discussion.class_id == training_class.id
    trainee = aliased(Enrolment, trainees_of(training_class.id).subquery())
    audience = (
        select(Discussion.id, sa.func.count().label("trainees"))
        .join(trainee, in_audience(trainee))
        .where(here)
        .group_by(Discussion.id)
        .subquery()
    )
    rows = db.session.execute(
        discussions_as_seen_by(member)
        .add_columns(sa.func.coalesce(audience.c.trainees, 0))
        .outerjoin(audience, audience.c.id == Discussion.id)
        .where(here)
        .order_by(sa.func.coalesce(Discussion.opens_at, Activity.starts_at, Discussion.created_at), Discussion.id)
    )
    return [DiscussionRow(row[0], int(row[1]), *row[2:]) for row in rows]


def current_discussions(member: Member, now: datetime) -> list[DiscussionRow]:
    """Open, upcoming, or closed lately, in all the member's classes; what closes next comes first."""
    is_closed = sa.case((Discussion.closes_at <= now, 1), else_=0)
    rows = db.session.execute(
        discussions_as_seen_by(member)
        .where(
            TrainingClass.archived_at.is_(None),
            sa.or_(Discussion.closes_at.is_(None), Discussion.closes_at > now - LATELY),
        )
        .order_by(is_closed, Discussion.closes_at.is_(None), Discussion.closes_at, Discussion.id)
        .limit(MOST_DISCUSSIONS)
    )
    return [DiscussionRow(row[0], int(row[1]), *row[2:]) for row in rows]


def comments_for(member: Member, now: datetime) -> list[AnswerRow]:
    """The newest comments in classes that are not archived."""
    return _answers(member, now, *_received_by(member), TrainingClass.archived_at.is_(None))


def comments_received(member: Member, now: datetime, page: int = 1) -> list[AnswerRow]:
    """A page of all there are, in archived classes too."""
    return _answers(member, now, *_received_by(member), start=(page - 1) * ANSWERS_SHOWN)


def _received_by(member: Member) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Instructors' posts below the member's reflections or answering the member's posts."""
    mine = aliased(Post)
    below = sa.and_(mine.discussion_id == Post.discussion_id, mine.id == Post.root_id)
    under_reflections = select(Post.id).join(mine, below).where(mine.author_id == member.id)
    to_posts = select(Post.id).join(mine, mine.id == Post.parent_id).where(mine.author_id == member.id)
    return is_counted_comment(), Post.id.in_(under_reflections.union(to_posts))


def unanswered_by(member: Member, now: datetime) -> list[AnswerRow]:
    """Others' replies to the member's posts, after which the member has not written in that thread; as long as they
    still can. Comments are not among them: they stand with the comments."""
    mine = aliased(Post)
    to_posts = select(Post.id).join(mine, mine.id == Post.parent_id).where(mine.author_id == member.id)
    is_reply = sa.and_(Post.role != Role.INSTRUCTOR, is_standing())
    can_answer = sa.and_(_can_still_answer(now), TrainingClass.archived_at.is_(None))
    return _answers(member, now, is_reply, Post.id.in_(to_posts), can_answer, ~_answered_by(member))


def _can_still_answer(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(Discussion.closes_at.is_(None), Discussion.closes_at > now)


def _answered_by(member: Member) -> sa.ColumnElement[bool]:
    later = aliased(Post)
    return sa.exists().where(
        later.discussion_id == Post.discussion_id,
        later.root_id == Post.root_id,
        later.number > Post.number,
        later.author_id == member.id,
        is_standing(later),
    )


def _answers(member: Member, now: datetime, *chosen: sa.ColumnElement[bool], start: int = 0) -> list[AnswerRow]:
    """The newest first."""
    parent, root = aliased(Post), aliased(Post)
    is_to_own = parent.author_id == member.id
    columns = (
        Post.discussion_id,
        Discussion.title,
        TrainingClass.timezone,
        Post.number,
        sa.case((is_to_own, parent.number), else_=root.number),
        Member.name,
        Post.role,
        Post.created_at,
        Post.html,
        Post.number > sa.func.coalesce(ReadMark.number, 0),
        sa.and_(is_to_own, _can_still_answer(now), ~_answered_by(member)),
        sa.func.count().over(),
    )
    rows = db.session.execute(
        select(*columns)
        .join(Member, Member.id == Post.author_id)
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(TrainingClass, TrainingClass.id == Discussion.class_id)
        .join(parent, parent.id == Post.parent_id)
        .join(root, root.id == Post.root_id)
        .outerjoin(ReadMark, sa.and_(ReadMark.discussion_id == Discussion.id, ReadMark.member_id == member.id))
        .where(
            *chosen,
            Post.author_id != member.id,
            visible_to(member),
            is_readable_to(member),
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .offset(start)
        .limit(ANSWERS_SHOWN)
    )
    return [AnswerRow(*row) for row in rows]


def instructors_of(training_class: TrainingClass) -> list[Enrolment]:
    """By pinyin, with the member."""
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.member)
            .options(contains_eager(Enrolment.member))
            .where(
                Enrolment.class_id == training_class.id,
                Enrolment.role == Role.INSTRUCTOR,
                Enrolment.withdrawn_at.is_(None),
            )
            .order_by(Member.sort_key, Member.id)
        )
    )


def hidden_posts(training_class: TrainingClass, page: int = 1) -> tuple[list[HiddenRow], bool]:
    """Those hidden last first, a page of them, and whether there are more."""
    by = aliased(Member)
    rows = db.session.execute(
        select(Post, Discussion.title, Member.name, by.name)
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(Member, Member.id == Post.author_id)
        .outerjoin(by, by.id == Post.hidden_by_id)
        .where(Post.class_id == training_class.id, is_hidden())
        .order_by(Post.hidden_at.desc(), Post.id.desc())
        .offset((page - 1) * HIDDEN_SHOWN)
        .limit(HIDDEN_SHOWN + 1)
    ).all()
    return [HiddenRow(*row) for row in rows[:HIDDEN_SHOWN]], len(rows) > HIDDEN_SHOWN


def is_hidden() -> sa.ColumnElement[bool]:
    """A deleted post is no longer there to be restored."""
    return sa.and_(Post.hidden_at.is_not(None), Post.deleted_at.is_(None))

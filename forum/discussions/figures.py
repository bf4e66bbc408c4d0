"""The figures beside a discussion, on its own page, and those of a class's desk."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.classes.models import Enrolment, Role
from forum.db import db
from forum.discussions.counting import (
    commented_reflections,
    in_audience,
    is_commented,
    is_counted,
    is_counted_comment,
    trainees_of,
)
from forum.discussions.models import Discussion, Participation, Post
from forum.discussions.waiting import Desk, waiting_for
from forum.members.models import Member
from forum.units.models import Unit, short_name

SILENT_SHOWN = 60


@dataclass(frozen=True, slots=True)
class UnitParticipation:
    name: str
    participants: int
    trainees: int


@dataclass(frozen=True, slots=True)
class DiscussionSummary:
    """What the discussion's page shows beside the posts; the class's figures narrowed to it, in two statements."""

    posts: int
    reflections: int
    replies: int
    participants: int
    trainees: int
    participation_rate: float | None
    comments: int
    commented: int
    comment_coverage: float | None
    units: list[UnitParticipation]


@dataclass(frozen=True, slots=True)
class Unheard:
    """A trainee with reflections and no comment on any of them, or without a counted post at all."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class DeskSummary:
    """What waits in a class and on one member's own desk, what that member has answered, and who has not been heard.

    `waiting` and `mine` are of the class or of the one discussion; `reached` are the counted reflections below which a
    comment of the member stands; `unheard_units` have reflections, none of them commented; `silent` are the first by
    pinyin.
    """

    waiting: int
    mine: int
    comments: int
    reached: int
    unheard: list[Unheard]
    unheard_units: list[str]
    silent: list[Unheard]
    silent_count: int


def desk_summary(desk: Desk) -> DeskSummary:
    """In three statements."""
    own = sa.and_(Post.class_id == desk.class_id, Post.author_id == desk.member_id, is_counted_comment())
    root = aliased(Post)
    lies_here = replace(desk, mine=True).lies_here()
    mine = sa.func.coalesce(sa.func.sum(sa.case((lies_here, 1), else_=0)), 0)
    waiting = waiting_for(desk, sa.func.count().label("waiting"), mine.label("mine")).subquery()
    comments = select(sa.func.count()).select_from(Post).where(own)
    reached = select(sa.func.count(root.id.distinct())).select_from(Post).join(root, root.id == Post.root_id)
    reached = reached.where(own, is_counted(root))
    row = db.session.execute(select(waiting, comments.scalar_subquery(), reached.scalar_subquery())).one()
    return DeskSummary(
        waiting=row[0],
        mine=int(row[1]),
        comments=row[2],
        reached=row[3],
        **_unheard_in(desk.class_id),
        **_silent_in(desk.class_id),
    )


def _unheard_in(class_id: int) -> dict[str, Any]:
    commented = sa.func.max(sa.case((is_commented(), 1), else_=0))
    rows = db.session.execute(
        select(Member.name, sa.func.coalesce(Unit.path, ""), sa.func.coalesce(Unit.sort_key, ""), commented)
        .select_from(Post)
        .join(Member, Member.id == Post.author_id)
        .join(Enrolment, sa.and_(Enrolment.class_id == Post.class_id, Enrolment.member_id == Post.author_id))
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .where(Post.class_id == class_id, Post.root_id.is_(None), is_counted())
        .group_by(Member.id, Member.name, Member.sort_key, Unit.path, Unit.sort_key)
        .order_by(Member.sort_key, Member.id)
    ).all()
    heard = {path for _name, path, _key, is_heard in rows if is_heard}
    units = sorted({(key, path) for _name, path, key, _is_heard in rows if path and path not in heard})
    return {
        "unheard": [Unheard(name, short_name(path)) for name, path, _key, is_heard in rows if not is_heard],
        "unheard_units": [short_name(path) for _key, path in units],
    }


def _silent_in(class_id: int) -> dict[str, Any]:
    spoke = sa.exists().where(Participation.class_id == class_id, Participation.member_id == Enrolment.member_id)
    rows = db.session.execute(
        select(Member.name, sa.func.coalesce(Unit.path, ""), sa.func.count().over())
        .select_from(Enrolment)
        .join(Member, Member.id == Enrolment.member_id)
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .where(
            Enrolment.class_id == class_id,
            Enrolment.role == Role.TRAINEE,
            Enrolment.withdrawn_at.is_(None),
            ~spoke,
        )
        .order_by(Member.sort_key, Member.id)
        .limit(SILENT_SHOWN)
    ).all()
    people = [Unheard(name, short_name(path)) for name, path, _total in rows]
    return {"silent": people, "silent_count": rows[0][2] if rows else 0}


def discussion_summary(discussion: Discussion) -> DiscussionSummary:
    named = {"of_discussion": discussion.id, "of_class": discussion.class_id}
    by_unit = db.session.execute(_units_of_discussion(), named).all()
    comments, commented = db.session.execute(_comments_of_discussion(), named).one()
    trainees, participants = sum(row[1] for row in by_unit), sum(row[2] for row in by_unit)
    posts, reflections = sum(row[3] for row in by_unit), sum(row[4] for row in by_unit)
    return DiscussionSummary(
        posts=int(posts),
        reflections=int(reflections),
        replies=int(posts - reflections),
        participants=participants,
        trainees=trainees,
        participation_rate=participants / trainees if trainees else None,
        comments=comments,
        commented=commented,
        comment_coverage=commented / reflections if reflections else None,
        units=[UnitParticipation(short_name(path), spoke, enrolled) for path, enrolled, spoke, *_ in by_unit if path],
    )


@cache
def _units_of_discussion() -> Any:
    trainee = aliased(Enrolment, trainees_of(sa.bindparam("of_class")).subquery())
    return (
        select(
            Unit.path,
            sa.func.count(),
            sa.func.count(Participation.member_id),
            sa.func.coalesce(sa.func.sum(Participation.posts), 0),
            sa.func.coalesce(sa.func.sum(Participation.reflections), 0),
        )
        .select_from(Discussion)
        .join(trainee, in_audience(trainee))
        .outerjoin(Unit, Unit.id == trainee.unit_id)
        .outerjoin(
            Participation,
            sa.and_(Participation.discussion_id == Discussion.id, Participation.member_id == trainee.member_id),
        )
        .where(Discussion.id == sa.bindparam("of_discussion"))
        .group_by(Unit.id, Unit.path, Unit.sort_key)
        .order_by(Unit.sort_key)
    )


@cache
def _comments_of_discussion() -> Any:
    here = Post.discussion_id == sa.bindparam("of_discussion")
    return select(
        select(sa.func.count()).where(is_counted_comment(), here).scalar_subquery(),
        select(sa.func.count()).select_from(commented_reflections(here)).scalar_subquery(),
    )

"""The figures beside a discussion, on its own page."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.classes.models import Enrolment
from forum.db import db
from forum.discussions.counting import commented_reflections, in_audience, is_counted_comment, trainees_of
from forum.discussions.models import Discussion, Participation, Post
from forum.units.models import Unit, short_name


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


def discussion_summary(discussion: Discussion) -> DiscussionSummary:
    trainee = aliased(Enrolment, trainees_of(discussion.class_id).subquery())
    by_unit = db.session.execute(
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
        .where(Discussion.id == discussion.id)
        .group_by(Unit.id, Unit.path, Unit.sort_key)
        .order_by(Unit.sort_key)
    ).all()
    here = Post.discussion_id == discussion.id
    comments, commented = db.session.execute(
        select(
            select(sa.func.count()).where(is_counted_comment(), here).scalar_subquery(),
            select(sa.func.count()).select_from(commented_reflections(here)).scalar_subquery(),
        )
    ).one()
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

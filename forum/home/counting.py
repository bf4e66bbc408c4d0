"""Who and what waits in open discussions: trainees who have not spoken, reflections without a comment."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import select

from forum.classes.models import Enrolment, Role
from forum.db import db
from forum.discussions.counting import in_audience, is_waiting
from forum.discussions.models import Discussion, Participation, Post
from forum.home.rows import Silent, Waiting
from forum.members.models import Member

NAMES_SHOWN = 12


def silent_trainees(discussion_ids: Collection[int]) -> dict[int, Silent]:
    """By discussion; those who have left are not among them."""
    if not discussion_ids:
        return {}
    spoke = sa.exists().where(
        Participation.discussion_id == Discussion.id, Participation.member_id == Enrolment.member_id
    )
    by_pinyin = sa.func.row_number().over(partition_by=Discussion.id, order_by=(Member.sort_key, Member.id))
    ranked = (
        select(
            Discussion.id,
            Member.name,
            by_pinyin.label("place"),
            sa.func.count().over(partition_by=Discussion.id).label("total"),
        )
        .join(Enrolment, Enrolment.class_id == Discussion.class_id)
        .join(Member, Member.id == Enrolment.member_id)
        .where(
            Discussion.id.in_(discussion_ids),
            Enrolment.role == Role.TRAINEE,
            Enrolment.withdrawn_at.is_(None),
            in_audience(Enrolment),
            ~spoke,
        )
        .subquery()
    )
    found: dict[int, Silent] = {}
    statement = select(ranked.c.id, ranked.c.name, ranked.c.total).where(ranked.c.place <= NAMES_SHOWN)
    for discussion_id, name, total in db.session.execute(statement.order_by(ranked.c.id, ranked.c.place)):
        found.setdefault(discussion_id, Silent(total, [])).names.append(name)
    return found


def waiting_reflections(discussion_ids: Collection[int]) -> dict[int, Waiting]:
    """By discussion: the counted reflections with no comment anywhere below them."""
    if not discussion_ids:
        return {}
    by_time = sa.func.row_number().over(partition_by=Post.discussion_id, order_by=(Post.created_at, Post.id))
    ranked = (
        select(
            Post.discussion_id,
            Post.author_id,
            Post.created_at,
            by_time.label("place"),
            sa.func.count().over(partition_by=Post.discussion_id).label("total"),
        )
        .where(Post.discussion_id.in_(discussion_ids), is_waiting())
        .subquery()
    )
    statement = (
        select(ranked.c.discussion_id, ranked.c.total, Member.name, ranked.c.created_at)
        .join(Member, Member.id == ranked.c.author_id)
        .where(ranked.c.place == 1)
    )
    return {row[0]: Waiting(*row[1:]) for row in db.session.execute(statement)}

"""The matrix trainee x discussion, a page of people at a time: what each of them did in each discussion."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from forum.db import db
from forum.discussions.counting import is_commented, is_counted
from forum.discussions.models import Discussion, Participation, Post, audience_groups
from forum.members.models import Member
from forum.statistics.queries import audience_of, trainees_in
from forum.statistics.scope import Scope
from forum.units.models import Unit


def trainees_from(scope: Scope, silent: bool, after: int | None, limit: int) -> tuple[list[Any], int, int]:
    """id, name, unit, group_id of trainees by pinyin, those after that member; how many there are in all, and how many
    stand before the first of these. The silent have no counted post in the scope's discussions."""
    people = _people(scope, silent).subquery()
    start = select(Member.sort_key).where(Member.id == after).scalar_subquery()
    behind = sa.tuple_(people.c.sort_key, people.c.id) > sa.tuple_(start, sa.literal(after)) if after else sa.true()
    counts = select(sa.func.count(), sa.func.count(sa.case((behind, 1)))).select_from(people)
    total, left = db.session.execute(counts).one()
    rows = select(people).where(behind).order_by(people.c.sort_key, people.c.id).limit(limit)
    return list(db.session.execute(rows)), total, total - left


def _people(scope: Scope, silent: bool) -> sa.Select[Any]:
    trainee = trainees_in(scope)
    statement = (
        select(Member.id, Member.name, Member.sort_key, Unit.path.label("unit"), trainee.group_id)
        .select_from(trainee)
        .join(Member, Member.id == trainee.member_id)
        .outerjoin(Unit, Unit.id == trainee.unit_id)
    )
    if (audience := audience_of(scope)) is not None:
        statement = statement.where(trainee.member_id.in_(audience))
    if silent:
        spoke = sa.exists().where(scope.place(Participation), Participation.member_id == trainee.member_id)
        statement = statement.where(~spoke)
    return statement


def spoken_by_each(scope: Scope, member_ids: list[int]) -> list[Any]:
    """discussion_id, member_id, posts, late"""
    columns = Participation.discussion_id, Participation.member_id, Participation.posts, Participation.late
    return list(
        db.session.execute(select(*columns).where(scope.place(Participation), Participation.member_id.in_(member_ids)))
    )


def answered_and_featured(scope: Scope, member_ids: list[int]) -> list[Any]:
    """discussion_id, member_id, commented (reflections), featured (posts); where there are any"""
    commented = sa.func.sum(sa.case((sa.and_(Post.root_id.is_(None), is_commented()), 1), else_=0))
    featured = sa.func.sum(sa.case((Post.featured_at.is_not(None), 1), else_=0))
    columns = Post.discussion_id, Post.author_id.label("member_id")
    return list(
        db.session.execute(
            select(*columns, commented.label("commented"), featured.label("featured"))
            .where(scope.place(Post), is_counted(), Post.author_id.in_(member_ids))
            .where(sa.or_(Post.root_id.is_(None), Post.featured_at.is_not(None)))
            .group_by(Post.discussion_id, Post.author_id)
        )
    )


def groups_of_audiences(scope: Scope) -> dict[int, set[int]]:
    """By discussion, of those for chosen groups."""
    found: dict[int, set[int]] = defaultdict(set)
    statement = select(audience_groups).join(Discussion, Discussion.id == audience_groups.c.discussion_id)
    for discussion_id, group_id in db.session.execute(statement.where(scope.discussions())):
        found[discussion_id].add(group_id)
    return found

"""What instructors did, as rows from the database: by instructor and by the unit of whom they answered."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.classes.models import Enrolment, Role
from forum.db import db
from forum.discussions.counting import is_counted, is_counted_comment, is_waiting
from forum.discussions.models import DeskMark, Discussion, Participation, Post
from forum.members.models import Member
from forum.statistics.queries import enrolled
from forum.statistics.scope import Scope
from forum.units.models import Unit


def instructors_of(scope: Scope, commented: Iterable[int]) -> list[Any]:
    """id, name, unit, group_id by pinyin: of the class now, or with a comment in it."""
    teaches = sa.and_(Enrolment.role == Role.INSTRUCTOR, Enrolment.withdrawn_at.is_(None))
    return list(
        db.session.execute(
            select(Member.id, Member.name, Unit.path.label("unit"), Enrolment.group_id)
            .select_from(Enrolment)
            .join(Member, Member.id == Enrolment.member_id)
            .outerjoin(Unit, Unit.id == Enrolment.unit_id)
            .where(Enrolment.class_id == scope.training_class.id)
            .where(sa.or_(teaches, Enrolment.member_id.in_(list(commented))))
            .order_by(Member.sort_key, Member.id)
        )
    )


def comments_by_unit(scope: Scope) -> list[Any]:
    """member_id, unit_id, comments, reflections, trainees: of the comments below counted reflections those that stand
    below one of that unit; the others have no reflections."""
    root = aliased(Post)
    return list(
        db.session.execute(
            select(
                Post.author_id.label("member_id"),
                Enrolment.unit_id,
                sa.func.count().label("comments"),
                sa.func.count(root.id.distinct()).label("reflections"),
                sa.func.count(root.author_id.distinct()).label("trainees"),
            )
            .select_from(Post)
            .outerjoin(root, sa.and_(root.id == Post.root_id, is_counted(root)))
            .outerjoin(Enrolment, enrolled(root.class_id, root.author_id))
            .where(is_counted_comment(), scope.posts(), scope.people())
            .group_by(Post.author_id, Enrolment.unit_id)
        )
    )


def reached_by_all(scope: Scope) -> Any:
    """reflections, trainees, units that anybody's comments of the scope stand below"""
    root = aliased(Post)
    return db.session.execute(
        select(
            sa.func.count(root.id.distinct()).label("reflections"),
            sa.func.count(root.author_id.distinct()).label("trainees"),
            sa.func.count(Enrolment.unit_id.distinct()).label("units"),
        )
        .select_from(Post)
        .join(root, sa.and_(root.id == Post.root_id, is_counted(root)))
        .join(Enrolment, enrolled(root.class_id, root.author_id))
        .where(is_counted_comment(), scope.posts(), scope.people())
    ).one()


def first_commenters(scope: Scope) -> Iterable[Any]:
    """member_id, written, answered: who commented first, for each commented reflection of the scope"""
    comment = aliased(Post)
    turn = sa.func.row_number().over(partition_by=Post.id, order_by=(comment.created_at, comment.number))
    same_place = sa.and_(comment.class_id == Post.class_id, comment.discussion_id == Post.discussion_id)
    below = sa.and_(same_place, comment.root_id == Post.id)
    comments = (
        select(
            comment.author_id.label("member_id"),
            Post.created_at.label("written"),
            comment.created_at.label("answered"),
            turn.label("turn"),
        )
        .select_from(Post)
        .join(comment, sa.and_(below, is_counted_comment(comment)))
        .join(Enrolment, enrolled(Post.class_id, Post.author_id))
        .where(_reflections(scope))
        .subquery()
    )
    columns = comments.c.member_id, comments.c.written, comments.c.answered
    return db.session.execute(select(*columns).where(comments.c.turn == 1))


def units_with_reflections(scope: Scope) -> dict[int, str]:
    """The paths of the units that wrote a counted reflection, in the period or before or after it."""
    wrote = (
        select(Enrolment.unit_id)
        .join(Participation, enrolled(Participation.class_id, Participation.member_id))
        .where(scope.place(Participation), Participation.reflections > 0, scope.people())
    )
    statement = select(Unit.id, Unit.path).where(Unit.id.in_(wrote)).order_by(Unit.sort_key, Unit.id)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def waiting_by_group(scope: Scope) -> dict[int | None, int]:
    """How many counted reflections have no comment, by the group of who wrote them."""
    statement = _waiting(scope, Enrolment.group_id, sa.func.count()).group_by(Enrolment.group_id)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def read_by_group(scope: Scope) -> dict[tuple[int, int | None], int]:
    """How many of those each instructor has marked as read, by member and group."""
    statement = _waiting(scope, DeskMark.member_id, Enrolment.group_id, sa.func.count())
    statement = statement.join(DeskMark, DeskMark.post_id == Post.id).group_by(DeskMark.member_id, Enrolment.group_id)
    return {(member, group): count for member, group, count in db.session.execute(statement)}


def _waiting(scope: Scope, *columns: Any) -> sa.Select[Any]:
    return (
        select(*columns)
        .select_from(Post)
        .join(Enrolment, enrolled(Post.class_id, Post.author_id))
        .where(is_waiting(), _reflections(scope))
    )


def _reflections(scope: Scope) -> sa.ColumnElement[bool]:
    """The counted ones of the scope, with their author's enrolment. Found by discussion: their number in one is known
    from an index, in a class it is not."""
    here = Post.discussion_id.in_(select(Discussion.id).where(scope.discussions()))
    return sa.and_(here, Post.root_id.is_(None), is_counted(), scope.posts(), scope.people())

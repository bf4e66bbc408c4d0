"""What the figures are made of, as rows from the database, by the group that a table has a row for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum import clock
from forum.classes.models import Enrolment, Group, TrainingClass
from forum.db import db
from forum.discussions.counting import (
    commented_reflections,
    counted_posts,
    in_audience,
    is_counted,
    is_counted_comment,
    trainees_of,
)
from forum.discussions.models import Discussion, Participation, Post
from forum.members.models import Member
from forum.units.models import Unit

By = Literal["discussion", "trainee", "unit", "group", "week"]
GROUPINGS: tuple[By, ...] = ("discussion", "trainee", "unit", "group", "week")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the class's time zone, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None

    def holds(self, column: Any, training_class: TrainingClass) -> sa.ColumnElement[bool]:
        zone = training_class.zone
        inside: list[sa.ColumnElement[bool]] = [sa.true()]
        if self.first:
            inside.append(column >= clock.start_of(self.first, zone))
        if self.last:
            inside.append(column < clock.start_of(self.last + timedelta(days=1), zone))
        return sa.and_(*inside)

    def __bool__(self) -> bool:
        return bool(self.first or self.last)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: a class, or one discussion of it, within a period."""

    training_class: TrainingClass
    discussion: Discussion | None
    period: Period

    def posts(self) -> sa.ColumnElement[bool]:
        """Those of the scope, by their own time."""
        place = Post.discussion_id == self.discussion.id if self.discussion else Post.class_id == self.training_class.id
        return sa.and_(place, self.period.holds(Post.created_at, self.training_class))

    def spoken(self) -> sa.Subquery:
        """A row per participant and discussion: Participation itself, or recounted from the period's posts."""
        if not self.period:
            place = (
                Participation.discussion_id == self.discussion.id
                if self.discussion
                else Participation.class_id == self.training_class.id
            )
            columns = (
                Participation.discussion_id,
                Participation.member_id,
                Participation.posts,
                Participation.reflections,
                Participation.characters,
            )
            return select(*columns).where(place).subquery()
        return (
            select(
                Post.discussion_id,
                Post.author_id.label("member_id"),
                sa.func.count().label("posts"),
                sa.func.sum(sa.case((Post.root_id.is_(None), 1), else_=0)).label("reflections"),
                sa.func.sum(Post.characters).label("characters"),
            )
            .where(is_counted(), self.posts())
            .group_by(Post.discussion_id, Post.author_id)
            .subquery()
        )


def _key(by: By | None, discussion_id: Any, member_id: Any, enrolment: Any) -> sa.ColumnElement[Any]:
    keys: dict[str | None, Any] = {
        None: sa.literal(0),
        "discussion": discussion_id,
        "trainee": member_id,
        "unit": sa.func.coalesce(enrolment.unit_id, 0),
        "group": sa.func.coalesce(enrolment.group_id, 0),
    }
    found: sa.ColumnElement[Any] = keys[by]
    return found.label("key")


def _enrolled(class_id: Any, member_id: Any) -> sa.ColumnElement[bool]:
    return sa.and_(Enrolment.class_id == class_id, Enrolment.member_id == member_id)


def trainees_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """key, trainees, units"""
    trainee = aliased(Enrolment, trainees_of(scope.training_class.id).subquery())
    key = _key(by, Discussion.id, trainee.member_id, trainee)
    statement = select(key, sa.func.count(), sa.func.count(trainee.unit_id.distinct()))
    if scope.discussion or by == "discussion":
        chosen = (
            Discussion.id == scope.discussion.id if scope.discussion else Discussion.class_id == scope.training_class.id
        )
        statement = statement.select_from(Discussion).join(trainee, in_audience(trainee)).where(chosen)
    return db.session.execute(statement.group_by(sa.text("1")))


def spoken_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """key, posts, reflections, participants, person-times, units covered, characters, discussions"""
    spoken = scope.spoken()
    return db.session.execute(
        select(
            _key(by, spoken.c.discussion_id, spoken.c.member_id, Enrolment),
            sa.func.coalesce(sa.func.sum(spoken.c.posts), 0),
            sa.func.coalesce(sa.func.sum(spoken.c.reflections), 0),
            sa.func.count(spoken.c.member_id.distinct()),
            sa.func.count(),
            sa.func.count(Enrolment.unit_id.distinct()),
            sa.func.coalesce(sa.func.sum(spoken.c.characters), 0),
            sa.func.count(spoken.c.discussion_id.distinct()),
        )
        .join(Enrolment, _enrolled(scope.training_class.id, spoken.c.member_id))
        .group_by(sa.text("1"))
    )


def comments_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """key, comments; by trainee, unit or group those below its counted reflections"""
    root = aliased(Post)
    statement = select(_key(by, Post.discussion_id, root.author_id, Enrolment), sa.func.count()).select_from(Post)
    if by in ("trainee", "unit", "group"):
        statement = statement.join(root, sa.and_(root.id == Post.root_id, is_counted(root)))
        statement = statement.join(Enrolment, _enrolled(root.class_id, root.author_id))
    return db.session.execute(statement.where(is_counted_comment(), scope.posts()).group_by(sa.text("1")))


def first_comments_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """key, time of the reflection, time of its first comment; for each commented reflection of the scope"""
    commented = commented_reflections(scope.posts())
    return db.session.execute(
        select(
            _key(by, commented.c.discussion_id, commented.c.member_id, Enrolment),
            commented.c.created_at,
            commented.c.first_comment_at,
        ).join(Enrolment, _enrolled(scope.training_class.id, commented.c.member_id))
    )


def names_by(class_id: int, by: By) -> list[tuple[int, str]]:
    """Key and name of every possible row, in the order of the table."""
    trainees = trainees_of(class_id).subquery()
    statements: dict[str, Any] = {
        "discussion": select(Discussion.id, Discussion.title)
        .where(Discussion.class_id == class_id)
        .order_by(sa.func.coalesce(Discussion.opens_at, Discussion.created_at), Discussion.id),
        "trainee": select(Member.id, Member.name)
        .join(trainees, trainees.c.member_id == Member.id)
        .order_by(Member.sort_key, Member.id),
        "unit": select(Unit.id, Unit.path)
        .where(Unit.id.in_(select(trainees.c.unit_id)))
        .order_by(Unit.sort_key, Unit.id),
        "group": select(Group.id, Group.name).where(Group.class_id == class_id).order_by(Group.position, Group.id),
    }
    return [(key, name) for key, name in db.session.execute(statements[by])]


def count_discussions(class_id: int) -> int:
    return db.session.scalar(select(sa.func.count()).where(Discussion.class_id == class_id)) or 0


def counted_in(scope: Scope) -> Iterable[Any]:
    """written, discussion, author, root, characters, unit of the author; for each counted post"""
    columns = (
        Post.created_at,
        Post.discussion_id,
        Post.author_id,
        Post.root_id,
        Post.characters,
        Enrolment.unit_id,
    )
    enrolled = _enrolled(Post.class_id, Post.author_id)
    return db.session.execute(
        counted_posts().where(scope.posts()).join(Enrolment, enrolled).with_only_columns(*columns)
    )


def comment_times(scope: Scope) -> Iterable[datetime]:
    return db.session.scalars(select(Post.created_at).where(is_counted_comment(), scope.posts()))

"""What the figures are made of, as rows from the database: each with the `key` of the table's row it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.classes.models import Enrolment, Group, TrainingClass
from forum.classes.queries import groups_of
from forum.db import db
from forum.discussions.counting import (
    commented_in_class,
    in_audience,
    is_counted,
    is_counted_comment,
    trainees_of,
)
from forum.discussions.models import Discussion, Participation, Post, Stage
from forum.members.models import Member
from forum.statistics.hours import hour_of, week_of
from forum.statistics.scope import ABOVE, NONE, OF_PEOPLE, OF_TIME, By, Scope
from forum.units.models import Unit
from forum.units.queries import ancestors_at, units_above, with_ancestors


def _keyed(statement: Any, scope: Scope, by: By | None, discussion_id: Any, enrolment: Any, moment: Any = None) -> Any:
    """The statement with the key of the row as one more column, and joined with what the key is found from."""
    if by == "discussion":
        key = discussion_id
    elif by == "stage":
        statement, key = statement.join(Discussion, Discussion.id == discussion_id), Discussion.stage
    elif by == "trainee":
        key = enrolment.member_id
    elif by == "unit" and scope.level is not None:
        tree = ancestors_at(scope.level, _units_enrolled(scope))
        statement = statement.outerjoin(tree, tree.c.unit_id == enrolment.unit_id)
        key = sa.case((enrolment.unit_id.is_(None), NONE), else_=sa.func.coalesce(tree.c.ancestor_id, ABOVE))
    elif by in ("unit", "group"):
        key = sa.func.coalesce(enrolment.unit_id if by == "unit" else enrolment.group_id, NONE)
    elif by in OF_TIME:
        key = (week_of if by == "week" else hour_of)(moment, scope.training_class)
    else:
        key = sa.literal(0)
    return statement.add_columns(key.label("key"))


def _units_enrolled(scope: Scope) -> Any:
    return select(Enrolment.unit_id).where(Enrolment.class_id == scope.training_class.id)


def enrolled(class_id: Any, member_id: Any) -> sa.ColumnElement[bool]:
    return sa.and_(Enrolment.class_id == class_id, Enrolment.member_id == member_id)


def trainees_in(scope: Scope) -> Any:
    """An alias of Enrolment for the trainees of the class that the scope's filters of people leave."""
    trainees = trainees_of(scope.training_class.id)
    return aliased(Enrolment, trainees.where(scope.people()).subquery())


def audience_of(scope: Scope) -> Any:
    """The ids of those trainees whom one of the scope's discussions is for; None where that is everybody."""
    if not scope.narrows_discussions:
        return None
    trainee = trainees_in(scope)
    return select(trainee.member_id).join(Discussion, in_audience(trainee)).where(scope.discussions())


def trainees_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """trainees, units, key; each of them wrote, or could have written, in one of the scope's discussions"""
    trainee = trainees_in(scope)
    statement = select(
        sa.func.count(trainee.member_id.distinct()).label("trainees"),
        sa.func.count(trainee.unit_id.distinct()).label("units"),
    )
    if scope.narrows_discussions or by in ("discussion", "stage"):
        statement = statement.select_from(Discussion).join(trainee, in_audience(trainee)).where(scope.discussions())
    if by == "stage":
        return db.session.execute(statement.add_columns(Discussion.stage.label("key")).group_by("key"))
    return db.session.execute(_keyed(statement, scope, by, Discussion.id, trainee).group_by("key"))


def spoken_in(scope: Scope, by: By | None = None) -> sa.Subquery:
    """A row per participant and discussion (and week or hour, split by those): Participation itself, or recounted from
    the posts of that time."""
    if by not in OF_TIME and not scope.narrows_time:
        return select(Participation).where(scope.place(Participation)).subquery()
    # As a sum, so that SQLite reads the class by its time instead of everybody's posts in the order of discussions.
    discussion_id = Post.discussion_id + sa.literal_column("0")
    statement = select(
        discussion_id.label("discussion_id"),
        Post.author_id.label("member_id"),
        sa.func.count().label("posts"),
        sa.func.sum(sa.case((Post.root_id.is_(None), 1), else_=0)).label("reflections"),
        sa.func.sum(Post.characters).label("characters"),
    ).where(is_counted(), scope.posts())
    columns: list[Any] = [discussion_id, Post.author_id]
    if by in OF_TIME:
        statement = _keyed(statement, scope, by, Post.discussion_id, None, Post.created_at)
        columns.append(sa.text("key"))
    return statement.group_by(*columns).subquery()


def spoken_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """posts, reflections, participants, person_times, units_covered, characters, discussions, key"""
    spoken = spoken_in(scope, by)
    statement = (
        select(
            sa.func.coalesce(sa.func.sum(spoken.c.posts), 0).label("posts"),
            sa.func.coalesce(sa.func.sum(spoken.c.reflections), 0).label("reflections"),
            sa.func.count(spoken.c.member_id.distinct()).label("participants"),
            sa.func.count().label("person_times"),
            sa.func.count(Enrolment.unit_id.distinct()).label("units_covered"),
            sa.func.coalesce(sa.func.sum(spoken.c.characters), 0).label("characters"),
            sa.func.count(spoken.c.discussion_id.distinct()).label("discussions"),
        )
        .select_from(spoken)
        .join(Enrolment, enrolled(scope.training_class.id, spoken.c.member_id))
        .where(scope.people())
    )
    if by in OF_TIME:
        return db.session.execute(statement.add_columns(spoken.c.key).group_by(spoken.c.key))
    return db.session.execute(_keyed(statement, scope, by, spoken.c.discussion_id, Enrolment).group_by("key"))


def comments_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """comments, key; of people those below their counted reflections"""
    statement = select(sa.func.count().label("comments")).select_from(Post)
    if by in OF_PEOPLE or scope.narrows_people:
        root = aliased(Post)
        statement = statement.join(root, sa.and_(root.id == Post.root_id, is_counted(root)))
        statement = statement.join(Enrolment, enrolled(root.class_id, root.author_id)).where(scope.people())
    statement = statement.where(is_counted_comment(), scope.posts())
    return db.session.execute(
        _keyed(statement, scope, by, Post.discussion_id, Enrolment, Post.created_at).group_by("key")
    )


def first_comments_by(scope: Scope, by: By | None) -> Iterable[Any]:
    """written, answered, key; for each commented reflection of the scope"""
    commented = commented_in_class(scope.training_class.id, scope.posts())
    statement = (
        select(commented.c.created_at.label("written"), commented.c.first_comment_at.label("answered"))
        .join(Enrolment, enrolled(scope.training_class.id, commented.c.member_id))
        .where(scope.people())
    )
    return db.session.execute(
        _keyed(statement, scope, by, commented.c.discussion_id, Enrolment, commented.c.created_at)
    )


def names_by(scope: Scope, by: By) -> list[tuple[int | str, str]]:
    """Key and name of every possible row of a table by these, in its order."""
    class_id = scope.training_class.id
    if by == "stage":
        return [(stage.value, stage.value) for stage in Stage]
    trainees = trainees_of(class_id).subquery()
    shown = select(trainees.c.unit_id)
    if scope.level is not None:
        shown = select(ancestors_at(scope.level, shown).c.ancestor_id)
    statements: dict[str, Any] = {
        "discussion": select(Discussion.id, Discussion.title)
        .where(Discussion.class_id == class_id)
        .order_by(sa.func.coalesce(Discussion.opens_at, Discussion.created_at), Discussion.id),
        "trainee": select(Member.id, Member.name)
        .join(trainees, trainees.c.member_id == Member.id)
        .order_by(Member.sort_key, Member.id),
        "unit": select(Unit.id, Unit.path).where(Unit.id.in_(shown)).order_by(Unit.sort_key, Unit.id),
        "group": select(Group.id, Group.name).where(Group.class_id == class_id).order_by(Group.position, Group.id),
    }
    return [(key, name) for key, name in db.session.execute(statements[by])]


def units_above_level(scope: Scope) -> list[str]:
    """The paths of those that trainees are enrolled at directly, above the level of the table."""
    trainee = trainees_in(scope)
    directly = select(trainee.unit_id).where(trainee.unit_id.in_(units_above(scope.level or 0)))
    return list(db.session.scalars(select(Unit.path).where(Unit.id.in_(directly)).order_by(Unit.sort_key, Unit.id)))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a class's figures can be narrowed to: discussions, units with all above them, groups, in order."""

    discussions: list[Discussion]
    units: list[Unit]
    groups: list[Group]

    @property
    def levels(self) -> range:
        """The depths of the tree that rows by unit can be rolled up to; none where all stand at one depth."""
        deepest = max((unit.depth for unit in self.units), default=0)
        return range(deepest + 1 if deepest else 0)


def choices_of(training_class: TrainingClass) -> Choices:
    enrolled_at = with_ancestors(select(trainees_of(training_class.id).subquery().c.unit_id))
    discussions = select(Discussion).where(Discussion.class_id == training_class.id)
    opening = sa.func.coalesce(Discussion.opens_at, Discussion.created_at)
    return Choices(
        list(db.session.scalars(discussions.order_by(opening, Discussion.id))),
        list(db.session.scalars(select(Unit).where(Unit.id.in_(enrolled_at)).order_by(Unit.sort_key, Unit.id))),
        groups_of(training_class),
    )


def count_discussions(scope: Scope) -> int:
    return db.session.scalar(select(sa.func.count()).select_from(Discussion).where(scope.discussions())) or 0

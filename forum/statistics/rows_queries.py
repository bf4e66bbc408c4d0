"""The rows behind each figure of a scope: as many as the figure says, a page at a time by key.

Each builder gives a statement and its key columns, by which it is ordered and gone through; `after` is the key of the
last row seen, its numbers joined by "-".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.classes.models import Enrolment, Group
from forum.db import db
from forum.discussions.counting import commented_in_class, is_counted, is_counted_comment
from forum.discussions.models import Discussion, Post
from forum.members.models import Member
from forum.statistics.queries import audience_of, enrolled, spoken_in, trainees_in
from forum.statistics.scope import Scope
from forum.units.models import Unit

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Behind:
    """`key` are the columns that order the rows; `numbers` those of them that an address carries, the others being
    looked up from them (`at`)."""

    statement: Any
    key: tuple[Any, ...]
    numbers: tuple[Any, ...]
    at: Callable[..., tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class RowsPage:
    rows: list[Any]
    count: int
    next: str | None


def rows_behind(figure: str, scope: Scope, after: tuple[int, ...] = ()) -> RowsPage:
    """The first ones after the key; all of them are counted."""
    behind = _behind(figure, scope)
    statement = behind.statement.order_by(*behind.key).limit(AT_ONCE + 1)
    if len(after) == len(behind.numbers):
        statement = statement.where(sa.tuple_(*behind.key) > sa.tuple_(*behind.at(*after)))
    rows = db.session.execute(statement).all()
    onward = None
    if len(rows) > AT_ONCE:
        onward = "-".join(str(getattr(rows[AT_ONCE - 1], number.key)) for number in behind.numbers)
    return RowsPage(list(rows[:AT_ONCE]), _count(behind), onward)


def count_behind(figure: str, scope: Scope) -> int:
    return _count(_behind(figure, scope))


def _behind(figure: str, scope: Scope) -> Behind:
    return _BUILDERS[KINDS[figure]](figure, scope)


def _count(behind: Behind) -> int:
    return db.session.scalar(select(sa.func.count()).select_from(behind.statement.subquery())) or 0


def _written(scope: Scope) -> Any:
    """A post with what a line about it shows."""
    columns = (
        Post.id, Post.discussion_id, Discussion.title, Post.number, Post.html, Post.characters, Post.created_at,
        Post.late, Post.author_id, Member.name, Unit.path.label("unit"),
    )  # fmt: skip
    return (
        select(*columns)
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(Member, Member.id == Post.author_id)
        .join(Enrolment, enrolled(scope.training_class.id, Post.author_id))
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
    )


def _by_id(statement: Any, column: Any) -> Behind:
    return Behind(statement, (column,), (column,), lambda number: (number,))


def _posts(figure: str, scope: Scope) -> Behind:
    chosen = {"reflections": Post.root_id.is_(None), "replies": Post.root_id.is_not(None)}.get(figure, sa.true())
    return _by_id(_written(scope).where(is_counted(), scope.posts(), scope.people(), chosen), Post.id)


def _comments(_figure: str, scope: Scope) -> Behind:
    statement = _written(scope).where(is_counted_comment(), scope.posts())
    if scope.narrows_people:
        root, its_author = aliased(Post), aliased(Enrolment)
        statement = (
            statement.join(root, sa.and_(root.id == Post.root_id, is_counted(root)))
            .join(its_author, sa.and_(its_author.class_id == root.class_id, its_author.member_id == root.author_id))
            .where(scope.people(its_author))
        )
    return _by_id(statement, Post.id)


def _commented(_figure: str, scope: Scope) -> Behind:
    commented = commented_in_class(scope.training_class.id, scope.posts())
    statement = (
        _written(scope)
        .add_columns(commented.c.first_comment_at.label("answered_at"))
        .join(commented, commented.c.id == Post.id)
        .where(scope.people())
    )
    return _by_id(statement, Post.id)


def _by_sort_key(statement: Any, thing: Any) -> Behind:
    """Of Member or Unit, by pinyin."""

    def at(number: int) -> tuple[Any, ...]:
        here = aliased(thing)
        return select(here.sort_key).where(here.id == number).scalar_subquery(), sa.literal(number)

    return Behind(statement, (thing.sort_key, thing.id), (thing.id,), at)


def _people(figure: str, scope: Scope) -> Behind:
    """Trainees with how much they wrote; participants wrote something, the silent nothing."""
    spoken = spoken_in(scope)
    wrote = (
        select(spoken.c.member_id, sa.func.sum(spoken.c.posts).label("posts")).group_by(spoken.c.member_id).subquery()
    )
    trainee = trainees_in(scope)
    statement = (
        select(Member.id, Member.name, Unit.path.label("unit"), Group.name.label("group"), wrote.c.posts)
        .add_columns(trainee.unit_id)
        .select_from(trainee)
        .join(Member, Member.id == trainee.member_id)
        .outerjoin(wrote, wrote.c.member_id == trainee.member_id)
        .outerjoin(Unit, Unit.id == trainee.unit_id)
        .outerjoin(Group, Group.id == trainee.group_id)
    )
    if (audience := audience_of(scope)) is not None:
        statement = statement.where(trainee.member_id.in_(audience))
    if figure != "trainees":
        statement = statement.where(wrote.c.posts.is_(None) if figure == "silent" else wrote.c.posts.is_not(None))
    return _by_sort_key(statement, Member)


def _person_times(_figure: str, scope: Scope) -> Behind:
    spoken = spoken_in(scope)
    statement = (
        select(
            Member.id, Member.name, Unit.path.label("unit"), Discussion.id.label("discussion_id"), Discussion.title,
            spoken.c.posts,
        )
        .select_from(spoken)
        .join(Enrolment, enrolled(scope.training_class.id, spoken.c.member_id))
        .join(Member, Member.id == spoken.c.member_id)
        .join(Discussion, Discussion.id == spoken.c.discussion_id)
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .where(scope.people())
    )  # fmt: skip
    key = (spoken.c.discussion_id, spoken.c.member_id)
    return Behind(statement.add_columns(spoken.c.member_id), key, key, lambda *numbers: numbers)


def _units(figure: str, scope: Scope) -> Behind:
    """Units of the trainees, with how many there are and how many spoke."""
    people = _people("trainees", scope).statement.subquery()
    counts = sa.func.count().label("trainees"), sa.func.count(people.c.posts).label("participants")
    statement = select(Unit.id, Unit.path, *counts).join(people, people.c.unit_id == Unit.id)
    statement = statement.group_by(Unit.id, Unit.path, Unit.sort_key)
    if figure == "units_covered":
        statement = statement.having(sa.func.count(people.c.posts) > 0)
    return _by_sort_key(statement, Unit)


def _discussions(_figure: str, scope: Scope) -> Behind:
    """Of a whole class or filter all of them; of a row those in which it wrote."""
    spoken = spoken_in(scope)
    wrote = (
        select(
            spoken.c.discussion_id, sa.func.sum(spoken.c.posts).label("posts"), sa.func.count().label("participants")
        )
        .join(Enrolment, enrolled(scope.training_class.id, spoken.c.member_id))
        .where(scope.people())
        .group_by(spoken.c.discussion_id)
        .subquery()
    )
    statement = (
        select(Discussion.id, Discussion.title, wrote.c.posts, wrote.c.participants)
        .join(wrote, wrote.c.discussion_id == Discussion.id, isouter=scope.row is None)
        .where(scope.discussions())
    )
    return _by_id(statement, Discussion.id)


# What each figure's rows are.
KINDS = {
    "posts": "posts",
    "reflections": "posts",
    "replies": "posts",
    "characters": "posts",
    "comments": "comments",
    "commented": "commented",
    "participants": "people",
    "trainees": "people",
    "silent": "people",
    "person_times": "person_times",
    "units": "units",
    "units_covered": "units",
    "discussions": "discussions",
}
_BUILDERS: dict[str, Callable[[str, Scope], Behind]] = {
    "posts": _posts,
    "comments": _comments,
    "commented": _commented,
    "people": _people,
    "person_times": _person_times,
    "units": _units,
    "discussions": _discussions,
}


def first_comments(reflection_ids: list[int]) -> dict[int, Any]:
    """The earliest comment below each of these reflections: number, name."""
    found: dict[int, Any] = {}
    statement = (
        select(Post.root_id, Post.number, Member.name)
        .join(Member, Member.id == Post.author_id)
        .where(Post.root_id.in_(reflection_ids), is_counted_comment())
        .order_by(Post.created_at, Post.number)
    )
    for row in db.session.execute(statement):
        found.setdefault(row.root_id, row)
    return found

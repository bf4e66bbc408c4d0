"""What a member finds. Every way in goes through what the member may see and, of posts, may read.

Hidden and deleted posts have no words, and are left out once more where their texts are read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased, contains_eager

from forum.classes.models import Enrolment, Group, TrainingClass
from forum.classes.queries import visible_to as class_visible_to
from forum.db import db
from forum.discussions.counting import is_standing
from forum.discussions.indexing import class_word
from forum.discussions.models import Discussion, Post, PostWords
from forum.discussions.queries import is_readable_to, visible_to
from forum.members.models import Member
from forum.search.rows import PostRow
from forum.units.models import Unit
from forum.words import Phrase

ON_A_PAGE = 20
MOST_COUNTED = 100
# The rest is left to the query: with more of them the index is not narrowed down.
MOST_CLASSES = 200
_ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)

_entries = sa.table("post_index", sa.column("rowid"), sa.column("rank"))


class Shape(NamedTuple):
    """What a statement depends on; all else is told when it is asked. Building one costs more than asking it."""

    is_administrator: bool
    in_classes: bool
    phrases: int
    is_postgresql: bool

    @property
    def id(self) -> Any:
        """Of the member: with this a shape can stand for them where statements are built."""
        return sa.bindparam("member_id")

    def of_classes(self, column: Any) -> sa.ColumnElement[bool]:
        return column.in_(sa.bindparam("class_ids", expanding=True)) if self.in_classes else sa.true()


@dataclass(frozen=True, slots=True)
class Wanted:
    """All the phrases, in these classes (None: any), as far as the member may see them."""

    member: Member
    phrases: Sequence[Phrase]
    class_ids: Collection[int] | None

    @property
    def shape(self) -> Any:
        is_postgresql = db.engine.dialect.name == "postgresql"
        return Shape(self.member.is_administrator, self.class_ids is not None, len(self.phrases), is_postgresql)

    def said(self, page: int = 1) -> dict[str, Any]:
        words = {f"phrase_{place}": f"%{_unlike(phrase.text)}%" for place, phrase in enumerate(self.phrases)}
        classes = {} if self.class_ids is None else {"class_ids": list(self.class_ids)}
        return {"member_id": self.member.id, "start": (page - 1) * ON_A_PAGE} | classes | words

    def said_of_posts(self, page: int = 1) -> dict[str, Any]:
        are_few = self.class_ids is not None and len(self.class_ids) <= MOST_CLASSES
        places = [class_word(class_id) for class_id in self.class_ids or ()] if are_few else []
        query = _vector_query if self.shape.is_postgresql else _entry_query
        return self.said(page) | {"words": query(self.phrases), "words_there": query(self.phrases, places)}


def newest_posts(wanted: Wanted, after: int | None) -> tuple[list[PostRow], bool]:
    """Those written before the post with the id `after`, and whether there are more."""
    last = db.session.execute(select(Post.created_at, Post.id).where(Post.id == after)).one_or_none() if after else None
    moment, last_id = last or (_ALWAYS, 0)
    return _page_of_posts(_newest(wanted.shape), wanted.said_of_posts() | {"moment": moment, "last_id": last_id})


def best_posts(wanted: Wanted, page: int) -> tuple[list[PostRow], bool]:
    """Those in which the phrases stand often and near one another, as the database weighs it."""
    return _page_of_posts(_best(wanted.shape), wanted.said_of_posts(page))


def people_found(wanted: Wanted, page: int) -> tuple[list[Enrolment], bool]:
    """Enrolments that are not withdrawn, found as in the list of members: by name, pinyin, position, unit or group."""
    return _page_of(_people(wanted.shape), wanted.said(page))


def discussions_found(wanted: Wanted, page: int) -> tuple[list[Discussion], bool]:
    """By title and prompt, the latest first."""
    return _page_of(_discussions(wanted.shape), wanted.said(page))


def post_ids(wanted: Wanted) -> list[int]:
    return list(db.session.scalars(_hits(wanted.shape), wanted.said_of_posts()))


def counts_of(wanted: Wanted, with_posts: bool) -> dict[str, int | None]:
    """Posts (None where they were not looked for), people and discussions, none further than one more than
    MOST_COUNTED."""
    said = wanted.said_of_posts() if with_posts else wanted.said()
    row = db.session.execute(_counts(wanted.shape, with_posts), said).one()
    return {"posts": row[2] if with_posts else None, "people": row[0], "discussions": row[1]}


# There are only letters and digits in a word, and the sign of a class: nothing of it is an operator.
def _entry_query(phrases: Sequence[Phrase], places: Sequence[str] = ()) -> str:
    """For SQLite's full-text table."""
    wanted = [f'"{" ".join(phrase.words)}"{"*" if phrase.is_prefix else ""}' for phrase in phrases]
    return " AND ".join(wanted + ([f"({' OR '.join(places)})"] if places else []))


def _vector_query(phrases: Sequence[Phrase], places: Sequence[str] = ()) -> str:
    """For PostgreSQL's vectors."""
    wanted = [" <-> ".join(f"'{word}'" for word in phrase.words) + ":*" * phrase.is_prefix for phrase in phrases]
    wanted += [" | ".join(f"'{place}'" for place in places)] if places else []
    return " & ".join(f"({one})" for one in wanted)


def _unlike(text: str) -> str:
    """Without what means more than itself to LIKE."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


@cache
def _hits(shape: Shape) -> Any:
    # A shape has what of a member these two read.
    reader: Any = shape
    readable = select(Discussion.id).where(visible_to(reader), is_readable_to(reader))
    there = readable.where(shape.of_classes(Discussion.class_id))
    words = sa.bindparam("words_there", type_=sa.String())
    hits: Any = select(PostWords.post_id, PostWords.created_at).where(PostWords.discussion_id.in_(there))
    if shape.is_postgresql:
        return hits.where(PostWords.words.op("@@")(sa.cast(words, TSQUERY)))
    matches = sa.literal_column("post_index").op("MATCH")(words)
    return hits.join(_entries, _entries.c.rowid == PostWords.words).where(matches)


@cache
def _newest(shape: Shape) -> Any:
    place = sa.tuple_(PostWords.created_at, PostWords.post_id)
    last = sa.tuple_(sa.bindparam("moment", type_=PostWords.created_at.type), sa.bindparam("last_id"))
    return _posts(_hits(shape).where(place < last), ("created_at", "post_id"))


@cache
def _best(shape: Shape) -> Any:
    weight: Any = -_entries.c.rank
    if shape.is_postgresql:
        weight = sa.func.ts_rank(PostWords.words, sa.cast(sa.bindparam("words", type_=sa.String()), TSQUERY))
    return _posts(_hits(shape).add_columns(weight.label("weight")), ("weight", "created_at", "post_id"))


def _posts(hits: Any, order: tuple[str, ...]) -> Any:
    some = _limited(hits.order_by(*(sa.desc(name) for name in order))).subquery()
    return (
        select(
            Post.id, Post.discussion_id, Post.number, Member.name, Post.role, Post.created_at, Post.html,
            Discussion.title, TrainingClass.title, TrainingClass.timezone,
        )
        .join(some, some.c.post_id == Post.id)
        .join(Member, Member.id == Post.author_id)
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(TrainingClass, TrainingClass.id == Discussion.class_id)
        .where(is_standing())
        .order_by(*(some.c[name].desc() for name in order))
    )  # fmt: skip


@cache
def _people(shape: Shape) -> Any:
    reader: Any = shape
    person = aliased(Enrolment)
    spoken = sa.func.replace(Member.sort_key, " ", "")
    return (
        select(person)
        .join(person.member)
        .join(person.training_class)
        .outerjoin(person.unit)
        .outerjoin(person.group)
        .options(*(contains_eager(one) for one in (person.member, person.training_class, person.unit, person.group)))
        .where(person.withdrawn_at.is_(None), class_visible_to(reader), shape.of_classes(person.class_id))
        .where(*_hold(shape, Member.name, spoken, Member.position, Unit.path, Group.name))
        .order_by(Member.sort_key, Member.id, TrainingClass.starts_on.desc(), TrainingClass.id)
    )


@cache
def _discussions(shape: Shape) -> Any:
    reader: Any = shape
    return (
        select(Discussion)
        .join(Discussion.training_class)
        .options(contains_eager(Discussion.training_class))
        .where(visible_to(reader), shape.of_classes(Discussion.class_id))
        .where(*_hold(shape, Discussion.title, Discussion.prompt))
        .order_by(sa.func.coalesce(Discussion.opens_at, Discussion.created_at).desc(), Discussion.id.desc())
    )


def _hold(shape: Shape, *columns: Any) -> list[sa.ColumnElement[bool]]:
    """Each phrase stands in one of them."""
    patterns = [sa.bindparam(f"phrase_{place}", type_=sa.String()) for place in range(shape.phrases)]
    return [sa.or_(*(column.ilike(pattern, escape="/") for column in columns)) for pattern in patterns]


@cache
def _counts(shape: Shape, with_posts: bool) -> Any:
    """In one statement."""
    everything = [_people(shape), _discussions(shape)] + ([_hits(shape)] if with_posts else [])
    ones = (found.with_only_columns(sa.literal(1), maintain_column_froms=True).order_by(None) for found in everything)
    some = [one.limit(MOST_COUNTED + 1).subquery() for one in ones]
    return select(*(select(sa.func.count()).select_from(one).scalar_subquery() for one in some))


def _limited(found: Any) -> Any:
    return found.offset(sa.bindparam("start", type_=sa.Integer())).limit(ON_A_PAGE + 1)


@cache
def _page(of: Any) -> Any:
    return _limited(of)


def _page_of_posts(statement: Any, said: dict[str, Any]) -> tuple[list[PostRow], bool]:
    rows = db.session.execute(statement, said).all()
    return [PostRow(*row) for row in rows[:ON_A_PAGE]], len(rows) > ON_A_PAGE


def _page_of(statement: Any, said: dict[str, Any]) -> tuple[list[Any], bool]:
    rows = list(db.session.scalars(_page(statement), said))
    return rows[:ON_A_PAGE], len(rows) > ON_A_PAGE


def posts_without_words(after: int, limit: int) -> list[Any]:
    """Standing ones with ids beyond `after`, held, so that nobody edits them meanwhile: what the index is made of."""
    return list(
        db.session.execute(
            select(Post.id, Post.class_id, Post.discussion_id, Post.created_at, Post.html)
            .where(Post.id > after, is_standing(), ~sa.exists().where(PostWords.post_id == Post.id))
            .order_by(Post.id)
            .limit(limit)
            .with_for_update(key_share=True)
        )
    )


def count_standing() -> int:
    return db.session.scalar(select(sa.func.count()).where(is_standing())) or 0


def misindexed() -> list[Any]:
    """By discussion: how many standing posts have no words, and how many others still have some."""
    is_lacking = sa.and_(is_standing(), PostWords.post_id.is_(None))
    is_left = sa.and_(~is_standing(), PostWords.post_id.is_not(None))
    lacking, left = (sa.func.count().filter(chosen) for chosen in (is_lacking, is_left))
    return list(
        db.session.execute(
            select(Post.discussion_id, lacking.label("lacking"), left.label("left"))
            .outerjoin(PostWords, PostWords.post_id == Post.id)
            .where(sa.or_(is_lacking, is_left))
            .group_by(Post.discussion_id)
            .order_by(Post.discussion_id)
        )
    )

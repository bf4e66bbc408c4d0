"""What a member finds. Every way in goes through what the member may see and, of posts, may read.

Hidden and deleted posts have no words, and are left out once more where their texts are read.
"""

from collections.abc import Collection, Sequence
from typing import Any

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

_entries = sa.table("post_index", sa.column("rowid"), sa.column("rank"))


def post_hits(member: Member, phrases: Sequence[Phrase], class_ids: Collection[int] | None) -> sa.Select[Any]:
    """The posts that hold all the phrases, in these classes (None: any), as far as the member may read them."""
    readable = select(Discussion.id).where(visible_to(member), is_readable_to(member))
    if class_ids is not None:
        readable = readable.where(Discussion.class_id.in_(class_ids))
    are_few = class_ids is not None and len(class_ids) <= MOST_CLASSES
    places = [class_word(class_id) for class_id in class_ids or ()] if are_few else []
    hits: Any = select(PostWords.post_id, PostWords.created_at).where(PostWords.discussion_id.in_(readable))
    if _is_postgresql():
        return hits.where(PostWords.words.op("@@")(_vector_query(phrases, places)))
    matches = sa.literal_column("post_index").op("MATCH")(_entry_query(phrases, places))
    return hits.join(_entries, _entries.c.rowid == PostWords.words).where(matches)


def newest_posts(hits: sa.Select[Any], after: int | None) -> tuple[list[PostRow], bool]:
    """Those written before the post with the id `after`, and whether there are more."""
    if after:
        last = select(Post.created_at, Post.id).where(Post.id == after).scalar_subquery()
        hits = hits.where(sa.tuple_(PostWords.created_at, PostWords.post_id) < last)
    return _posts(hits, 1, ("created_at", "post_id"))


def best_posts(hits: sa.Select[Any], phrases: Sequence[Phrase], page: int) -> tuple[list[PostRow], bool]:
    """Those in which the phrases stand often and near one another, as the database weighs it."""
    weight = sa.func.ts_rank(PostWords.words, _vector_query(phrases)) if _is_postgresql() else -_entries.c.rank
    return _posts(hits.add_columns(weight.label("weight")), page, ("weight", "created_at", "post_id"))


def count_found(found: sa.Select[Any]) -> int:
    """No further than one more than MOST_COUNTED."""
    ones = found.with_only_columns(sa.literal(1), maintain_column_froms=True).order_by(None)
    some = ones.limit(MOST_COUNTED + 1).subquery()
    return db.session.scalar(select(sa.func.count()).select_from(some)) or 0


def _is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


# There are only letters and digits in a word, and the sign of a class: nothing of it is an operator.
def _entry_query(phrases: Sequence[Phrase], places: Sequence[str]) -> str:
    """For SQLite's full-text table."""
    wanted = [f'"{" ".join(phrase.words)}"{"*" if phrase.is_prefix else ""}' for phrase in phrases]
    return " AND ".join(wanted + ([f"({' OR '.join(places)})"] if places else []))


def _vector_query(phrases: Sequence[Phrase], places: Sequence[str] = ()) -> Any:
    """For PostgreSQL's vectors."""
    wanted = [" <-> ".join(f"'{word}'" for word in phrase.words) + ":*" * phrase.is_prefix for phrase in phrases]
    wanted += [" | ".join(f"'{place}'" for place in places)] if places else []
    return sa.cast(" & ".join(f"({one})" for one in wanted), TSQUERY)


def _posts(hits: sa.Select[Any], page: int, order: tuple[str, ...]) -> tuple[list[PostRow], bool]:
    ordered = hits.order_by(*(sa.desc(name) for name in order))
    some = ordered.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1).subquery()
    rows: Sequence[Any] = db.session.execute(
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
    ).all()  # fmt: skip
    return [PostRow(*row) for row in rows[:ON_A_PAGE]], len(rows) > ON_A_PAGE


def people_found(member: Member, phrases: Sequence[Phrase], class_ids: Collection[int] | None) -> sa.Select[Any]:
    """Enrolments that are not withdrawn, found as in the list of members: by name, pinyin, position, unit or group."""
    person = aliased(Enrolment)
    spoken = sa.func.replace(Member.sort_key, " ", "")
    return (
        select(person)
        .join(person.member)
        .join(person.training_class)
        .outerjoin(person.unit)
        .outerjoin(person.group)
        .options(*(contains_eager(one) for one in (person.member, person.training_class, person.unit, person.group)))
        .where(person.withdrawn_at.is_(None), class_visible_to(member), _of_classes(person, class_ids))
        .where(*(_holds(phrase, Member.name, spoken, Member.position, Unit.path, Group.name) for phrase in phrases))
        .order_by(Member.sort_key, Member.id, TrainingClass.starts_on.desc(), TrainingClass.id)
    )


def discussions_found(member: Member, phrases: Sequence[Phrase], class_ids: Collection[int] | None) -> sa.Select[Any]:
    """By title and prompt, the latest first."""
    return (
        select(Discussion)
        .join(Discussion.training_class)
        .options(contains_eager(Discussion.training_class))
        .where(visible_to(member), _of_classes(Discussion, class_ids))
        .where(*(_holds(phrase, Discussion.title, Discussion.prompt) for phrase in phrases))
        .order_by(sa.func.coalesce(Discussion.opens_at, Discussion.created_at).desc(), Discussion.id.desc())
    )


def page_of(found: sa.Select[Any], page: int) -> tuple[list[Any], bool]:
    """A page of them, and whether there are more."""
    rows = list(db.session.scalars(found.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)))
    return rows[:ON_A_PAGE], len(rows) > ON_A_PAGE


def _of_classes(model: Any, class_ids: Collection[int] | None) -> sa.ColumnElement[bool]:
    return sa.true() if class_ids is None else model.class_id.in_(class_ids)


def _holds(phrase: Phrase, *columns: Any) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.icontains(phrase.text, autoescape=True) for column in columns))


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

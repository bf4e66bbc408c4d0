"""Which reflections of a discussion a reader wants to see; each filter is a condition on the reflection's row."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from forum.classes.models import Enrolment
from forum.discussions.counting import is_commented, is_counted, is_standing, is_waiting
from forum.discussions.models import Post


class Filter(StrEnum):
    ALL = "all"
    NEW = "new"
    MINE = "mine"
    GROUP = "group"
    COMMENTED = "commented"
    UNCOMMENTED = "uncommented"
    FEATURED = "featured"

    @property
    def is_personal(self) -> bool:
        """What it finds depends on who asks."""
        return self in (Filter.NEW, Filter.MINE, Filter.GROUP)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their group in the class, and up to which number they have read before (None: nothing yet)."""

    member_id: int
    group_id: int | None = None
    read_number: int | None = None

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Those that make sense for this reader."""
        without = {Filter.NEW: self.read_number is None, Filter.GROUP: self.group_id is None}
        return tuple(chosen for chosen in Filter if not without.get(chosen))


# Stands for any reader in a statement that is built once; executed with the fields of one.
ANYBODY: Any = Reader(*(sa.bindparam(field) for field in ("member_id", "group_id", "read_number")))  # type: ignore[arg-type]


def is_new(reader: Reader, post: Any = Post) -> sa.ColumnElement[bool]:
    """Standing, somebody else's, and after what the reader has read."""
    read = 0 if reader.read_number is None else reader.read_number
    return sa.and_(post.number > read, post.author_id != reader.member_id, is_standing(post))


def chosen_by(kind: Filter, reader: Reader) -> sa.ColumnElement[bool]:
    below, author = aliased(Post), aliased(Enrolment)
    thread = (below.discussion_id == Post.discussion_id, below.root_id == Post.id)

    def anywhere(condition: Any) -> sa.ColumnElement[bool]:
        return sa.or_(condition(Post), sa.exists().where(*thread, condition(below)))

    match kind:
        case Filter.NEW:
            return anywhere(lambda post: is_new(reader, post))
        case Filter.MINE:
            return anywhere(lambda post: sa.and_(post.author_id == reader.member_id, post.deleted_at.is_(None)))
        case Filter.GROUP:
            return sa.exists().where(
                author.class_id == Post.class_id,
                author.member_id == Post.author_id,
                author.group_id == reader.group_id,
            )
        case Filter.COMMENTED:
            return sa.and_(is_counted(), is_commented())
        case Filter.UNCOMMENTED:
            return is_waiting()
        case Filter.FEATURED:
            return anywhere(lambda post: sa.and_(post.featured_at.is_not(None), is_standing(post)))
    return sa.true()

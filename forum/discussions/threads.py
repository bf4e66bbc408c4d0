"""The posts of a discussion as its pages show them: reflections by key, under each its first replies, all comments."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.attachments.queries import files_of_posts
from forum.classes.models import Enrolment
from forum.db import db
from forum.discussions.counting import is_counted_comment, is_standing
from forum.discussions.filters import ANYBODY, Filter, Reader, chosen_by, is_new
from forum.discussions.models import Post
from forum.discussions.rows import News, PostRow, ReplyPage, Thread, ThreadPage
from forum.members.models import Member
from forum.units.models import Unit

PAGE = 20
REPLIES_SHOWN = 3
REPLIES_PAGE = 100

_parent = aliased(Post)
_root = aliased(Post)
_parent_author = aliased(Member)
_post_columns: tuple[Any, ...] = (
    Post.id,
    Post.number,
    Post.revision,
    Post.root_id,
    _root.number.label("root_number"),
    _parent.number.label("parent_number"),
    _parent_author.name.label("parent_name"),
    Post.depth,
    Post.author_id,
    Member.name,
    Member.position,
    sa.func.coalesce(Unit.path, "").label("unit_path"),
    Post.role,
    sa.case((is_standing(), Post.html), else_="").label("html"),
    Post.created_at,
    Post.edited_at.is_not(None).label("edited"),
    Post.late,
    Post.featured_at.is_not(None).label("featured"),
    Post.hidden_at.is_not(None).label("hidden"),
    Post.deleted_at.is_not(None).label("deleted"),
    Post.likes,
    sa.case((is_standing(), Post.file_count), else_=0).label("file_count"),
)


def _post_rows(*extra: Any) -> sa.Select[Any]:
    return (
        select(*_post_columns, *extra)
        .join(Member, Member.id == Post.author_id)
        .join(Enrolment, sa.and_(Enrolment.class_id == Post.class_id, Enrolment.member_id == Post.author_id))
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .outerjoin(_root, _root.id == Post.root_id)
        .outerjoin(_parent, _parent.id == Post.parent_id)
        .outerjoin(_parent_author, _parent_author.id == _parent.author_id)
    )


def _rows(statement: sa.Select[Any], named: dict[str, Any] | None = None) -> list[PostRow]:
    return _with_files([PostRow(*row[: len(_post_columns)]) for row in db.session.execute(statement, named)])


def _with_files(rows: list[PostRow]) -> list[PostRow]:
    """Asked for in one statement, where there are any."""
    having = [row.id for row in rows if row.file_count]
    files = files_of_posts(having) if having else {}
    return [replace(row, files=files[row.id]) if row.id in files else row for row in rows]


def newest_posts(discussion_id: int, limit: int) -> list[PostRow]:
    """Reflections and comments that stand, the newest first."""
    chosen = sa.and_(is_standing(), sa.or_(Post.root_id.is_(None), is_counted_comment()))
    found = _post_rows().where(Post.discussion_id == discussion_id, chosen)
    return _rows(found.order_by(Post.number.desc()).limit(limit))


def post_row(discussion_id: int, number: int) -> PostRow | None:
    rows = _rows(_one_post(), {"of_discussion": discussion_id, "of_number": number})
    return rows[0] if rows else None


@cache
def _one_post() -> Any:
    of_discussion = Post.discussion_id == sa.bindparam("of_discussion")
    return _post_rows().where(of_discussion, Post.number == sa.bindparam("of_number"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list a page starts: `after` a number, `before` one, around post `show`, or at the beginning."""

    after: int | None = None
    before: int | None = None
    show: int | None = None


def _reflections_of(discussion_id: Any) -> Any:
    return sa.and_(Post.discussion_id == discussion_id, Post.root_id.is_(None), Post.deleted_at.is_(None))


@cache
def _filter_counts(filters: tuple[Filter, ...]) -> Any:
    """Built once: building it anew costs more than asking it."""
    sums = [sa.func.coalesce(sa.func.sum(sa.case((chosen_by(kind, ANYBODY), 1), else_=0)), 0) for kind in filters]
    return select(*sums).where(_reflections_of(sa.bindparam("discussion_id")))


def filter_counts(discussion_id: int, reader: Reader) -> dict[Filter, int]:
    """How many reflections each of the reader's filters shows."""
    values = {"discussion_id": discussion_id, **asdict(reader)}
    row = db.session.execute(_filter_counts(reader.filters), values).one()
    return dict(zip(reader.filters, row, strict=True))


@cache
def _news() -> Any:
    new = sa.and_(Post.discussion_id == sa.bindparam("discussion_id"), is_new(ANYBODY))
    return select(sa.func.count(), sa.func.min(Post.number)).where(new)


def news(discussion_id: int, reader: Reader) -> News:
    """The posts that are new to the reader: how many, and the number of the first."""
    return News(*db.session.execute(_news(), {"discussion_id": discussion_id, **asdict(reader)}).one())


def page_of_threads(
    discussion_id: int, place: Place = Place(), chosen: Filter = Filter.ALL, reader: Reader | None = None
) -> ThreadPage:
    """Up to PAGE reflections by number, of those that the filter finds for the reader; the post of `place.show` is
    never folded away, nor is what is new where that is asked for. The replies come in one further statement."""
    after, before, show = place.after, place.before, place.show
    reflections = _post_rows().where(_reflections_of(discussion_id))
    if reader is not None and chosen is not Filter.ALL:
        reflections = reflections.where(chosen_by(chosen, reader))
    root = None
    if show is not None:
        # The reflection that `show` stands under; the page starts there, or earlier if it would not be full.
        root = db.session.scalar(
            select(sa.func.coalesce(_parent.number, Post.number))
            .select_from(Post)
            .outerjoin(_parent, _parent.id == Post.root_id)
            .where(Post.discussion_id == discussion_id, Post.number == show)
        )
        after, before = (root - 1, None) if root else (None, None)
    if before is not None:
        rows = _rows(reflections.where(Post.number < before).order_by(Post.number.desc()).limit(PAGE + 1))
        more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        earlier = rows[0].number if more and rows else None
        later = rows[-1].number if rows else None
    else:
        after = after or 0
        rows = _rows(reflections.where(Post.number > after).order_by(Post.number).limit(PAGE + 1))
        later = rows[PAGE - 1].number if len(rows) > PAGE else None
        rows = rows[:PAGE]
        earlier = rows[0].number if rows and after else None
        if root is not None and len(rows) < PAGE:
            room = PAGE - len(rows)
            fill = _rows(reflections.where(Post.number < root).order_by(Post.number.desc()).limit(room + 1))
            rows = fill[:room][::-1] + rows
            earlier = rows[0].number if len(fill) > room else None
    unfolded = Post.number == show if show is not None else sa.false()
    if reader is not None and chosen is Filter.NEW:
        unfolded = is_new(reader)
    replies = _replies_of([discussion_id], [row.id for row in rows], unfolded)
    return ThreadPage([Thread(row, *replies.get(row.id, ([], 0))) for row in rows], earlier, later)


def threads_of(discussion_ids: Collection[int], reflections: Collection[int]) -> dict[int, Thread]:
    """By reflection, from any of these discussions, in two statements."""
    rows = _rows(_post_rows().where(Post.id.in_(reflections))) if reflections else []
    replies = _replies_of(discussion_ids, reflections, sa.false())
    return {row.id: Thread(row, *replies.get(row.id, ([], 0))) for row in rows}


def _replies_of(
    discussion_ids: Collection[int], reflections: Collection[int], unfolded: sa.ColumnElement[bool]
) -> dict[int, tuple[list[PostRow], int]]:
    """By reflection: its first replies, all comments and what is `unfolded`, by number, and how many more there are."""
    if not reflections:
        return {}
    comment = is_counted_comment()
    # The index begins with the discussion.
    within = sa.and_(Post.discussion_id.in_(discussion_ids), Post.root_id.in_(reflections), Post.deleted_at.is_(None))
    ranked = (
        select(
            Post.id,
            sa.func.row_number().over(partition_by=(Post.root_id, comment), order_by=Post.number).label("rank"),
            sa.func.count().over(partition_by=Post.root_id).label("total"),
            comment.label("comment"),
        )
        .where(within)
        .subquery()
    )
    shown = sa.or_(ranked.c.rank <= REPLIES_SHOWN, ranked.c.comment, unfolded)
    statement = (
        _post_rows(ranked.c.total).join(ranked, ranked.c.id == Post.id).where(shown).order_by(Post.root_id, Post.number)
    )
    found: dict[int, tuple[list[PostRow], int]] = {}
    ranks = db.session.execute(statement).all()
    totals = {row.id: row.total for row in ranks}
    for row in _with_files([PostRow(*columns) for *columns, _total in ranks]):
        total = totals[row.id]
        assert row.root_id is not None
        rows = found.setdefault(row.root_id, ([], 0))[0]
        rows.append(row)
        found[row.root_id] = (rows, total - len(rows))
    return found


def page_of_replies(discussion_id: int, root_id: int, after: int = 0) -> ReplyPage:
    rows = _rows(
        _post_rows()
        .where(
            Post.discussion_id == discussion_id, Post.root_id == root_id, Post.number > after, Post.deleted_at.is_(None)
        )
        .order_by(Post.number)
        .limit(REPLIES_PAGE + 1)
    )
    return ReplyPage(rows[:REPLIES_PAGE], rows[REPLIES_PAGE - 1].number if len(rows) > REPLIES_PAGE else None)


def posts_since(discussion_id: int, revision: int, limit: int) -> list[PostRow]:
    """What is new or changed since a revision of the discussion, oldest revision first."""
    return _rows(
        _post_rows()
        .where(Post.discussion_id == discussion_id, Post.revision > revision)
        .order_by(Post.revision, Post.number)
        .limit(limit)
    )

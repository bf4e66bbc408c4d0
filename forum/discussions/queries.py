"""What can be seen of discussions: every read goes through visible_to()."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from forum.classes.models import Activity, Enrolment, Role, TrainingClass
from forum.db import db
from forum.discussions.counting import is_counted_comment, is_standing
from forum.discussions.models import Audience, Discussion, Post, audience_groups
from forum.discussions.rows import PostRow, ReplyPage, Thread, ThreadPage
from forum.members.models import Member
from forum.units.models import Unit

PAGE = 20
REPLIES_SHOWN = 3
REPLIES_PAGE = 100


def visible_to(member: Member) -> sa.ColumnElement[bool]:
    """Discussions of the member's classes; a trainee sees those for the class or for their own group."""
    return _visible_to(member.id, member.is_administrator)


def _visible_to(member_id: Any, is_administrator: bool) -> sa.ColumnElement[bool]:
    if is_administrator:
        return sa.true()
    in_audience = sa.or_(
        Discussion.audience == Audience.CLASS,
        Enrolment.role != Role.TRAINEE,
        Enrolment.organises,
        sa.exists().where(
            audience_groups.c.discussion_id == Discussion.id, audience_groups.c.group_id == Enrolment.group_id
        ),
    )
    return sa.exists().where(
        Enrolment.class_id == Discussion.class_id,
        Enrolment.member_id == member_id,
        Enrolment.withdrawn_at.is_(None),
        in_audience,
    )


@cache
def _visible_discussion(is_administrator: bool) -> Any:
    """Built once: building it anew cost more than asking it (0.8 of a page's 6 ms)."""
    member_id: Any = sa.bindparam("member_id")
    own = aliased(Enrolment)
    return (
        select(Discussion, own)
        .join(Discussion.training_class)
        .outerjoin(own, sa.and_(own.class_id == Discussion.class_id, own.member_id == member_id))
        .options(contains_eager(Discussion.training_class))
        .where(Discussion.id == sa.bindparam("discussion_id"), _visible_to(member_id, is_administrator))
    )


def get_discussion(member: Member, discussion_id: int) -> Discussion | None:
    """The discussion with its class, if the member may see it; with the member's own enrolment, for the policy."""
    named = {"discussion_id": discussion_id, "member_id": member.id}
    found = db.session.execute(_visible_discussion(member.is_administrator), named).one_or_none()
    if found is None:
        return None
    discussion, enrolment = found
    member.enrolments_seen[discussion.class_id] = enrolment
    return discussion


def discussions_of(member: Member, training_class: TrainingClass) -> list[Discussion]:
    """In the order in which they open."""
    return list(
        db.session.scalars(
            select(Discussion)
            .outerjoin(Discussion.activity)
            .options(contains_eager(Discussion.activity))
            .where(Discussion.class_id == training_class.id, visible_to(member))
            .order_by(sa.func.coalesce(Discussion.opens_at, Activity.starts_at, Discussion.created_at), Discussion.id)
        )
    )


def discussions_not_closed(member: Member, now: datetime) -> list[Discussion]:
    """Open or upcoming, in all the member's classes; the next to close first."""
    return list(
        db.session.scalars(
            select(Discussion)
            .join(Discussion.training_class)
            .outerjoin(Discussion.activity)
            .options(contains_eager(Discussion.training_class), contains_eager(Discussion.activity))
            .where(
                visible_to(member),
                TrainingClass.archived_at.is_(None),
                sa.or_(Discussion.closes_at.is_(None), Discussion.closes_at > now),
            )
            .order_by(Discussion.closes_at.is_(None), Discussion.closes_at, Discussion.id)
            .limit(100)
        )
    )


def lock_discussion(discussion_id: int) -> Discussion:
    """The discussion's row, held until the transaction ends: whoever changes its posts takes turns here.
    (PostgreSQL locks the row; on SQLite a writing transaction has the database to itself from its start.)"""
    return db.session.execute(
        select(Discussion)
        .where(Discussion.id == discussion_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def get_post(discussion: Discussion, number: int) -> Post | None:
    """The post as it stands now, also if this session knew it before."""
    return db.session.scalar(
        select(Post)
        .where(Post.discussion_id == discussion.id, Post.number == number)
        .execution_options(populate_existing=True)
    )


def post_by_token(author: Member, token: str) -> Post | None:
    return db.session.scalar(select(Post).where(Post.author_id == author.id, Post.token == token))


def has_spoken(member: Member, discussion: Discussion) -> bool:
    """Whether the member has a post that stands in the discussion (what *post first* asks for)."""
    return bool(
        db.session.scalar(
            select(
                sa.exists().where(
                    Post.discussion_id == discussion.id,
                    Post.author_id == member.id,
                    is_standing(),
                )
            )
        )
    )


def is_answered(post: Post) -> bool:
    return bool(db.session.scalar(select(sa.exists().where(Post.parent_id == post.id, Post.deleted_at.is_(None)))))


_parent = aliased(Post)
_parent_author = aliased(Member)
_post_columns: tuple[Any, ...] = (
    Post.id,
    Post.number,
    Post.root_id,
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
)


def _post_rows(*extra: Any) -> sa.Select[Any]:
    return (
        select(*_post_columns, *extra)
        .join(Member, Member.id == Post.author_id)
        .join(Enrolment, sa.and_(Enrolment.class_id == Post.class_id, Enrolment.member_id == Post.author_id))
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .outerjoin(_parent, _parent.id == Post.parent_id)
        .outerjoin(_parent_author, _parent_author.id == _parent.author_id)
    )


def _rows(statement: sa.Select[Any]) -> list[PostRow]:
    return [PostRow(*row[: len(_post_columns)]) for row in db.session.execute(statement)]


def post_row(discussion_id: int, number: int) -> PostRow | None:
    rows = _rows(_post_rows().where(Post.discussion_id == discussion_id, Post.number == number))
    return rows[0] if rows else None


def page_of_threads(
    discussion_id: int, after: int | None = None, before: int | None = None, show: int | None = None
) -> ThreadPage:
    """Up to PAGE reflections by number: from the start, `after` a number, `before` one, or those around post `show`,
    which is then never folded away. The replies of all of them come in one further statement."""
    reflections = _post_rows().where(
        Post.discussion_id == discussion_id, Post.root_id.is_(None), Post.deleted_at.is_(None)
    )
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
    replies = _replies_of(discussion_id, [row.id for row in rows], show)
    return ThreadPage([Thread(row, *replies.get(row.id, ([], 0))) for row in rows], earlier, later)


def _replies_of(discussion_id: int, reflections: list[int], show: int | None) -> dict[int, tuple[list[PostRow], int]]:
    """By reflection: its first replies and all comments, in order of number, and how many more there are."""
    if not reflections:
        return {}
    comment = is_counted_comment()
    within = sa.and_(Post.discussion_id == discussion_id, Post.root_id.in_(reflections), Post.deleted_at.is_(None))
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
    shown = sa.or_(ranked.c.rank <= REPLIES_SHOWN, ranked.c.comment)
    if show is not None:
        shown = sa.or_(shown, Post.number == show)
    statement = (
        _post_rows(ranked.c.total).join(ranked, ranked.c.id == Post.id).where(shown).order_by(Post.root_id, Post.number)
    )
    found: dict[int, tuple[list[PostRow], int]] = {}
    for *columns, total in db.session.execute(statement):
        row = PostRow(*columns)
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


def posts_since(discussion_id: int, revision: int, limit: int = 200) -> list[PostRow]:
    """What is new or changed since a revision of the discussion, oldest revision first."""
    return _rows(
        _post_rows()
        .where(Post.discussion_id == discussion_id, Post.revision > revision)
        .order_by(Post.revision, Post.number)
        .limit(limit)
    )

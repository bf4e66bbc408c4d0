"""The one meaning of "counted": visible, and written as a trainee. Everything that counts posts starts here."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.attachments.models import Attachment
from forum.classes.models import Enrolment, Group, Role
from forum.db import built_once, db, insert_into
from forum.discussions.models import Audience, Discussion, Like, Participation, Post, audience_groups


def is_standing(post: Any = Post) -> sa.ColumnElement[bool]:
    """Visible: neither hidden nor deleted."""
    return sa.and_(post.hidden_at.is_(None), post.deleted_at.is_(None))


def is_counted(post: Any = Post) -> sa.ColumnElement[bool]:
    return sa.and_(post.role == Role.TRAINEE, is_standing(post))


def is_counted_comment(post: Any = Post) -> sa.ColumnElement[bool]:
    # Written out: an index of the comments alone serves only who says in so many words that it wants them.
    return sa.and_(post.role == sa.literal_column(f"'{Role.INSTRUCTOR.value}'"), is_standing(post))


def is_commented(post: Any = Post) -> sa.ColumnElement[bool]:
    """Of a reflection: a comment stands anywhere below it."""
    comment = aliased(Post)
    return sa.exists().where(
        comment.discussion_id == post.discussion_id, comment.root_id == post.id, is_counted_comment(comment)
    )


def is_waiting(post: Any = Post) -> sa.ColumnElement[bool]:
    """For a comment: a counted reflection without one."""
    return sa.and_(post.root_id.is_(None), is_counted(post), ~is_commented(post))


def counted_posts() -> sa.Select[Post]:
    return select(Post).where(is_counted())


def first_and_last_post(class_id: int) -> tuple[datetime, datetime] | None:
    """When they were written, counted or not."""
    # One by one, each is the end of an index; together they are a scan.
    ends = [
        select(end(Post.created_at)).where(Post.class_id == class_id).scalar_subquery()
        for end in (sa.func.min, sa.func.max)
    ]
    found = db.session.execute(select(*ends)).one()
    return (found[0], found[1]) if found[0] else None


def commented_in_class(class_id: int, chosen: sa.ColumnElement[bool]) -> sa.Subquery:
    """As commented_reflections, of a whole class: its comments are read first, being the fewest."""
    comment = aliased(Post)
    firsts = (
        select(comment.root_id, sa.func.min(comment.created_at).label("first_comment_at"))
        .where(comment.class_id == class_id, is_counted_comment(comment), comment.root_id.is_not(None))
        .group_by(comment.discussion_id, comment.root_id)
        .subquery()
    )
    columns = Post.id, Post.discussion_id, Post.author_id.label("member_id"), Post.created_at
    return (
        select(*columns, firsts.c.first_comment_at)
        .join(firsts, firsts.c.root_id == Post.id)
        .where(is_counted(), Post.root_id.is_(None), chosen)
        .subquery()
    )


def commented_reflections(chosen: sa.ColumnElement[bool]) -> sa.Subquery:
    """The counted reflections among the chosen posts with a comment anywhere below them, of any time, and the time of
    the first one."""
    comment = aliased(Post)
    below = sa.and_(comment.discussion_id == Post.discussion_id, comment.root_id == Post.id)
    return (
        select(
            Post.discussion_id,
            Post.author_id.label("member_id"),
            Post.created_at,
            sa.func.min(comment.created_at).label("first_comment_at"),
        )
        .join(comment, sa.and_(below, is_counted_comment(comment)))
        .where(is_counted(), Post.root_id.is_(None), chosen)
        .group_by(Post.id)
        .subquery()
    )


def trainees_of(class_id: Any) -> sa.Select[Enrolment]:
    """Trainee enrolments not withdrawn, and every one with a counted post: leaving or another role alters nothing."""
    spoke = sa.exists().where(Participation.class_id == class_id, Participation.member_id == Enrolment.member_id)
    enrolled = sa.and_(Enrolment.role == Role.TRAINEE, Enrolment.withdrawn_at.is_(None))
    return select(Enrolment).where(Enrolment.class_id == class_id, sa.or_(enrolled, spoke))


def in_audience(enrolment: Any) -> sa.ColumnElement[bool]:
    """Of those, the audience of a discussion; whoever spoke in it belongs to it."""
    chosen = sa.exists().where(
        audience_groups.c.discussion_id == Discussion.id, audience_groups.c.group_id == enrolment.group_id
    )
    spoken = aliased(Participation)
    spoke = sa.exists().where(spoken.discussion_id == Discussion.id, spoken.member_id == enrolment.member_id)
    return sa.or_(Discussion.audience == Audience.CLASS, chosen, spoke)


def count_left_out(discussion: Discussion, groups: Collection[Group]) -> int:
    """Trainees with a post that stands who see the discussion, and would not once it is for these groups."""
    if not groups:
        return 0
    seeing: sa.ColumnElement[bool] = sa.true()
    if discussion.audience is Audience.GROUPS:
        seeing = Enrolment.group_id.in_([group.id for group in discussion.groups])
    chosen = Enrolment.group_id.in_([group.id for group in groups])
    trainee = sa.and_(Enrolment.role == Role.TRAINEE, Enrolment.organises.is_(False), Enrolment.withdrawn_at.is_(None))
    return (
        db.session.scalar(
            select(sa.func.count(Post.author_id.distinct()))
            .join(Enrolment, sa.and_(Enrolment.class_id == Post.class_id, Enrolment.member_id == Post.author_id))
            .where(Post.discussion_id == discussion.id, is_standing(), trainee, seeing)
            .where(sa.or_(Enrolment.group_id.is_(None), sa.not_(chosen)))
        )
        or 0
    )


def _participation_from_posts() -> Any:
    """The columns of Participation, in its order, from the posts."""
    is_reflection = sa.case((Post.root_id.is_(None), 1), else_=0)
    return (
        select(
            Post.discussion_id,
            Post.author_id.label("member_id"),
            Post.class_id,
            sa.func.count().label("posts"),
            sa.func.sum(is_reflection).label("reflections"),
            sa.func.sum(1 - is_reflection).label("replies"),
            sa.func.sum(sa.case((Post.late, 1), else_=0)).label("late"),
            sa.func.sum(Post.characters).label("characters"),
            sa.func.min(Post.created_at).label("first_at"),
            sa.func.max(Post.created_at).label("last_at"),
        )
        .where(is_counted())
        .group_by(Post.discussion_id, Post.author_id, Post.class_id)
    )


_COLUMNS = [
    "discussion_id", "member_id", "class_id", "posts", "reflections", "replies", "late", "characters",
    "first_at", "last_at",
]  # fmt: skip


def recount(member_id: int, discussion_id: int) -> None:
    """One trainee's row of one discussion, whose row the caller holds (`queries.lock_discussion`)."""
    db.session.flush()
    named = {"of_discussion": discussion_id, "of_member": member_id}
    recounted: Any = db.session.execute(_recounting_one(), named)
    if not recounted.rowcount:
        db.session.execute(_uncounting_one(), named)


@built_once
def _recounting_one() -> Any:
    """Writes no row where no post is counted any more."""
    of_both = Post.discussion_id == sa.bindparam("of_discussion"), Post.author_id == sa.bindparam("of_member")
    counted = _participation_from_posts().where(*of_both)
    row = insert_into(Participation).from_select(_COLUMNS, counted)
    anew = {name: row.excluded[name] for name in _COLUMNS if name not in ("discussion_id", "member_id")}
    return row.on_conflict_do_update(index_elements=["discussion_id", "member_id"], set_=anew).execution_options(
        preserve_rowcount=True
    )


@cache
def _uncounting_one() -> Any:
    table: Any = Participation.__table__
    of_discussion = table.c.discussion_id == sa.bindparam("of_discussion")
    return sa.delete(table).where(of_discussion, table.c.member_id == sa.bindparam("of_member"))


def recount_likes(post: Post) -> None:
    """Of a post whose discussion's row the caller holds."""
    db.session.flush()
    post.likes = db.session.scalar(select(sa.func.count()).where(Like.post_id == post.id)) or 0


def recount_files(post: Post) -> None:
    """Of a post whose discussion's row the caller holds."""
    db.session.flush()
    there = sa.and_(Attachment.post_id == post.id, Attachment.removed_at.is_(None))
    post.file_count = db.session.scalar(select(sa.func.count()).where(there)) or 0


def recount_discussions(discussion_ids: Collection[int]) -> None:
    """All rows of some discussions, whose rows the caller holds."""
    db.session.flush()
    # On the table itself: no row of it is kept in the session.
    table: Any = Participation.__table__
    db.session.execute(sa.delete(table).where(table.c.discussion_id.in_(discussion_ids)))
    counted = _participation_from_posts().where(Post.discussion_id.in_(discussion_ids))
    db.session.execute(sa.insert(table).from_select(_COLUMNS, counted))

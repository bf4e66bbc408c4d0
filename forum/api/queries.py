"""Tokens that work, classes by key, and the posts of a discussion as programs read them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from forum.api.models import ApiToken
from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.queries import visible_to
from forum.db import db
from forum.discussions.models import Post
from forum.members.models import Member
from forum.units.models import Unit


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _works() -> sa.ColumnElement[bool]:
    of_then = ApiToken.session_stamp == Member.session_stamp
    return sa.and_(ApiToken.revoked_at.is_(None), of_then, Member.closed_at.is_(None))


def working_token(secret: str) -> ApiToken | None:
    """With its member and the member's unit."""
    return db.session.scalar(
        select(ApiToken)
        .join(ApiToken.member)
        .outerjoin(Member.unit)
        .options(contains_eager(ApiToken.member).contains_eager(Member.unit))
        .where(ApiToken.digest == digest_of(secret), _works())
    )


def tokens_of(member: Member) -> list[ApiToken]:
    """Those that work, the newest first."""
    return list(
        db.session.scalars(
            select(ApiToken)
            .join(ApiToken.member)
            .where(ApiToken.member_id == member.id, _works())
            .order_by(ApiToken.id.desc())
        )
    )


def get_token(member: Member, token_id: int) -> ApiToken | None:
    """One's own, working or not."""
    return db.session.scalar(select(ApiToken).where(ApiToken.id == token_id, ApiToken.member_id == member.id))


def page_of_classes(member: Member, last: TrainingClass | None, limit: int) -> list[TrainingClass]:
    """The latest first, archived ones at the end, from after `last`; one more than `limit` where there are more."""
    archived = TrainingClass.archived_at.is_not(None)
    order = (archived, TrainingClass.starts_on.desc(), TrainingClass.id.desc())
    classes = select(TrainingClass).where(visible_to(member)).order_by(*order).limit(limit + 1)
    return list(db.session.scalars(classes if last is None else classes.where(_comes_after(last))))


def _comes_after(last: TrainingClass) -> sa.ColumnElement[bool]:
    earlier = sa.or_(
        TrainingClass.starts_on < last.starts_on,
        sa.and_(TrainingClass.starts_on == last.starts_on, TrainingClass.id < last.id),
    )
    archived = TrainingClass.archived_at.is_not(None)
    return sa.and_(archived, earlier) if last.is_archived else sa.or_(archived, earlier)


@dataclass(frozen=True, slots=True)
class PostRow:
    number: int
    parent: int | None
    depth: int
    author_id: int
    name: str
    role: Role
    unit: str | None
    body: str
    html: str
    created_at: datetime
    edited_at: datetime | None
    late: bool
    featured: bool
    hidden: bool
    deleted: bool


_parent = aliased(Post)
_post_columns: tuple[Any, ...] = (
    Post.number,
    _parent.number,
    Post.depth,
    Post.author_id,
    Member.name,
    Post.role,
    Unit.path,
    Post.body,
    Post.html,
    Post.created_at,
    Post.edited_at,
    Post.late,
    Post.featured_at.is_not(None),
    Post.hidden_at.is_not(None),
    Post.deleted_at.is_not(None),
)


def posts_of(discussion_id: int, after: int, since: int, limit: int) -> list[PostRow]:
    """By number from after `after`, of those new or changed since revision `since`; in one statement. The texts are
    here whatever has become of the post: who may see them is for the caller to ask."""
    rows = db.session.execute(
        select(*_post_columns)
        .select_from(Post)
        .join(Member, Member.id == Post.author_id)
        .join(Enrolment, sa.and_(Enrolment.class_id == Post.class_id, Enrolment.member_id == Post.author_id))
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .outerjoin(_parent, _parent.id == Post.parent_id)
        .where(Post.discussion_id == discussion_id, Post.number > after, Post.revision > since)
        .order_by(Post.number)
        .limit(limit)
    )
    return [PostRow(*row) for row in rows]

"""What can be seen of discussions: every read goes through visible_to()."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, load_only, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from forum.classes.models import Activity, Enrolment, Role, TrainingClass
from forum.db import db, wait_for_turn
from forum.discussions.counting import is_standing
from forum.discussions.models import Audience, Discussion, Draft, Like, Post, PostVersion, ReadMark, audience_groups
from forum.errors import Gone
from forum.members.models import Member


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
        sa.exists()
        .where(audience_groups.c.discussion_id == Discussion.id, audience_groups.c.group_id == Enrolment.group_id)
        .correlate_except(audience_groups),
    )
    # Said out loud: left to itself, a subquery two levels down asks about any discussion, not about this one.
    return (
        sa.exists()
        .where(
            Enrolment.class_id == Discussion.class_id,
            Enrolment.member_id == member_id,
            Enrolment.withdrawn_at.is_(None),
            in_audience,
        )
        .correlate_except(Enrolment)
    )


def is_readable_to(member: Member) -> sa.ColumnElement[bool]:
    """policy.can_read_posts, for many discussions at once."""
    if member.is_administrator:
        return sa.true()
    not_held_to_it = sa.exists().where(
        Enrolment.class_id == Discussion.class_id,
        Enrolment.member_id == member.id,
        sa.or_(Enrolment.role != Role.TRAINEE, Enrolment.organises),
    )
    own = aliased(Post)
    spoken = sa.exists().where(own.discussion_id == Discussion.id, own.author_id == member.id, is_standing(own))
    return sa.or_(Discussion.post_first.is_(False), not_held_to_it, spoken)


@cache
def _visible_discussion(is_administrator: bool) -> Any:
    """Built once: building it anew cost more than asking it (0.8 of a page's 6 ms)."""
    member_id: Any = sa.bindparam("member_id")
    own = aliased(Enrolment)
    return (
        select(Discussion, own, ReadMark.number)
        .join(Discussion.training_class)
        .outerjoin(own, sa.and_(own.class_id == Discussion.class_id, own.member_id == member_id))
        .outerjoin(ReadMark, sa.and_(ReadMark.discussion_id == Discussion.id, ReadMark.member_id == member_id))
        .options(contains_eager(Discussion.training_class))
        .where(Discussion.id == sa.bindparam("discussion_id"), _visible_to(member_id, is_administrator))
    )


def is_seen_beside() -> sa.ColumnElement[bool]:
    """visible_to() the member that is asked beside."""
    return sa.or_(Member.is_administrator, _visible_to(Member.id, False))


def versions_of_drafts() -> sa.ScalarSelect[Any]:
    """The drafts of the member in the discussion that are asked beside, as "PARENT:VERSION PARENT:VERSION"."""
    version = sa.cast(Draft.parent, sa.String) + ":" + sa.cast(Draft.version, sa.String)
    return (
        select(sa.func.aggregate_strings(version, " "))
        .where(Draft.member_id == Member.id, Draft.discussion_id == Discussion.id)
        .scalar_subquery()
    )


def brought_with(member: Member) -> dict[int, Discussion | None]:
    """Discussions that came with the member, each good for the first question after it."""
    brought: dict[int, Discussion | None] = member.__dict__.setdefault("_brought", {})
    return brought


def get_discussion(member: Member, discussion_id: int) -> Discussion | None:
    """The discussion with its class, if the member may see it; with the member's own enrolment, for the policy."""
    if discussion_id in brought_with(member):
        return brought_with(member).pop(discussion_id)
    named = {"discussion_id": discussion_id, "member_id": member.id}
    found = db.session.execute(_visible_discussion(member.is_administrator), named).one_or_none()
    if found is None:
        return None
    discussion, enrolment, read_number = found
    note(member, discussion, enrolment, read_number)
    return discussion


def note(member: Member, discussion: Discussion, enrolment: Enrolment | None, read_number: int | None) -> None:
    member.enrolments_seen[discussion.class_id] = enrolment
    member.__dict__.setdefault("_read_numbers", {})[discussion.id] = read_number


def read_number(member: Member, discussion: Discussion) -> int | None:
    """Up to which number the member had read the discussion when it was loaded for them; None: nothing yet."""
    number: int | None = member.__dict__["_read_numbers"][discussion.id]
    return number


def draft_versions(member: Member, discussion: Discussion) -> str:
    """The member's drafts there as "PARENT:VERSION PARENT:VERSION" where they came with the discussion, else "?"."""
    versions: str = member.__dict__.get("_drafts", {}).get(discussion.id, "?")
    return versions


def drafts_before(moment: datetime, limit: int) -> Any:
    """The keys of drafts that were kept before it and not again."""
    return select(Draft.member_id, Draft.discussion_id, Draft.parent).where(Draft.kept_at < moment).limit(limit)


def get_draft(member: Member, discussion: Discussion, parent: int) -> Draft | None:
    """As it stands now, also if this session knew it before."""
    identity = (member.id, discussion.id, parent)
    return db.session.get(Draft, identity, populate_existing=True)


def discussions_to_organise(training_class: TrainingClass) -> list[Discussion]:
    """All of the class, in the order in which they open, with activity and groups."""
    return list(
        db.session.scalars(
            select(Discussion)
            .outerjoin(Discussion.activity)
            .options(contains_eager(Discussion.activity), selectinload(Discussion.groups))
            .where(Discussion.class_id == training_class.id)
            .order_by(sa.func.coalesce(Discussion.opens_at, Activity.starts_at, Discussion.created_at), Discussion.id)
        )
    )


def lock_discussion(discussion_id: int) -> Discussion:
    """The discussion's row, held until the transaction ends: whoever changes its posts takes turns here; with its
    class as it is now, which may have been archived meanwhile.
    (PostgreSQL locks the row; on SQLite a writing transaction has the database to itself from its start.)"""
    wait_for_turn(discussion_id)
    held: Discussion | None = db.session.scalar(_held_discussion(), {"discussion_id": discussion_id})
    if held is None:
        raise Gone
    return held


@cache
def _held_discussion() -> Any:
    return (
        select(Discussion)
        .join(Discussion.training_class)
        .options(contains_eager(Discussion.training_class))
        .where(Discussion.id == sa.bindparam("discussion_id"))
        .with_for_update(of=Discussion)
        .execution_options(populate_existing=True)
    )


def get_post(discussion: Discussion, number: int) -> Post | None:
    """The post of the discussion as it stands now, also if this session knew it before."""
    post = db.session.scalar(
        select(Post)
        .where(Post.discussion_id == discussion.id, Post.number == number)
        .execution_options(populate_existing=True)
    )
    if post is not None:
        set_committed_value(post, "discussion", discussion)
    return post


def posts_beside(
    author: Member, token: str | None, discussion: Discussion, number: int | None
) -> tuple[Post | None, Post | None]:
    """What a new post is held against, as it stands now: the post that this token brought before, and the one of this
    number in the discussion."""
    named = {"author": author.id, "token": token, "discussion": discussion.id, "number": number}
    found = db.session.scalars(_posts_beside(), named).all()
    first = next((post for post in found if token and (post.author_id, post.token) == (author.id, token)), None)
    answered = next((post for post in found if (post.discussion_id, post.number) == (discussion.id, number)), None)
    return first, answered


@cache
def _posts_beside() -> Any:
    sent = sa.and_(Post.author_id == sa.bindparam("author"), Post.token == sa.bindparam("token"))
    answered = sa.and_(Post.discussion_id == sa.bindparam("discussion"), Post.number == sa.bindparam("number"))
    # Not the texts: that of the first matters only where a form is sent again.
    needed = load_only(
        *(Post.discussion_id, Post.number, Post.root_id, Post.parent_id, Post.depth, Post.author_id, Post.token),
        *(Post.hidden_at, Post.deleted_at),
    )
    found = select(Post).options(needed).where(sa.or_(sent, answered))
    return found.execution_options(populate_existing=True)


def authors_above(answered: Post) -> set[int]:
    """The ids of who wrote a post, and the reflection it is under: of whoever is told that it is answered."""
    authors = {answered.author_id}
    if answered.root_id is not None:
        authors.add(db.session.scalars(_author_of(), {"post": answered.root_id}).one())
    return authors


@cache
def _author_of() -> Any:
    return select(Post.author_id).where(Post.id == sa.bindparam("post"))


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


def liked_numbers(member: Member, discussion: Discussion) -> list[int]:
    """The posts there that the member likes."""
    likes = select(Post.number).join(Like, Like.post_id == Post.id)
    chosen = sa.and_(Like.member_id == member.id, Post.discussion_id == discussion.id)
    return list(db.session.scalars(likes.where(chosen).order_by(Post.number)))


def is_answered(post: Post) -> bool:
    return bool(db.session.scalar(select(sa.exists().where(Post.parent_id == post.id, Post.deleted_at.is_(None)))))


def versions_of(post: Post) -> list[PostVersion]:
    """Its earlier texts, the latest first."""
    return list(
        db.session.scalars(select(PostVersion).where(PostVersion.post_id == post.id).order_by(PostVersion.id.desc()))
    )


def names_of(member_ids: Collection[int], most: int) -> list[str]:
    """By pinyin, the first so many."""
    return list(
        db.session.scalars(select(Member.name).where(Member.id.in_(member_ids)).order_by(Member.sort_key).limit(most))
    )

"""The posts themselves, plainly, for the check that recounts every figure from them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.attachments.models import Attachment
from forum.attendance.figures import spoke_in_the_room
from forum.classes.models import Enrolment, TrainingClass
from forum.db import db
from forum.discussions.models import Discussion, Like, Participation, Post, audience_groups
from forum.units.models import Unit


def all_classes() -> list[TrainingClass]:
    return list(db.session.scalars(select(TrainingClass).order_by(TrainingClass.id)))


def all_units() -> dict[int, str]:
    """Their paths."""
    return {unit.id: unit.path for unit in db.session.execute(select(Unit.id, Unit.path))}


def discussions_of_class(class_id: int) -> list[Discussion]:
    return list(db.session.scalars(select(Discussion).where(Discussion.class_id == class_id).order_by(Discussion.id)))


def posts_of_class(class_id: int) -> Iterator[Any]:
    """Every post with its parent's place, by discussion and number; streamed, a row at a time."""
    parent = aliased(Post)
    columns = (
        Post.id, Post.discussion_id, Post.number, Post.root_id, Post.parent_id, Post.depth, Post.author_id, Post.role,
        Post.html, Post.characters, Post.likes, Post.file_count, Post.revision, Post.late, Post.created_at,
        Post.hidden_at, Post.deleted_at, Post.erased_at,
        parent.discussion_id.label("parent_discussion_id"), parent.depth.label("parent_depth"),
        parent.root_id.label("parent_root_id"),
    )  # fmt: skip
    return iter(
        db.session.execute(
            select(*columns)
            .outerjoin(parent, parent.id == Post.parent_id)
            .where(Post.class_id == class_id)
            .order_by(Post.discussion_id, Post.number)
            .execution_options(yield_per=2000)
        )
    )


def likes_of_class(class_id: int) -> Counter[int]:
    """By post."""
    return Counter(
        db.session.scalars(select(Like.post_id).join(Post, Post.id == Like.post_id).where(Post.class_id == class_id))
    )


def files_of_class(class_id: int) -> Counter[int]:
    """By post."""
    there = select(Attachment.post_id).join(Post, Post.id == Attachment.post_id).where(Attachment.removed_at.is_(None))
    return Counter(db.session.scalars(there.where(Post.class_id == class_id)))


def enrolments_of_class(class_id: int) -> list[Enrolment]:
    return list(db.session.scalars(select(Enrolment).where(Enrolment.class_id == class_id)))


def participation_of_class(class_id: int) -> dict[tuple[int, int], Participation]:
    rows = db.session.scalars(select(Participation).where(Participation.class_id == class_id))
    return {(row.discussion_id, row.member_id): row for row in rows}


def groups_of_discussions(class_id: int) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    statement = select(audience_groups).join(Discussion, Discussion.id == audience_groups.c.discussion_id)
    for discussion_id, group_id in db.session.execute(statement.where(Discussion.class_id == class_id)):
        found.setdefault(discussion_id, set()).add(group_id)
    return found


def heard_either_way(class_id: int) -> int:
    """Different trainees with a counted post, or who spoke in the room."""
    online = select(Participation.member_id).where(Participation.class_id == class_id)
    heard = sa.union(online, select(spoke_in_the_room(class_id).c.member_id)).subquery()
    return db.session.scalar(select(sa.func.count()).select_from(heard)) or 0


def stray_posts() -> int:
    """Posts whose class is not their discussion's."""
    return (
        db.session.scalar(
            select(sa.func.count())
            .select_from(Post)
            .join(Discussion, Discussion.id == Post.discussion_id)
            .where(Discussion.class_id != Post.class_id)
        )
        or 0
    )

"""The files of posts, of activities, and those that wait for their post."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.attachments.models import Attachment
from forum.db import db

IS_THERE = Attachment.removed_at.is_(None)
IS_WAITING = sa.and_(Attachment.post_id.is_(None), Attachment.activity_id.is_(None), IS_THERE)


def files_of_posts(post_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """By post, in the order in which they were added."""
    found: dict[int, list[Attachment]] = {}
    for file in db.session.scalars(_there().where(Attachment.post_id.in_(post_ids))):
        found.setdefault(file.post_id or 0, []).append(file)
    return found


def file_of_post(post_id: int, file_id: int) -> Attachment | None:
    file: Attachment | None = db.session.scalar(_there().where(Attachment.id == file_id, Attachment.post_id == post_id))
    return file


def file_of_activity(activity_id: int, file_id: int) -> Attachment | None:
    of_it = sa.and_(Attachment.id == file_id, Attachment.activity_id == activity_id)
    file: Attachment | None = db.session.scalar(_there().where(of_it))
    return file


def waiting_files(member_id: int, file_ids: Collection[int]) -> list[Attachment]:
    """Of these, the member's own that have no post yet."""
    if not file_ids:
        return []
    own = sa.and_(Attachment.member_id == member_id, IS_WAITING)
    chosen = select(Attachment).where(Attachment.id.in_(file_ids), own).order_by(Attachment.id)
    return list(db.session.scalars(chosen))


def removed_files(post_id: int) -> list[Attachment]:
    """With who removed each."""
    removed = select(Attachment).where(Attachment.post_id == post_id, Attachment.removed_at.is_not(None))
    return list(db.session.scalars(removed.options(joinedload(Attachment.removed_by)).order_by(Attachment.id)))


def are_those_of(post_id: int, file_ids: Collection[int]) -> bool:
    """Whether these are the files that the post was sent with: the same ones, or the same once more."""
    named = select(Attachment.name, Attachment.size).order_by(Attachment.name, Attachment.size)
    sent = db.session.execute(named.where(Attachment.id.in_(file_ids))).all() if file_ids else []
    return sent == db.session.execute(named.where(Attachment.post_id == post_id)).all()


def bytes_since(member_id: int, moment: datetime) -> int:
    own = sa.and_(Attachment.member_id == member_id, Attachment.created_at > moment)
    return int(db.session.scalar(select(sa.func.coalesce(sa.func.sum(Attachment.size), 0)).where(own)) or 0)


def files_to_drop(now: datetime, limit: int) -> list[Attachment]:
    """Held until the transaction ends, so that no post takes one meanwhile."""
    due = select(Attachment).where(Attachment.drop_at <= now).order_by(Attachment.drop_at).limit(limit)
    return list(db.session.scalars(due.with_for_update(skip_locked=True)))


def _there() -> sa.Select[Any]:
    return select(Attachment).where(IS_THERE).order_by(Attachment.id)

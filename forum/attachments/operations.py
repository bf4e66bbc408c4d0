"""Keeping a file, giving it its place, taking it away."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from forum import clock
from forum.attachments import queries, storage
from forum.attachments.content import Content, shown
from forum.attachments.models import MOST_FILES, WAITS, Attachment
from forum.config import Settings
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member

MEGABYTE = 1024 * 1024
_AT_ONCE = 50


def require_size(sent: str, size: int) -> None:
    if size > _settings().upload_mb * MEGABYTE:
        words = _("“%(name)s” is larger than %(megabytes)s MB.")
        raise Refused(words % {"name": shown(sent), "megabytes": _settings().upload_mb})
    if size == 0:
        raise Refused(_("“%(name)s” is empty.", name=shown(sent)))


def keep_file(member_id: int, content: Content, activity_id: int | None = None) -> Attachment:
    """For the activity, or until a post takes it. It is written before the database is asked anything: nobody waits."""
    try:
        key = storage.put(content.data, content.small)
    except storage.StorageFailed as failed:
        words = _(
            "“%(name)s” could not be kept: the forum has no room for files at the moment. Your text is still here."
        )
        raise Refused(words % {"name": content.name}) from failed
    try:
        now = clock.now()
        _require_room(member_id, len(content.data), now)
        file = Attachment(
            member_id=member_id,
            activity_id=activity_id,
            key=key,
            name=content.name,
            type=content.type,
            size=len(content.data),
            width=content.width,
            height=content.height,
            created_at=now,
            drop_at=None if activity_id else now + WAITS,
        )
        db.session.add(file)
        db.session.flush()
    except BaseException:
        storage.drop(key)
        raise
    return file


def take_files(member_id: int, file_ids: Collection[int], post_id: int) -> int:
    """The member's waiting files become the post's; how many."""
    ids = set(file_ids)
    require_few(len(ids))
    waiting = sa.and_(Attachment.id.in_(ids), Attachment.member_id == member_id, queries.IS_WAITING)
    taking = sa.update(Attachment).where(waiting).values(post_id=post_id, drop_at=None)
    sizes = list(db.session.scalars(taking.returning(Attachment.size)))
    if len(sizes) < len(ids):
        words = _("A file is no longer here: what has no post is kept for a day. Please add it again.")
        raise Refused(words)
    if sum(sizes) > _settings().upload_post_mb * MEGABYTE:
        words = _("The files of one post may have %(megabytes)s MB together.", megabytes=_settings().upload_post_mb)
        raise Refused(words)
    return len(sizes)


def require_few(count: int) -> None:
    if count > MOST_FILES:
        raise Refused(_("There may be at most %(count)s files.", count=MOST_FILES))


def remove_file(member: Member, file: Attachment) -> None:
    """It is nobody's to see from now on, and gone from the storage with the next sweep."""
    file.removed_at = file.drop_at = clock.now()
    file.removed_by_id = member.id
    db.session.flush()


def drop_files_of(activity_id: int, file_id: int | None = None) -> None:
    """One of the activity's files, or all before it goes itself: they have no place any more."""
    of_it = sa.update(Attachment).where(Attachment.activity_id == activity_id)
    chosen = of_it if file_id is None else of_it.where(Attachment.id == file_id)
    db.session.execute(chosen.values(activity_id=None, drop_at=clock.now()))


def erase_files_of(member_id: int) -> None:
    """Of all posts of theirs, and what waits for one; not what belongs to the programme."""
    own = sa.and_(Attachment.member_id == member_id, Attachment.activity_id.is_(None))
    gone = {"post_id": None, "removed_at": None, "removed_by_id": None, "drop_at": clock.now()}
    db.session.execute(sa.update(Attachment).where(own).values(gone))


def drop_files(now: datetime) -> None:
    """What no post has taken within a day, and what was removed. Of a removed one it stays known that it was there."""
    for file in queries.files_to_drop(now, _AT_ONCE):
        if file.key:
            storage.drop(file.key)
        if file.removed_at is None:
            db.session.delete(file)
        else:
            file.key, file.drop_at = "", None
    db.session.flush()


def _require_room(member_id: int, size: int, now: datetime) -> None:
    most = _settings().upload_day_mb
    if queries.bytes_since(member_id, now - timedelta(days=1)) + size > most * MEGABYTE:
        raise Refused(_("You can add %(megabytes)s MB of files a day. Please go on tomorrow.", megabytes=most))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

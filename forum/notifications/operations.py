"""Telling members, in one statement however many they are; what they have read; what they want to be told."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from forum import clock
from forum.db import built_once, db, insert_into
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.notifications import queries
from forum.notifications.models import Kind, MutedKind, Notification, NotificationSetting, Round

# Those read are kept so long, and so many at most forgotten at once: others write, too.
KEPT, MOST_FORGOTTEN = timedelta(days=90), 5_000


def notify(kind: Kind, members: Any, discussion_id: int, **told: Any) -> list[int]:
    """The ids of those among the members (ids, or a select of them) who are told now: who wants this kind and has not
    been told before. `told`: post_id and number, actor_id."""
    same = {"kind": kind, "discussion_id": discussion_id, "created_at": clock.now(), **told}
    if isinstance(members, sa.Select):
        return list(db.session.scalars(_telling(members, same), same | {"wanted": kind}))
    return list(db.session.scalars(_telling_some(*same), same | {"wanted": kind, "members": list(members)}))


@built_once
def _telling_some(*told: str) -> Any:
    return _telling(sa.bindparam("members", expanding=True), told)


def _telling(members: Any, told: Collection[str]) -> Any:
    rows = insert_into(Notification).from_select(["member_id", *told], queries.to_tell(members, told))
    return rows.on_conflict_do_nothing().returning(Notification.__table__.c.member_id)


def begin_round(discussion_id: int, kind: Kind, by: Member | None = None, day: str = "") -> bool:
    """Whether it is for us to tell them: nobody has yet, or not on that day."""
    row = {"discussion_id": discussion_id, "kind": kind, "day": day, "by_id": by.id if by else None}
    claim = insert_into(Round).values(**row, created_at=clock.now()).on_conflict_do_nothing()
    return db.session.scalar(claim.returning(Round.__table__.c.discussion_id)) is not None


def mark_read(member: Member, *which: sa.ColumnElement[bool]) -> bool:
    """The member's unread ones of this description; whether there were any."""
    unread = sa.update(Notification).where(Notification.member_id == member.id, Notification.read_at.is_(None), *which)
    marked = db.session.execute(unread.values(read_at=clock.now()), execution_options={"synchronize_session": False})
    return bool(marked.rowcount)  # type: ignore[attr-defined]


def mark_seen(member: Member, discussion_id: int, number: int) -> bool:
    """Who has read the discussion up to this number has seen what they were told of it. That a post of theirs was
    featured, reading on does not show."""
    seen = sa.or_(Notification.number.is_(None), Notification.number <= number)
    return mark_read(member, Notification.discussion_id == discussion_id, seen, Notification.kind != Kind.FEATURED)


def choose(member: Member, wanted: Collection[Kind], mail_hour: int | None, timezone: str) -> None:
    """What to be told of, and when by mail (None: never)."""
    try:
        clock.zone(timezone)
    except ValueError:
        raise Refused(_("There is no such time zone. Choose one of the list, like Asia/Shanghai.")) from None
    db.session.execute(sa.delete(MutedKind).where(MutedKind.member_id == member.id))
    db.session.add_all(MutedKind(member_id=member.id, kind=kind) for kind in Kind if kind not in wanted)
    _set_mail(member.id, mail_hour, timezone)


def stop_mail(member: Member, timezone: str) -> None:
    """No more mail; the rest, and the time zone once chosen, stay as they are. Done twice, it is done."""
    _set_mail(member.id, None, timezone, keeps_zone=True)


def forget_read(now: datetime) -> None:
    """Those read long ago."""
    old = queries.read_before(now - KEPT, MOST_FORGOTTEN)
    db.session.execute(
        sa.delete(Notification).where(Notification.id.in_(old)), execution_options={"synchronize_session": False}
    )


def _set_mail(member_id: int, mail_hour: int | None, timezone: str, keeps_zone: bool = False) -> None:
    row = insert_into(NotificationSetting).values(member_id=member_id, mail_hour=mail_hour, timezone=timezone)
    new = {"mail_hour": row.excluded.mail_hour} | ({} if keeps_zone else {"timezone": row.excluded.timezone})
    db.session.execute(row.on_conflict_do_update(index_elements=["member_id"], set_=new))

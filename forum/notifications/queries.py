"""Who wants to be told of what, and what they were told. What of it can still be seen is asked further right."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from forum.db import db
from forum.members.models import Member
from forum.notifications.models import Kind, MutedKind, Notification, NotificationSetting, Round


def wants(kind: Any) -> sa.ColumnElement[bool]:
    """Of a member: they have not turned this kind off."""
    return ~sa.exists().where(MutedKind.member_id == Member.id, MutedKind.kind == kind)


def to_tell(members: Any, told: Collection[str]) -> sa.Select[Any]:
    """For each of the members (a select of ids, or a parameter) who wants the kind that the parameter `wanted` names,
    and whose account is not closed: a notification with these columns, as parameters of their names."""
    columns = [sa.bindparam(name, type_=Notification.__table__.c[name].type).label(name) for name in told]
    wanted = sa.and_(Member.closed_at.is_(None), wants(sa.bindparam("wanted")))
    return select(Member.id.label("member_id"), *columns).where(Member.id.in_(members), wanted)


def muted_kinds(member: Member) -> set[Kind]:
    return set(db.session.scalars(select(MutedKind.kind).where(MutedKind.member_id == member.id)))


def setting_of(member: Member) -> NotificationSetting | None:
    return db.session.get(NotificationSetting, member.id)


def hours_chosen() -> list[tuple[int, str]]:
    """Every pair of hour and time zone at which somebody has asked for mail."""
    chosen = select(NotificationSetting.mail_hour, NotificationSetting.timezone)
    found = db.session.execute(chosen.where(NotificationSetting.mail_hour.is_not(None)).distinct())
    return [(hour, zone) for hour, zone in found if hour is not None]


def latest_round(discussion_id: int, kind: Kind) -> Round | None:
    return db.session.scalar(
        select(Round)
        .where(Round.discussion_id == discussion_id, Round.kind == kind)
        .order_by(Round.created_at.desc())
        .limit(1)
    )


def read_before(moment: datetime, most: int) -> sa.Select[Any]:
    """The ids of those read before this moment, the first so many."""
    return select(Notification.id).where(Notification.read_at < moment).order_by(Notification.id).limit(most)

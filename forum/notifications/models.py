"""Notification, the rounds in which many are told at once, and what each member wants to be told."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Model, UTCDateTime, one_of
from forum.members.models import Member

# The hour at which who has chosen none gets the day's mail.
USUAL_HOUR = 8


class Kind(StrEnum):
    REPLY = "reply"
    COMMENT = "comment"
    FEATURED = "featured"
    OPENING = "opening"
    CLOSING = "closing"
    REMINDER = "reminder"


_IS_UNREAD = sa.text("read_at IS NULL")


class Notification(Model):
    """Once a member, post and kind; of a discussion without a post, once a member and round."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.UniqueConstraint("post_id", "member_id", "kind"),
        sa.Index(None, "member_id", "id"),
        sa.Index("ix_notifications_unread", "member_id", sqlite_where=_IS_UNREAD, postgresql_where=_IS_UNREAD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("discussions.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"))
    number: Mapped[int | None]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Round(Model):
    """Many were told of a discussion at once: of its opening and of its closing soon once, a reminder once a day (`day`
    is empty, or the day of the class). Whoever puts the row there tells them."""

    __tablename__ = "notification_rounds"

    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("discussions.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind), primary_key=True)
    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    by: Mapped[Member | None] = relationship()


class NotificationSetting(Model):
    """Who has none gets mail at the usual hour in the forum's time zone; without an hour there is no mail."""

    __tablename__ = "notification_settings"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    mail_hour: Mapped[int | None]
    timezone: Mapped[str] = mapped_column(sa.String(64))


class MutedKind(Model):
    """A kind that the member does not want to be told of."""

    __tablename__ = "muted_kinds"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind), primary_key=True)

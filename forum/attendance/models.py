"""Attendance and Speech: who was at an activity in person, and who spoke there."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.classes.models import Role
from forum.db import Model, UTCDateTime, one_of

LONGEST_TOPIC, MOST_MINUTES = 200, 600


class Way(StrEnum):
    LIST = "list"
    CODE = "code"


def _of_enrolled() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["class_id", "member_id"], ["enrolments.class_id", "enrolments.member_id"])


class Attendance(Model):
    """签到: one per activity and member. `role` is the role they came in and never changes; `by_id` is who ticked
    them on the list, nobody where they scanned the code themselves."""

    __tablename__ = "attendance"
    __table_args__ = (_of_enrolled(), sa.Index(None, "class_id", "member_id"))

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(one_of(Role))
    way: Mapped[Way] = mapped_column(one_of(Way))
    checked_in_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))


class Speech(Model):
    """口头发言: somebody spoke at an activity, as often as there are rows. Who spoke was there, and in that role: it is
    the one of their row of Attendance."""

    __tablename__ = "speeches"
    __table_args__ = (
        _of_enrolled(),
        sa.ForeignKeyConstraint(["activity_id", "member_id"], ["attendance.activity_id", "attendance.member_id"]),
        sa.Index(None, "class_id", "member_id"),
        sa.Index(None, "activity_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"))
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(one_of(Role))
    topic: Mapped[str] = mapped_column(sa.String(LONGEST_TOPIC), default="")
    minutes: Mapped[int | None]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)

"""TrainingClass, Group, Enrolment, Activity, Material, Announcement."""

from datetime import date, datetime, tzinfo
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum import clock
from forum.attachments.models import Attachment
from forum.db import Model, UTCDateTime, one_of
from forum.members.models import Member
from forum.units.models import Unit


class Kind(StrEnum):
    CLASS = "class"
    SALON = "salon"
    COHORT = "cohort"


class Role(StrEnum):
    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"
    OBSERVER = "observer"


class ActivityKind(StrEnum):
    LECTURE = "lecture"
    TOPIC_FORUM = "topic_forum"
    PLENARY_EXCHANGE = "plenary_exchange"
    VISIT = "visit"
    TALK = "talk"


class TrainingClass(Model):
    """`roster_revision` rises with every change of who is enrolled, and how, and of what the class, its programme and
    its groups are called: it dates what pages keep of names and times. `attendance_revision` rises with every change of
    who was there and who spoke."""

    __tablename__ = "classes"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[Kind] = mapped_column(one_of(Kind), default=Kind.CLASS)
    description: Mapped[str] = mapped_column(sa.Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    timezone: Mapped[str] = mapped_column(sa.String(64))
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    roster_revision: Mapped[int] = mapped_column(default=0)
    attendance_revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=lambda: clock.now())

    @property
    def zone(self) -> tzinfo:
        return clock.zone(self.timezone)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class Group(Model):
    __tablename__ = "groups"
    __table_args__ = (sa.UniqueConstraint("class_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(default=0)


class Enrolment(Model):
    """One per member and class. `unit` is the member's unit as it was then: figures read it, never the member's."""

    __tablename__ = "enrolments"

    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    organises: Mapped[bool] = mapped_column(default=False)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    enrolled_at: Mapped[datetime] = mapped_column(UTCDateTime, default=lambda: clock.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    training_class: Mapped[TrainingClass] = relationship()
    member: Mapped[Member] = relationship()
    group: Mapped[Group | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    @property
    def is_active(self) -> bool:
        return self.withdrawn_at is None


class Activity(Model):
    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ActivityKind] = mapped_column(one_of(ActivityKind))
    title: Mapped[str] = mapped_column(sa.String(200))
    speaker: Mapped[str] = mapped_column(sa.String(200), default="")
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    materials: Mapped[list["Material"]] = relationship(
        order_by="Material.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    files: Mapped[list[Attachment]] = relationship(order_by=Attachment.id, viewonly=True, lazy="raise_on_sql")


class Material(Model):
    """A link that goes with an activity: slides, a reading."""

    __tablename__ = "materials"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(sa.String(1000))
    position: Mapped[int] = mapped_column(default=0)


class Announcement(Model):
    """What the organisers tell the class, in the Markdown of posts; `html` is rendered and sanitised once, at write."""

    __tablename__ = "announcements"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=lambda: clock.now())
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[Member] = relationship()

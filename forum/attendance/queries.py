"""Who is on the list of an activity, and what is down for each."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from forum.attendance.models import Attendance, Speech, Way
from forum.classes.models import Activity, Enrolment, TrainingClass
from forum.db import db
from forum.members.models import Member


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One of the class at an activity. `speeches`: how often they spoke; `noted`: a topic or minutes are kept of it."""

    enrolment: Enrolment
    is_present: bool
    speeches: int
    noted: bool

    @property
    def has_spoken(self) -> bool:
        return self.speeches > 0

    @property
    def is_fixed(self) -> bool:
        """Withdrawn since: what is down stays."""
        return not self.enrolment.is_active


@dataclass(frozen=True, slots=True)
class CheckIn:
    """How somebody came onto the list."""

    at: datetime
    way: Way
    by: str | None


def activity_with_class(activity_id: int) -> tuple[Activity, TrainingClass] | None:
    """Whoever asks: they have a code of it."""
    row = db.session.execute(
        select(Activity, TrainingClass)
        .join(TrainingClass, TrainingClass.id == Activity.class_id)
        .where(Activity.id == activity_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def lock_activity(activity: Activity) -> None:
    """Whoever fills in its list takes turns here; who checks in by code goes on."""
    db.session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update(key_share=True))


def roll(activity: Activity) -> list[RollEntry]:
    """Everybody enrolled, and who withdrew after having been there, by pinyin; with member, unit and group."""
    spoken = (
        select(
            Speech.member_id,
            sa.func.count().label("speeches"),
            sa.func.max(sa.case((sa.or_(Speech.topic != "", Speech.minutes.is_not(None)), 1), else_=0)).label("noted"),
        )
        .where(Speech.activity_id == activity.id)
        .group_by(Speech.member_id)
        .subquery()
    )
    own = sa.and_(Attendance.activity_id == activity.id, Attendance.member_id == Enrolment.member_id)
    rows = db.session.execute(
        select(
            Enrolment,
            Attendance.member_id,
            sa.func.coalesce(spoken.c.speeches, 0),
            sa.func.coalesce(spoken.c.noted, 0),
        )
        .join(Enrolment.member)
        .outerjoin(Attendance, own)
        .outerjoin(spoken, spoken.c.member_id == Enrolment.member_id)
        .options(contains_eager(Enrolment.member), joinedload(Enrolment.unit), joinedload(Enrolment.group))
        .where(
            Enrolment.class_id == activity.class_id,
            sa.or_(Enrolment.withdrawn_at.is_(None), Attendance.member_id.is_not(None)),
        )
        .order_by(Member.sort_key, Member.id)
    )
    return [RollEntry(row[0], row[1] is not None, row[2], bool(row[3])) for row in rows]


def get_attendance(activity: Activity, member_id: int) -> Attendance | None:
    return db.session.get(Attendance, (activity.id, member_id))


def check_in_of(activity: Activity, member_id: int) -> CheckIn | None:
    by = aliased(Member)
    row = db.session.execute(
        select(Attendance.checked_in_at, Attendance.way, by.name)
        .outerjoin(by, by.id == Attendance.by_id)
        .where(Attendance.activity_id == activity.id, Attendance.member_id == member_id)
    ).one_or_none()
    return CheckIn(*row) if row else None


def speeches_of(activity: Activity, member_id: int) -> list[Speech]:
    return list(
        db.session.scalars(
            select(Speech).where(Speech.activity_id == activity.id, Speech.member_id == member_id).order_by(Speech.id)
        )
    )


def get_speech(activity: Activity, member_id: int, speech_id: int) -> Speech | None:
    here = sa.and_(Speech.activity_id == activity.id, Speech.member_id == member_id)
    return db.session.scalar(select(Speech).where(here, Speech.id == speech_id))


def count_strays() -> int:
    """Rows of attendance and of speech whose class is not their activity's."""
    counts = (
        select(sa.func.count())
        .select_from(row)
        .join(Activity, Activity.id == row.activity_id)
        .where(Activity.class_id != row.class_id)
        .scalar_subquery()
        for row in (Attendance, Speech)
    )
    return sum(db.session.execute(select(*counts)).one())

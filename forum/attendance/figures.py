"""Attendance and speech in figures: counted from the rows whenever they are asked for, trainees only.

What was written online is counted elsewhere; `spoke_in_the_room` is what the two are joined by.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from forum.attendance.models import Attendance, Speech
from forum.classes.models import Activity, Enrolment, Role, TrainingClass
from forum.db import db
from forum.members.models import Member


@dataclass(frozen=True, slots=True)
class ActivityFigures:
    """`trainees`: those enrolled, and who withdrew after having been there; `spoke` are persons, `speeches` times."""

    attended: int
    spoke: int
    speeches: int
    trainees: int

    @property
    def attendance_rate(self) -> float | None:
        return self.attended / self.trainees if self.trainees else None


@dataclass(frozen=True, slots=True)
class InTheRoom:
    """A class's figures; person-times are summed over the activities, persons are not. `activities`: those of which
    anything is down, in order of time."""

    activities: list[tuple[Activity, ActivityFigures]]
    attendants: int
    attendance_person_times: int
    speakers: int
    speech_person_times: int
    speeches: int


@dataclass(frozen=True, slots=True)
class PersonInTheRoom:
    """Of one trainee in one class: activities attended, activities spoken at, speeches."""

    attended: int = 0
    spoke: int = 0
    speeches: int = 0


def spoke_in_the_room(class_id: int | None = None) -> sa.Subquery:
    """(class_id, activity_id, member_id), a row for each trainee and activity at which they spoke: 口头发言人次."""
    here = Speech.class_id == class_id if class_id is not None else sa.true()
    return (
        select(Speech.class_id, Speech.activity_id, Speech.member_id)
        .where(Speech.role == Role.TRAINEE, here)
        .distinct()
        .subquery()
    )


def figures_by_activity(training_class: TrainingClass) -> dict[int, ActivityFigures]:
    """By id; those of which anything is down."""
    class_id = training_class.id
    enrolled = select(sa.func.count()).where(
        Enrolment.class_id == class_id, Enrolment.role == Role.TRAINEE, Enrolment.withdrawn_at.is_(None)
    )
    # Who came as a trainee and is none now belongs to those who were expected, too.
    no_longer = sa.case((sa.or_(Enrolment.withdrawn_at.is_not(None), Enrolment.role != Role.TRAINEE), 1), else_=0)
    spoken = _spoken_by_activity(class_id)
    rows = db.session.execute(
        select(
            Attendance.activity_id,
            sa.func.count(),
            sa.func.max(sa.func.coalesce(spoken.c.spoke, 0)),
            sa.func.max(sa.func.coalesce(spoken.c.speeches, 0)),
            sa.func.sum(no_longer) + enrolled.scalar_subquery(),
        )
        .join(
            Enrolment,
            sa.and_(Enrolment.class_id == Attendance.class_id, Enrolment.member_id == Attendance.member_id),
        )
        .outerjoin(spoken, spoken.c.activity_id == Attendance.activity_id)
        .where(Attendance.class_id == class_id, Attendance.role == Role.TRAINEE)
        .group_by(Attendance.activity_id)
    )
    return {row[0]: ActivityFigures(row[1], row[2], row[3], int(row[4])) for row in rows}


def in_the_room(training_class: TrainingClass) -> InTheRoom:
    """In three statements."""
    by_activity = figures_by_activity(training_class)
    class_id, found = training_class.id, list(by_activity.values())
    activities = db.session.scalars(
        select(Activity)
        .where(Activity.id.in_(by_activity))
        .order_by(Activity.starts_at.is_(None), Activity.starts_at, Activity.id)
    )
    persons = (
        select(sa.func.count(row.member_id.distinct()))
        .where(row.class_id == class_id, row.role == Role.TRAINEE)
        .scalar_subquery()
        for row in (Attendance, Speech)
    )
    attendants, speakers = db.session.execute(select(*persons)).one()
    return InTheRoom(
        activities=[(activity, by_activity[activity.id]) for activity in activities],
        attendants=attendants,
        attendance_person_times=sum(entry.attended for entry in found),
        speakers=speakers,
        speech_person_times=sum(entry.spoke for entry in found),
        speeches=sum(entry.speeches for entry in found),
    )


def in_the_room_by_trainee(training_class: TrainingClass) -> dict[int, PersonInTheRoom]:
    """By member; those of whom anything is down."""
    return {key: found for (_class, key), found in _by_person(Attendance.class_id == training_class.id).items()}


def in_the_room_by_class(member: Member) -> dict[int, PersonInTheRoom]:
    """By class, for one member."""
    return {key: found for (key, _member), found in _by_person(Attendance.member_id == member.id).items()}


def _spoken_by_activity(class_id: int) -> sa.Subquery:
    return (
        select(
            Speech.activity_id,
            sa.func.count(Speech.member_id.distinct()).label("spoke"),
            sa.func.count().label("speeches"),
        )
        .where(Speech.class_id == class_id, Speech.role == Role.TRAINEE)
        .group_by(Speech.activity_id)
        .subquery()
    )


def _by_person(chosen: sa.ColumnElement[bool]) -> dict[tuple[int, int], PersonInTheRoom]:
    """By class and member."""
    spoken = (
        select(Speech.activity_id, Speech.member_id, sa.func.count().label("speeches"))
        .where(Speech.role == Role.TRAINEE)
        .group_by(Speech.activity_id, Speech.member_id)
        .subquery()
    )
    same: Any = sa.and_(spoken.c.activity_id == Attendance.activity_id, spoken.c.member_id == Attendance.member_id)
    rows = db.session.execute(
        select(
            Attendance.class_id,
            Attendance.member_id,
            sa.func.count(),
            sa.func.count(spoken.c.speeches),
            sa.func.coalesce(sa.func.sum(spoken.c.speeches), 0),
        )
        .outerjoin(spoken, same)
        .where(chosen, Attendance.role == Role.TRAINEE)
        .group_by(Attendance.class_id, Attendance.member_id)
    )
    return {(row[0], row[1]): PersonInTheRoom(row[2], row[3], int(row[4])) for row in rows}

"""Changing classes and who is enrolled in them."""

import re
from datetime import date, datetime

from sqlalchemy import update

from forum import clock
from forum.classes import queries
from forum.classes.models import Activity, ActivityKind, Enrolment, Group, Kind, Role, TrainingClass
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.text import is_blank
from forum.units.models import Unit

LONGEST_TITLE = 200


def create_class(
    slug: str,
    title: str,
    starts_on: date,
    ends_on: date,
    timezone: str,
    kind: Kind = Kind.CLASS,
    description: str = "",
) -> TrainingClass:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 80:
        raise Refused(_("The short name may hold small letters, digits and single hyphens, at most 80 of them."))
    if queries.class_by_slug(slug) is not None:
        raise Refused(_("There is already a class called “%(slug)s”.", slug=slug))
    title = " ".join(title.split())
    if is_blank(title):
        raise Refused(_("A class needs a title."))
    if len(title) > LONGEST_TITLE:
        raise Refused(_("The title is longer than %(count)s characters.", count=LONGEST_TITLE))
    if ends_on < starts_on:
        raise Refused(_("The class would end before it starts."))
    try:
        clock.zone(timezone)
    except ValueError:
        raise Refused(_("There is no time zone “%(name)s”.", name=timezone)) from None
    training_class = TrainingClass(
        slug=slug,
        title=title,
        kind=kind,
        description=description,
        starts_on=starts_on,
        ends_on=ends_on,
        timezone=timezone,
    )
    db.session.add(training_class)
    db.session.flush()
    return training_class


def enrol_member(
    training_class: TrainingClass,
    member: Member,
    role: Role,
    organises: bool = False,
    group: Group | None = None,
    unit: Unit | None = None,
) -> Enrolment:
    """Enrol a member with their unit as it is now, unless another is given."""
    enrolment = Enrolment(
        class_id=training_class.id,
        member_id=member.id,
        role=role,
        organises=organises,
        group_id=group.id if group else None,
        unit_id=unit.id if unit else member.unit_id,
    )
    db.session.add(enrolment)
    _touch_roster(training_class)
    member.enrolments_seen.pop(training_class.id, None)
    return enrolment


def withdraw_enrolment(enrolment: Enrolment) -> None:
    """The member no longer sees the class; counted posts stay counted."""
    enrolment.withdrawn_at = clock.now()
    _touch_roster(enrolment.training_class)


def restore_enrolment(enrolment: Enrolment) -> None:
    """Brought back with the role, group and unit of before."""
    enrolment.withdrawn_at = None
    _touch_roster(enrolment.training_class)


def correct_enrolment(
    enrolment: Enrolment, role: Role, unit: Unit | None, group: Group | None, organises: bool | None = None
) -> None:
    """Correcting the unit or group moves all of that person's figures; the role alters what is written from now on.
    The mark *organises* stays as it is unless told."""
    enrolment.role = role
    enrolment.organises = enrolment.organises if organises is None else organises
    enrolment.unit_id = unit.id if unit else None
    enrolment.group_id = group.id if group else None
    _touch_roster(enrolment.training_class)


def add_group(training_class: TrainingClass, name: str) -> Group:
    group = Group(class_id=training_class.id, name=name, position=queries.count_groups(training_class) + 1)
    db.session.add(group)
    db.session.flush()
    return group


def add_activity(
    training_class: TrainingClass,
    kind: ActivityKind,
    title: str,
    speaker: str = "",
    place: str = "",
    description: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Activity:
    activity = Activity(
        class_id=training_class.id,
        kind=kind,
        title=title,
        speaker=speaker,
        place=place,
        description=description,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    db.session.add(activity)
    db.session.flush()
    return activity


def archive_class(training_class: TrainingClass) -> None:
    training_class.archived_at = clock.now()


def _touch_roster(training_class: TrainingClass) -> None:
    db.session.execute(
        update(TrainingClass)
        .where(TrainingClass.id == training_class.id)
        .values(roster_revision=TrainingClass.roster_revision + 1)
    )

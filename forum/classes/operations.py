"""Changing classes and who is enrolled in them."""

import re
from datetime import date
from itertools import chain, count
from typing import Any

from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.audit.models import Verb
from forum.audit.operations import changed_fields, record
from forum.classes import broadcasts, queries
from forum.classes.models import Enrolment, Group, Kind, Role, TrainingClass
from forum.classes.revisions import digest_of, require_unchanged, touch_roster
from forum.db import after_commit, db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.text import is_blank, one_line, slug_of
from forum.units.models import Unit

LONGEST_TITLE, LONGEST_SLUG, LONGEST_DESCRIPTION = 200, 80, 5000
# Addresses of their own stand there.
RESERVED_SLUGS = frozenset({"new"})
_SAID = ("title", "kind", "description", "starts_on", "ends_on", "timezone")


def create_class(
    slug: str,
    title: str,
    starts_on: date,
    ends_on: date,
    timezone: str,
    kind: Kind = Kind.CLASS,
    description: str = "",
) -> TrainingClass:
    require_free_slug(slug)
    training_class = TrainingClass(slug=slug)
    _write_class(training_class, title, starts_on, ends_on, timezone, kind, description)
    try:
        with db.session.begin_nested():
            db.session.add(training_class)
    except IntegrityError:  # two at once
        raise Refused(_("There is already a class called “%(slug)s”.", slug=slug)) from None
    record(Verb.CLASS_CREATED, class_id=training_class.id)
    return training_class


def require_free_slug(slug: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_SLUG:
        raise Refused(
            _("The short name for the address may hold small letters, digits and single hyphens, at most 80 of them.")
        )
    if slug in RESERVED_SLUGS:
        raise Refused(_("“%(slug)s” is the address of another page. Please choose another short name.", slug=slug))
    if queries.class_by_slug(slug) is not None:
        raise Refused(_("There is already a class called “%(slug)s”.", slug=slug))


def _said(training_class: TrainingClass) -> dict[str, Any]:
    """What the form of a class shows."""
    return {field: getattr(training_class, field) for field in _SAID}


def dated(training_class: TrainingClass) -> str:
    """A digest of what the form of a class shows."""
    return digest_of(*_said(training_class).values())


def edit_class(training_class: TrainingClass, shown: str | None = None, **said: Any) -> None:
    """With all that `create_class` is told, but the short name: links live on it. `shown` is how it was `dated` when
    the form was opened."""
    require_unchanged(shown, dated(queries.lock_class(training_class)))
    before = _said(training_class)
    _write_class(training_class, **said)
    db.session.flush()
    if changed := changed_fields(before, _said(training_class)):
        record(Verb.CLASS_CHANGED, class_id=training_class.id, fields=changed)
    touch_roster(training_class.id)


def propose_slug(title: str) -> str:
    """A short name that is free, from the title's letters, Han as pinyin."""
    stem = slug_of(title, LONGEST_SLUG // 2) or "class"
    taken = queries.slugs_beginning(stem) | RESERVED_SLUGS
    return next(slug for slug in chain([stem], (f"{stem}-{number}" for number in count(2))) if slug not in taken)


def archive_class(training_class: TrainingClass) -> None:
    """All its discussions are closed from now on; everything stays to be read."""
    if training_class.archived_at is None:
        training_class.archived_at = clock.now()
        record(Verb.CLASS_ARCHIVED, class_id=training_class.id)
        after_commit(broadcasts.class_changed, training_class.id)


def unarchive_class(training_class: TrainingClass) -> None:
    """Its discussions are as their own windows say."""
    training_class.archived_at = None
    record(Verb.CLASS_UNARCHIVED, class_id=training_class.id)
    after_commit(broadcasts.class_changed, training_class.id)


def _write_class(
    training_class: TrainingClass,
    title: str,
    starts_on: date,
    ends_on: date,
    timezone: str,
    kind: Kind,
    description: str,
) -> None:
    title = one_line(title)
    if is_blank(title):
        raise Refused(_("A class needs a title."))
    if len(title) > LONGEST_TITLE:
        raise Refused(_("The title is longer than %(count)s characters.", count=LONGEST_TITLE))
    if ends_on < starts_on:
        raise Refused(_("The last day is before the first day."))
    try:
        clock.zone(timezone)
    except ValueError:
        raise Refused(_("There is no time zone “%(name)s”.", name=timezone)) from None
    training_class.title, training_class.kind, training_class.description = title, kind, description.strip()
    training_class.starts_on, training_class.ends_on, training_class.timezone = starts_on, ends_on, timezone


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
    record(Verb.ENROLLED, member.id, training_class.id, role=role, organises=organises)
    touch_roster(training_class.id)
    member.enrolments_seen.pop(training_class.id, None)
    return enrolment


def withdraw_enrolment(enrolment: Enrolment) -> None:
    """The member no longer sees the class; counted posts stay counted."""
    enrolment.withdrawn_at = clock.now()
    record(Verb.WITHDRAWN, enrolment.member_id, enrolment.class_id)
    touch_roster(enrolment.class_id)


def restore_enrolment(enrolment: Enrolment) -> None:
    """Brought back with the role, group and unit of before."""
    enrolment.withdrawn_at = None
    record(Verb.BROUGHT_BACK, enrolment.member_id, enrolment.class_id)
    touch_roster(enrolment.class_id)


def correct_enrolment(
    enrolment: Enrolment, role: Role, unit: Unit | None, group: Group | None, organises: bool | None = None
) -> None:
    """Correcting the unit or group moves all of that person's figures; the role alters what is written from now on.
    The mark *organises* stays as it is unless told."""
    organises = enrolment.organises if organises is None else organises
    wanted: dict[str, Any] = {"role": role, "organises": organises}
    wanted |= {"unit_id": unit.id if unit else None, "group_id": group.id if group else None}
    changed = {name: value for name, value in wanted.items() if getattr(enrolment, name) != value}
    for name, value in changed.items():
        setattr(enrolment, name, value)
    record(Verb.ENROLMENT_CHANGED, enrolment.member_id, enrolment.class_id, **changed)
    touch_roster(enrolment.class_id)

"""What dates pages: the revision of those that are kept, and a digest of the settings that a form began with."""

import hashlib

from sqlalchemy import update

from forum.classes import broadcasts, queries
from forum.classes.models import TrainingClass
from forum.db import after_commit, db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member


class ChangedMeanwhile(Refused):
    """A form would overwrite what somebody else has saved since it was opened: to be seen once, not forbidden."""


def digest_of(*settings: object) -> str:
    return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]


def require_unchanged(shown: str | None, now: str) -> None:
    """`shown` is the digest that the form came with; None where there was no form."""
    if shown is not None and shown != now:
        raise ChangedMeanwhile(
            _("Somebody has changed this meanwhile. What you typed is still here; saved again, it takes its place.")
        )


def touch_roster(class_id: int) -> None:
    """The class's title, zone, programme, groups or people have changed: what was kept of them is old."""
    db.session.execute(
        update(TrainingClass)
        .where(TrainingClass.id == class_id)
        .values(roster_revision=TrainingClass.roster_revision + 1)
    )
    after_commit(broadcasts.class_changed, class_id)


def touch_attendance(class_id: int) -> None:
    """Who was there, or who spoke, has changed."""
    db.session.execute(
        update(TrainingClass)
        .where(TrainingClass.id == class_id)
        .values(attendance_revision=TrainingClass.attendance_revision + 1)
    )


def touch_rosters_of(member: Member) -> None:
    """Of every class in whose lists the name stands."""
    for class_id in sorted(queries.enrolments_of(member)):
        touch_roster(class_id)

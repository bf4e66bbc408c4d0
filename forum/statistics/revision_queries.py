"""What dates the figures of a class: as long as it is the same, nothing that their pages show has changed."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from forum.attendance.models import Attendance, Speech
from forum.classes.models import TrainingClass
from forum.closings.models import ClosingRecord
from forum.db import db
from forum.discussions.models import Discussion


def figures_dated(training_class: TrainingClass) -> tuple[Any, ...]:
    """Revisions and numbers of discussions only rise between two revisions of the roster, so that their sums tell; so
    do closings. Who is down as having been there or spoken may be taken off again, and whoever is put down instead
    comes later."""
    discussions = _of_class(training_class, Discussion, func.count(), func.sum(Discussion.revision))
    closings = _of_class(training_class, ClosingRecord, func.count())
    there = _of_class(
        training_class, Attendance, func.count(), func.max(Attendance.checked_in_at), func.sum(Attendance.member_id)
    )
    spoke = _of_class(training_class, Speech, func.count(), func.max(Speech.recorded_at), func.sum(Speech.member_id))
    one_row = discussions.join(closings, sa.true()).join(there, sa.true()).join(spoke, sa.true())
    row = db.session.execute(select(discussions, closings, there, spoke).select_from(one_row)).one()
    return training_class.id, training_class.roster_revision, *row


def _of_class(training_class: TrainingClass, model: Any, *columns: Any) -> sa.Subquery:
    return select(*columns).select_from(model).where(model.class_id == training_class.id).subquery()

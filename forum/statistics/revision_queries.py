"""What dates the figures of a class: as long as it is the same, nothing that their pages show has changed."""

from typing import Any

from sqlalchemy import func, select

from forum.classes.models import TrainingClass
from forum.closings.models import ClosingRecord
from forum.db import db
from forum.discussions.models import Discussion


def figures_dated(training_class: TrainingClass) -> tuple[Any, ...]:
    """Between two revisions of the roster, which rises when a discussion is deleted, discussions only come, and their
    revisions only rise, so that number and sum tell; records of closings only come."""
    records = select(func.count()).where(ClosingRecord.class_id == training_class.id).scalar_subquery()
    discussions = select(func.count(), func.sum(Discussion.revision), records)
    counted = db.session.execute(discussions.where(Discussion.class_id == training_class.id)).one()
    rises = training_class.roster_revision, training_class.attendance_revision
    return training_class.id, *rises, training_class.archived_at, *counted

"""What dates the pages that are kept: it rises whenever a name they show may have changed."""

from sqlalchemy import update

from forum.classes.models import TrainingClass
from forum.db import db


def touch_roster(class_id: int) -> None:
    """The class's title, zone, programme, groups or people have changed: what was kept of them is old."""
    db.session.execute(
        update(TrainingClass)
        .where(TrainingClass.id == class_id)
        .values(roster_revision=TrainingClass.roster_revision + 1)
    )

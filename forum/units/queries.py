"""Reading units."""

from sqlalchemy import select

from forum.db import db
from forum.units.models import Unit


def unit_by_path(path: str) -> Unit | None:
    return db.session.scalar(select(Unit).where(Unit.path == path))

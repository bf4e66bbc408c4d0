"""Reading units."""

from collections.abc import Iterable

from sqlalchemy import select

from forum.db import db
from forum.units.models import Unit

# Values in one statement.
AT_ONCE = 500


def unit_by_path(path: str) -> Unit | None:
    return db.session.scalar(select(Unit).where(Unit.path == path))


def unit_ids(paths: Iterable[str]) -> dict[str, int]:
    """By path; a path that no unit has is missing."""
    wanted, found = list(paths), dict[str, int]()
    for start in range(0, len(wanted), AT_ONCE):
        batch = select(Unit.path, Unit.id).where(Unit.path.in_(wanted[start : start + AT_ONCE]))
        found.update((path, id_) for path, id_ in db.session.execute(batch))
    return found

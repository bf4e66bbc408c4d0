"""Reading units."""

from collections.abc import Iterable

import sqlalchemy as sa
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


def units_below(unit_id: int) -> sa.Select[int]:
    """The ids of the unit and of all below it."""
    found = select(Unit.id).where(Unit.id == unit_id).cte(recursive=True)
    below = found.union_all(select(Unit.id).where(Unit.parent_id == found.c.id))
    return select(below.c.id)


def units_above(level: int) -> sa.Select[int]:
    """The ids of those nearer to the root than this depth."""
    return select(Unit.id).where(Unit.depth < level)


def ancestors_at(level: int, units: sa.Select[int]) -> sa.CTE:
    """unit_id, ancestor_id: where in the tree each of these units stands at this depth, itself included; those above
    it are missing."""
    own = select(Unit.id.label("unit_id"), Unit.id.label("ancestor_id"), Unit.parent_id, Unit.depth)
    climb = own.where(Unit.id.in_(units), Unit.depth >= level).cte(recursive=True)
    higher = select(climb.c.unit_id, Unit.id, Unit.parent_id, Unit.depth)
    climb = climb.union_all(higher.join(Unit, Unit.id == climb.c.parent_id).where(climb.c.depth > level))
    return select(climb.c.unit_id, climb.c.ancestor_id).where(climb.c.depth == level).cte()


def with_ancestors(units: sa.Select[int]) -> sa.Select[int]:
    """The ids of these units and of all above them."""
    climb = select(Unit.id, Unit.parent_id).where(Unit.id.in_(units)).cte(recursive=True)
    climb = climb.union(select(Unit.id, Unit.parent_id).where(Unit.id == climb.c.parent_id))
    return select(climb.c.id)

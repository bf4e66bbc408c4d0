"""Changing units."""

from forum.db import db
from forum.text import sort_key
from forum.units import queries
from forum.units.models import SEPARATOR, Unit


def ensure_unit(path: str) -> Unit:
    """The unit of a path such as "City / District 1", made with its ancestors where they are missing."""
    names = [" ".join(part.split()) for part in path.split(SEPARATOR.strip())]
    names = [name for name in names if name]
    if not names:
        raise ValueError("a unit needs a name")
    unit: Unit | None = None
    for depth in range(len(names)):
        ancestors = SEPARATOR.join(names[: depth + 1])
        found = queries.unit_by_path(ancestors)
        if found is None:
            found = Unit(
                parent_id=unit.id if unit else None,
                name=names[depth],
                path=ancestors,
                depth=depth,
                sort_key=SEPARATOR.join(map(sort_key, names[: depth + 1]))[:500],
            )
            db.session.add(found)
            db.session.flush()
        unit = found
    assert unit is not None
    return unit

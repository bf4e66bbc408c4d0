"""Changing units."""

from collections.abc import Iterable

from sqlalchemy import insert

from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.text import sort_key
from forum.units import queries
from forum.units.models import LONGEST_NAME, LONGEST_PATH, SEPARATOR, Unit, unit_path


def ensure_unit(path: str) -> Unit:
    """The unit of a path such as "City / District 1", made with its ancestors where they are missing."""
    require_unit_path(path)
    names = unit_path(path).split(SEPARATOR)
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


def require_unit_path(typed: str) -> None:
    """That it names a unit, and is short enough to be kept."""
    path = unit_path(typed)
    if not path:
        raise Refused(_("A unit needs a name: “/” only stands between a unit and the one above it."))
    if len(path) > LONGEST_PATH or any(len(name) > LONGEST_NAME for name in path.split(SEPARATOR)):
        raise Refused(_("The name of the unit is too long."))


def ensure_units(paths: Iterable[str]) -> dict[str, int]:
    """The ids of many units by path, each path written as a unit has it; a few statements for each depth."""
    wanted: set[str] = set()
    for path in paths:
        names = path.split(SEPARATOR)
        wanted.update(SEPARATOR.join(names[: depth + 1]) for depth in range(len(names)))
    ids = queries.unit_ids(wanted)
    missing = sorted(wanted - ids.keys())
    for depth in sorted({path.count(SEPARATOR) for path in missing}):
        level = [path for path in missing if path.count(SEPARATOR) == depth]
        added = db.session.execute(insert(Unit).returning(Unit.path, Unit.id), [_columns(path, ids) for path in level])
        ids.update((path, id_) for path, id_ in added)
    return ids


def _columns(path: str, ids: dict[str, int]) -> dict[str, str | int | None]:
    parent, _separator, name = path.rpartition(SEPARATOR)
    names = path.split(SEPARATOR)
    return {
        "parent_id": ids[parent] if parent else None,
        "name": name,
        "path": path,
        "depth": len(names) - 1,
        "sort_key": SEPARATOR.join(map(sort_key, names))[:500],
    }

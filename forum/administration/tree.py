"""Changing the organisation tree: adding, renaming, moving and merging units. Figures are of units, so they follow."""

import sqlalchemy as sa

from forum.administration import units_queries as queries
from forum.audit.models import Verb
from forum.audit.operations import record
from forum.classes.models import Enrolment
from forum.classes.revisions import touch_roster
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.text import sort_key
from forum.units.models import LONGEST_PATH, SEPARATOR, Unit, unit_path
from forum.units.operations import ensure_unit, require_unit_path
from forum.units.queries import unit_by_path


def add_unit(parent: Unit | None, name: str) -> Unit:
    path = _path(parent, name)
    _require_free(path)
    unit = ensure_unit(path)
    record(Verb.UNIT_CHANGED, unit=unit.id, change="added")
    return unit


def rename_unit(unit: Unit, name: str) -> None:
    parent = queries.get_unit(unit.parent_id) if unit.parent_id else None
    _place(unit, parent, name)
    record(Verb.UNIT_CHANGED, unit=unit.id, change="renamed")


def move_unit(unit: Unit, to: str) -> None:
    """Under the unit with the path `to`, or to the top where it is empty."""
    parent = _other(unit, to) if to else None
    _place(unit, parent, unit.name)
    record(Verb.UNIT_CHANGED, unit=unit.id, change="moved")


def merge_unit(unit: Unit, into: str) -> Unit:
    """Its people and enrolments are of the other unit from now on, and so are the units below it."""
    target = _other(unit, into)
    ids = [one.id for one in queries.lock_tree(unit)]
    classes, merged = queries.classes_at([*ids, target.id]), unit.id
    _merge(unit, target)
    for class_id in classes:
        touch_roster(class_id)
    record(Verb.UNIT_CHANGED, unit=target.id, change="merged", merged=merged)
    return target


def _merge(unit: Unit, target: Unit) -> None:
    for model in (Member, Enrolment):
        db.session.execute(sa.update(model).where(model.unit_id == unit.id).values(unit_id=target.id))
    for child in queries.children_of(unit):
        same = unit_by_path(_path(target, child.name))
        if same is None:
            _place(child, target, child.name)
        else:
            _merge(child, same)
    db.session.flush()
    db.session.delete(unit)
    db.session.flush()


def _place(unit: Unit, parent: Unit | None, name: str) -> None:
    """Under this parent by this name, with all that is below it."""
    path = _path(parent, name)
    if path == unit.path:
        return
    _require_free(path)
    tree, old = queries.lock_tree(unit), unit.path
    deeper = (parent.depth + 1 if parent else 0) - unit.depth
    if any(len(path) + len(one.path) - len(old) > LONGEST_PATH for one in tree):
        raise Refused(_("The name of the unit is too long."))
    unit.name, unit.parent_id = name, parent.id if parent else None
    for one in tree:
        one.path, one.depth = path + one.path[len(old) :], one.depth + deeper
        one.sort_key = SEPARATOR.join(map(sort_key, one.path.split(SEPARATOR)))[:500]
    db.session.flush()
    for class_id in queries.classes_at([one.id for one in tree]):
        touch_roster(class_id)


def _path(parent: Unit | None, name: str) -> str:
    if not name or SEPARATOR.strip() in name:
        raise Refused(_("The name of a unit has no “/” in it: that stands between a unit and the one above it."))
    path = f"{parent.path}{SEPARATOR}{name}" if parent else name
    require_unit_path(path)
    return path


def _require_free(path: str) -> None:
    if unit_by_path(path) is not None:
        raise Refused(_("There is a unit “%(path)s” already. Merge the two if they are the same.", path=path))


def _other(unit: Unit, path: str) -> Unit:
    """Another one, that is not below this."""
    other = unit_by_path(unit_path(path))
    if other is None:
        raise Refused(
            _("There is no unit “%(path)s”. Write it with all that is above it, as the list shows it.", path=path)
        )
    if other.id in {one.id for one in queries.lock_tree(unit)}:
        raise Refused(_("That is the unit itself, or below it."))
    return other

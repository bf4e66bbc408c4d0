"""Changing the groups of a class, and who is in them."""

from collections.abc import Collection

from sqlalchemy.exc import IntegrityError

from forum.classes import queries
from forum.classes.archive import require_not_archived
from forum.classes.models import Enrolment, Group, TrainingClass
from forum.classes.revisions import touch_roster
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.text import is_blank, one_line

LONGEST_NAME = 120


def add_group(training_class: TrainingClass, name: str) -> Group:
    require_not_archived(queries.lock_class(training_class))
    group = Group(
        class_id=training_class.id,
        name=_free_name(training_class.id, name),
        position=max((other.position for other in queries.groups_of(training_class)), default=0) + 1,
    )
    db.session.add(group)
    db.session.flush()
    touch_roster(training_class.id)
    return group


def rename_group(training_class: TrainingClass, group: Group, name: str) -> None:
    require_not_archived(queries.lock_class(training_class))
    group.name = _free_name(training_class.id, name, group)
    touch_roster(training_class.id)


def move_group(training_class: TrainingClass, group: Group, steps: int) -> None:
    """Up (-1) or down (1) in the order in which groups are listed; at the end it stays."""
    require_not_archived(queries.lock_class(training_class))
    groups = queries.groups_of(training_class)
    place = groups.index(group)
    groups.insert(max(0, place + steps), groups.pop(place))
    for position, entry in enumerate(groups, start=1):
        entry.position = position
    touch_roster(training_class.id)


def delete_group(training_class: TrainingClass, group: Group) -> None:
    """Only when nobody is in it, and no discussion is for it: of those only the database knows here."""
    require_not_archived(training_class)
    active, withdrawn = queries.count_people(group)
    if active:
        raise Refused(_("There are people in “%(name)s”. Move them to another group first.", name=group.name))
    if withdrawn:
        words = _("People who have left the class were in “%(name)s”, and their figures stand under it, so it stays.")
        raise Refused(words % {"name": group.name})
    try:
        with db.session.begin_nested():
            db.session.delete(group)
    except IntegrityError:
        words = _("A discussion is for “%(name)s”, so it stays. Choose other groups for the discussion first.")
        raise Refused(words % {"name": group.name}) from None
    touch_roster(training_class.id)


def assign_group(training_class: TrainingClass, enrolments: Collection[Enrolment], group: Group | None) -> int:
    """Put these people into the group, or into none; how many of them that moves. Their figures move with them."""
    require_not_archived(training_class)
    moved = [enrolment for enrolment in enrolments if enrolment.group_id != (group.id if group else None)]
    for enrolment in moved:
        enrolment.group_id = group.id if group else None
    if moved:
        db.session.flush()
        touch_roster(training_class.id)
    return len(moved)


def _free_name(class_id: int, name: str, group: Group | None = None) -> str:
    name = one_line(name)
    if is_blank(name):
        raise Refused(_("A group needs a name."))
    if len(name) > LONGEST_NAME:
        raise Refused(_("“%(start)s…” is longer than %(count)s characters.", start=name[:20], count=LONGEST_NAME))
    other = queries.group_by_name(class_id, name)
    if other is not None and other is not group:
        raise Refused(_("There is already a group called “%(name)s”.", name=name))
    return name

"""Rows imported into a class straight through the operation, and what became of them."""

from __future__ import annotations

from typing import Any

from forum.classes.models import Enrolment, TrainingClass
from forum.classes.roster import Plan, import_roster
from forum.classes.roster_rows import RosterRow
from forum.db import db
from forum.members.models import Member
from tests.cast import World


def row(number: int, name: str, **told: Any) -> RosterRow:
    return RosterRow(number, name, **told)


def class_of(slug: str = "spring") -> TrainingClass:
    return db.session.query(TrainingClass).filter_by(slug=slug).one()


def take(world: World, *rows: RosterRow, slug: str = "spring") -> Plan:
    """Import and commit."""
    with world.inside():
        return import_roster(class_of(slug), rows)


def outcomes(plan: Plan) -> dict[int, str]:
    return {person.row.number: person.outcome.value for person in plan.people}


def changes(plan: Plan) -> dict[int, list[tuple[str, str, str]]]:
    return {
        person.row.number: [(change.what, change.before, change.after) for change in person.changes]
        for person in plan.people
        if person.changes
    }


def reasons(faults: list[Any]) -> dict[int, str]:
    return {fault.row: fault.reason for fault in faults}


def enrolled(world: World, slug: str = "spring") -> dict[str, tuple[str, str | None, str | None, bool]]:
    """Role, unit, group and mark of everybody active, by name."""
    with world.app.app_context():
        return {
            each.member.name: (
                each.role.value,
                each.unit.path if each.unit else None,
                each.group.name if each.group else None,
                each.organises,
            )
            for each in db.session.query(Enrolment).filter_by(class_id=class_of(slug).id, withdrawn_at=None)
        }


def account(world: World, name: str) -> tuple[str | None, str | None, str, str | None]:
    with world.app.app_context():
        member = db.session.query(Member).filter_by(name=name).one()
        return member.phone, member.email, member.position, member.unit.path if member.unit else None

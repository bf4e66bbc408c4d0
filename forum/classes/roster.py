"""A roster becomes enrolments: first a plan that changes nothing, then all of it at once.

Who is missing in the roster stays enrolled. An empty cell changes nothing. An account that its owner has used, that of
an administrator and one that is in another class too are changed by nobody's roster: only the enrolment is.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.audit.models import Verb
from forum.audit.operations import Done, record, record_each
from forum.classes import queries
from forum.classes.models import Enrolment, Group, Role, TrainingClass
from forum.classes.revisions import touch_roster
from forum.classes.roster_matching import Match, match_rows, name_key
from forum.classes.roster_rows import Fault, RosterRow
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.members.operations import void_password_links
from forum.text import sort_key
from forum.units.operations import ensure_units
from forum.units.queries import unit_ids


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is one of: name, phone, email, position (of the account), unit, group, role, organises, returns."""

    what: str
    before: str
    after: str


@dataclass(slots=True)
class Planned:
    """`member` is None for somebody without an account."""

    row: RosterRow
    outcome: Outcome
    member: Member | None = None
    enrolment: Enrolment | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def comes_in(self) -> bool:
        """Into the class, with an account that was there before."""
        returns = any(change.what == "returns" for change in self.changes)
        return self.member is not None and (self.enrolment is None or returns)


@dataclass(slots=True)
class Plan:
    people: list[Planned]
    bad: list[Fault]
    warnings: list[Fault]
    new_units: list[str]
    new_groups: list[str]

    def of(self, outcome: str) -> list[Planned]:
        return [person for person in self.people if person.outcome == outcome]

    @property
    def writes(self) -> list[Planned]:
        return [person for person in self.people if person.outcome is not Outcome.KNOWN]


def plan_roster(training_class: TrainingClass, rows: Sequence[RosterRow]) -> Plan:
    """What importing these rows would do now."""
    if training_class.is_archived:
        raise Refused(_("The class is archived: its roster stays as it is."))
    matching = match_rows(training_class, rows)
    warnings = matching.warnings
    people = [_planned(match, warnings) for match in matching.matches]
    paths = {person.row.unit for person in people if person.row.unit}
    known_groups = {group.name for group in queries.groups_of(training_class)}
    groups = dict.fromkeys(person.row.group for person in people if person.row.group)
    return Plan(
        people,
        matching.bad,
        warnings,
        new_units=sorted(paths - unit_ids(paths).keys(), key=sort_key),
        new_groups=[name for name in groups if name not in known_groups],
    )


def import_roster(training_class: TrainingClass, rows: Sequence[RosterRow]) -> Plan:
    """Do what the plan of this moment says; imports into one class take turns."""
    training_class = queries.lock_class(training_class)
    plan = plan_roster(training_class, rows)
    if plan.writes:
        try:
            _write(training_class, plan)
        except IntegrityError:
            raise Refused(
                _("Somebody else has just added one of these people. Nothing was imported; please try once more.")
            ) from None
    return plan


def _planned(match: Match, warnings: list[Fault]) -> Planned:
    member, enrolment = match.member, match.enrolment
    if member is None:
        return Planned(match.row, Outcome.NEW)
    of_account = _account_changes(match.row, member)
    changes = _enrolment_changes(match.row, enrolment) if enrolment else []
    if match.is_ours:
        changes = of_account + changes
    elif of_account:
        warnings.append(_kept_account(match, of_account))
    outcome = Outcome.NEW if enrolment is None else Outcome.CHANGED if changes else Outcome.KNOWN
    if enrolment is not None and not enrolment.is_active:
        returns = _("Had been withdrawn from the class, and is enrolled again.")
        warnings.append(Fault(match.row.number, returns, match.row.name))
    return Planned(match.row, outcome, member, enrolment, changes)


def _account_changes(row: RosterRow, member: Member) -> list[Change]:
    """What the row says otherwise than the account."""
    name = row.name if name_key(row.name) != name_key(member.name) else None
    told = {"name": name, "phone": row.phone, "email": row.email, "position": row.position}
    return [
        Change(what, getattr(member, what) or "", after)
        for what, after in told.items()
        if after is not None and after != getattr(member, what)
    ]


def _enrolment_changes(row: RosterRow, enrolment: Enrolment) -> list[Change]:
    changes = []
    if not enrolment.is_active:
        changes.append(Change("returns", "", ""))
    if row.unit and (before := enrolment.unit.path if enrolment.unit else "") != row.unit:
        changes.append(Change("unit", before, row.unit))
    if row.group and (before := enrolment.group.name if enrolment.group else "") != row.group:
        changes.append(Change("group", before, row.group))
    if row.role and row.role is not enrolment.role:
        changes.append(Change("role", enrolment.role, row.role))
    # A roster gives this mark and never takes it away: nobody shuts themselves out with a spreadsheet.
    if row.organises and not enrolment.organises:
        changes.append(Change("organises", "", ""))
    return changes


def _kept_account(match: Match, changes: list[Change]) -> Fault:
    assert match.member is not None
    if all(change.what != "name" for change in changes):
        reason = _("This person has an account of their own: what the row says otherwise of it is not taken.")
    else:
        reason = _(
            "This phone number or e-mail address is that of “%(name)s” in this class. Check that it is the same "
            "person; the account stays as it is.",
            name=match.member.name,
        )
    return Fault(match.row.number, reason, match.row.name)


def _write(training_class: TrainingClass, plan: Plan) -> None:
    units = ensure_units(person.row.unit for person in plan.writes if person.row.unit)
    groups = _ensure_groups(training_class, plan.new_groups)
    added = _add_members([person.row for person in plan.writes if person.member is None], units)
    same = {"class_id": training_class.id, "enrolled_at": clock.now()}
    enrolments: list[dict[str, Any]] = []
    done = [Done(Verb.MEMBER_ADDED, member_id) for member_id in added.values()]
    for person in plan.writes:
        row = person.row
        unit_id, group_id = units.get(row.unit or ""), groups.get(row.group or "")
        if person.enrolment is not None:
            done.append(_correct(person, person.enrolment, unit_id, group_id))
            continue
        member_id = person.member.id if person.member else added[row.number]
        own_unit = person.member.unit_id if person.member else None
        standing = {"role": row.role or Role.TRAINEE, "organises": row.organises}
        done.append(Done(Verb.ENROLLED, member_id, training_class.id, standing))
        enrolments.append(
            {**same, **standing, "member_id": member_id, "unit_id": unit_id or own_unit, "group_id": group_id}
        )
    if enrolments:
        db.session.execute(insert(Enrolment), enrolments)
    void_password_links([person.member.id for person in plan.writes if person.comes_in and person.member])
    record(Verb.ROSTER_IMPORTED, class_id=training_class.id, added=len(enrolments), new_accounts=len(added))
    record_each(done)
    touch_roster(training_class.id)
    db.session.flush()


def _correct(person: Planned, enrolment: Enrolment, unit_id: int | None, group_id: int | None) -> Done:
    member = person.member
    assert member is not None
    details: dict[str, Any] = {"fields": [change.what for change in person.changes]}
    for change in person.changes:
        match change.what:
            case "returns":
                enrolment.withdrawn_at = None
            case "unit":
                enrolment.unit_id = unit_id
            case "group":
                enrolment.group_id = group_id
            case "role":
                details["role"] = enrolment.role = Role(change.after)
            case "organises":
                details["organises"] = enrolment.organises = True
            case _:
                setattr(member, change.what, change.after)
                member.sort_key = sort_key(member.name)
    return Done(Verb.ENROLMENT_CHANGED, member.id, enrolment.class_id, details)


def _ensure_groups(training_class: TrainingClass, new: Iterable[str]) -> dict[str, int]:
    """The ids of the class's groups by name, with these added after the others."""
    groups = queries.groups_of(training_class)
    last = max((group.position for group in groups), default=0)
    added = [Group(class_id=training_class.id, name=name, position=last + step) for step, name in enumerate(new, 1)]
    db.session.add_all(added)
    db.session.flush()
    return {group.name: group.id for group in [*groups, *added]}


def _add_members(rows: Sequence[RosterRow], units: dict[str, int]) -> dict[int, int]:
    """Their ids by the row's number. They have no password: a slip lets them in."""
    if not rows:
        return {}
    now = clock.now()
    # Each account's stamp is its own, so it tells which row an id belongs to: SQLite returns them in no order.
    stamps = {secrets.token_hex(8): row for row in rows}
    columns = [
        {
            "name": row.name,
            "sort_key": sort_key(row.name),
            "phone": row.phone,
            "email": row.email,
            "position": row.position or "",
            "unit_id": units.get(row.unit or ""),
            "session_stamp": stamp,
            "created_at": now,
        }
        for stamp, row in stamps.items()
    ]
    added = db.session.execute(insert(Member).returning(Member.session_stamp, Member.id), columns)
    return {stamps[stamp].number: id_ for stamp, id_ in added}

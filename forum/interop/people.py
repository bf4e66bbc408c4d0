"""The members of a file: accounts found or made, and their enrolments."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from forum import clock
from forum.classes.models import Enrolment, TrainingClass
from forum.classes.revisions import touch_roster
from forum.db import db
from forum.i18n import gettext as _
from forum.interop import queries
from forum.interop.queries import Account
from forum.interop.report import ImportReport
from forum.interop.rows import MemberRow
from forum.members.models import Member
from forum.text import sort_key
from forum.units.operations import ensure_unit


def add_people(training_class: TrainingClass, rows: Sequence[MemberRow], report: ImportReport) -> dict[str, int]:
    """Everybody enrolled in the class; the member's id by the file's. Who is enrolled already stays as they are."""
    units = {path: ensure_unit(path).id for path in dict.fromkeys(row.unit for row in rows) if path is not None}
    accounts = queries.accounts_by_email({row.email for row in rows if row.email})
    member_ids = _find_or_add_members(rows, accounts, units)
    enrolments = queries.enrolments_by_member(training_class)
    added: dict[int, dict[str, Any]] = {}
    for row in rows:
        member_id, account = member_ids[row.id], accounts.get(row.email or "")
        if account is not None and account.name != row.name:
            report.note(row.line, _("The account with this e-mail address keeps its own name."))
        wanted = _wanted(row, units, account)
        if member_id in added:
            report.note(row.line, _("Another line has this e-mail address; both are taken as one person."))
        elif enrolled := enrolments.get(member_id):
            if wanted != {name: getattr(enrolled, name) for name in wanted}:
                report.note(row.line, _("This member is enrolled already, with another role or unit, and keeps them."))
        else:
            added[member_id] = wanted
    _enrol(training_class, added)
    report.members += len(added)
    report.already_there += len(rows) - len(added)
    return member_ids


def _wanted(row: MemberRow, units: Mapping[str, int], account: Account | None) -> dict[str, Any]:
    """The columns of the enrolment; without a unit in the file it is the account's."""
    own_unit = account.unit_id if account else None
    return {
        "role": row.role,
        "organises": row.organises,
        "unit_id": units[row.unit] if row.unit else own_unit,
    }


def _enrol(training_class: TrainingClass, enrolments: Mapping[int, Mapping[str, Any]]) -> None:
    if not enrolments:
        return
    same = {"class_id": training_class.id, "enrolled_at": clock.now()}
    db.session.execute(
        insert(Enrolment), [{**same, **columns, "member_id": member_id} for member_id, columns in enrolments.items()]
    )
    touch_roster(training_class.id)


def _find_or_add_members(
    rows: Sequence[MemberRow], accounts: Mapping[str, Account], units: Mapping[str, int]
) -> dict[str, int]:
    """Rows with one e-mail address are one member; new members have no password."""
    ids = {(email, ""): account.id for email, account in accounts.items()}
    new: dict[tuple[str, str], MemberRow] = {}
    for row in rows:
        if _person(row) not in ids:
            new.setdefault(_person(row), row)
    if new:
        now = clock.now()
        added = db.session.scalars(
            insert(Member).returning(Member.id, sort_by_parameter_order=True),
            [_member(row, units) | {"created_at": now} for row in new.values()],
        )
        ids.update(zip(new, added, strict=True))
    return {row.id: ids[_person(row)] for row in rows}


def _person(row: MemberRow) -> tuple[str, str]:
    return (row.email, "") if row.email else ("", row.id)


def _member(row: MemberRow, units: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": row.name,
        "sort_key": sort_key(row.name),
        "email": row.email,
        "unit_id": units[row.unit] if row.unit else None,
        "session_stamp": secrets.token_hex(8),
    }

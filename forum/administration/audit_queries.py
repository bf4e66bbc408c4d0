"""The audit log as it is read: with the names of those it speaks of, as they are called now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.audit.models import AuditEntry
from forum.classes.models import TrainingClass
from forum.db import db
from forum.members.models import Member

ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """None where it does not matter; the day as its first moment and the next day's."""

    member_id: int | None = None
    verb: str | None = None
    class_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        if self.member_id is not None:
            yield sa.or_(AuditEntry.actor_id == self.member_id, AuditEntry.member_id == self.member_id)
        if self.verb:
            yield AuditEntry.verb == self.verb
        if self.class_id is not None:
            yield AuditEntry.class_id == self.class_id
        if self.since is not None and self.until is not None:
            yield sa.and_(AuditEntry.at >= self.since, AuditEntry.at < self.until)


def _entries(wanted: Wanted) -> Any:
    actor, whom = aliased(Member), aliased(Member)
    return (
        select(
            AuditEntry,
            actor.name.label("actor"),
            whom.name.label("whom"),
            TrainingClass.title.label("class_title"),
            TrainingClass.slug,
        )
        .outerjoin(actor, actor.id == AuditEntry.actor_id)
        .outerjoin(whom, whom.id == AuditEntry.member_id)
        .outerjoin(TrainingClass, TrainingClass.id == AuditEntry.class_id)
        .where(*wanted.conditions())
        .order_by(AuditEntry.id.desc())
    )


def page_of_entries(wanted: Wanted, before: int | None) -> tuple[list[Any], bool]:
    """The newest first, from before the entry `before`; and whether there are more."""
    older = AuditEntry.id < before if before else sa.true()
    rows = db.session.execute(_entries(wanted).where(older).limit(ON_A_PAGE + 1)).all()
    return list(rows[:ON_A_PAGE]), len(rows) > ON_A_PAGE


def all_entries(wanted: Wanted) -> Iterator[Any]:
    """Read as they are asked for, a page at a time."""
    before, more = None, True
    while more:
        rows, more = page_of_entries(wanted, before)
        yield from rows
        before = rows[-1].AuditEntry.id if rows else None

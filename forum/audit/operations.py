"""Recording, by the operations themselves: whichever page, command or program calls one, it is recorded once, and with
the change or not at all. Who acts and from where only the edge knows; it says so with `acting`."""

from collections.abc import Callable, Collection
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from forum import clock
from forum.audit import queries
from forum.audit.models import AuditEntry, Verb
from forum.db import db

# So many at most are forgotten at once: others write, too.
MOST_FORGOTTEN = 5_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Nobody and nowhere: the command line, or a job."""

    actor_id: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One entry; `member_id` is whom it was done to."""

    verb: Verb
    member_id: int | None = None
    class_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


_origin: ContextVar[Callable[[], Origin]] = ContextVar("origin", default=Origin)


def acting(origin: Callable[[], Origin] = Origin) -> None:
    """Say who acts from now on; asked only when there is something to record."""
    _origin.set(origin)


def record(
    verb: Verb, member_id: int | None = None, class_id: int | None = None, actor_id: int | None = None, **details: Any
) -> None:
    """`member_id` is whom it was done to; `actor_id` only where the edge cannot know yet who acts."""
    record_each([Done(verb, member_id, class_id, details)], actor_id)


def record_each(all_done: Collection[Done], actor_id: int | None = None) -> None:
    """What was done to many, in one statement."""
    if not all_done:
        return
    origin = _origin.get()()
    same = {"at": clock.now(), "address": origin.address[:64], "actor_id": actor_id or origin.actor_id}
    adding = sa.insert(AuditEntry).execution_options(render_nulls=True)
    db.session.execute(adding, [same | asdict(done) for done in all_done])


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names alone: what they hold is somebody's words."""
    return [field for field, value in after.items() if before[field] != value]


def forget_before(moment: datetime) -> None:
    old = queries.older_than(moment, MOST_FORGOTTEN)
    db.session.execute(
        sa.delete(AuditEntry).where(AuditEntry.id.in_(old)), execution_options={"synchronize_session": False}
    )

"""What an import has to know of the class before it writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sqlalchemy import select

from forum.classes.models import Enrolment, TrainingClass
from forum.db import db
from forum.discussions.models import Discussion, Post
from forum.interop.models import ImportedRecord, RecordKind
from forum.members.models import Member

_AT_ONCE = 1000
_Wanted = TypeVar("_Wanted")


@dataclass(frozen=True, slots=True)
class Known:
    """What an id of the file is already, by a former import."""

    local_id: int
    digest: str


@dataclass
class Records:
    """By the file's ids."""

    members: dict[str, Known] = field(default_factory=dict)
    discussions: dict[str, Known] = field(default_factory=dict)
    posts: dict[str, Known] = field(default_factory=dict)


def hold_class(training_class: TrainingClass) -> None:
    """Imports into one class take turns; whoever posts in it meanwhile does not wait."""
    db.session.execute(
        select(TrainingClass.id).where(TrainingClass.id == training_class.id).with_for_update(key_share=True)
    )


def imported_records(training_class: TrainingClass) -> Records:
    records = Records()
    of_kind = {
        RecordKind.MEMBER: records.members,
        RecordKind.DISCUSSION: records.discussions,
        RecordKind.POST: records.posts,
    }
    statement = select(
        ImportedRecord.kind, ImportedRecord.external_id, ImportedRecord.local_id, ImportedRecord.digest
    ).where(ImportedRecord.class_id == training_class.id)
    for kind, external_id, local_id, digest in db.session.execute(statement):
        of_kind[kind][external_id] = Known(local_id, digest)
    return records


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    name: str
    unit_id: int | None


def accounts_by_email(addresses: Iterable[str]) -> dict[str, Account]:
    return {
        str(email): Account(member_id, name, unit_id)
        for some in _portions(addresses)
        for email, member_id, name, unit_id in db.session.execute(
            select(Member.email, Member.id, Member.name, Member.unit_id).where(Member.email.in_(some))
        )
    }


def enrolments_by_member(training_class: TrainingClass) -> dict[int, Enrolment]:
    found = db.session.scalars(select(Enrolment).where(Enrolment.class_id == training_class.id))
    return {enrolment.member_id: enrolment for enrolment in found}


def hold_discussions(discussion_ids: Iterable[int]) -> dict[int, Discussion]:
    """As `discussions.queries.lock_discussion` for one; in order of id, so that no two imports block each other."""
    return {
        discussion.id: discussion
        for some in _portions(sorted(discussion_ids))
        for discussion in db.session.scalars(
            select(Discussion)
            .where(Discussion.id.in_(some))
            .order_by(Discussion.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands: what a reply to it needs to know."""

    id: int
    discussion_id: int
    root_id: int | None
    depth: int


def places_of_posts(post_ids: Iterable[int]) -> dict[int, Place]:
    return {
        row.id: Place(*row)
        for some in _portions(post_ids)
        for row in db.session.execute(
            select(Post.id, Post.discussion_id, Post.root_id, Post.depth).where(Post.id.in_(some))
        )
    }


def _portions(wanted: Iterable[_Wanted]) -> Iterator[list[_Wanted]]:
    """Few enough at once for the parameters of a statement."""
    remaining = iter(wanted)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some

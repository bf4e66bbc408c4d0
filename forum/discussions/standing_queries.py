"""How whoever asks stands to a discussion: in full, and as all that the page they get depends on."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.queries import get_enrolment
from forum.db import beside, db
from forum.discussions.models import Discussion, ReadMark, State, state_between
from forum.discussions.queries import (
    brought_with,
    draft_versions,
    is_seen_beside,
    note,
    read_number,
    versions_of_drafts,
)
from forum.discussions.unread_queries import number_unread, unread_count
from forum.members.models import Member
from forum.members.queries import IS_SESSION, parse_session_id


class Standing(NamedTuple):
    """Of a member to a discussion that they may see; `role`, `organises` and `group_id` while they are enrolled."""

    member_id: int
    name: str
    position: str
    is_administrator: bool
    role: Role | None
    organises: bool | None
    group_id: int | None
    class_id: int
    discussion_id: int
    revision: int
    roster_revision: int
    last_number: int
    post_first: bool
    opens_at: datetime | None
    closes_at: datetime | None
    archived_at: datetime | None
    read_number: int | None
    drafts: str | None
    unread: int

    @property
    def dated(self) -> tuple[int, int, int, int]:
        """Of the class, too: the id of a discussion that was deleted may be given again, in any class."""
        return self.class_id, self.discussion_id, self.revision, self.roster_revision

    @property
    def rights(self) -> tuple[bool, Role | None, bool | None]:
        """What the policy goes by."""
        return self.is_administrator, self.role, self.organises

    def state_at(self, moment: datetime) -> State:
        return state_between(self.archived_at, self.opens_at, self.closes_at, moment)


@cache
def _standing() -> Any:
    own = aliased(Enrolment)
    return (
        select(
            *(Member.id, Member.name, Member.position, Member.is_administrator, own.role, own.organises, own.group_id),
            *(TrainingClass.id, Discussion.id, Discussion.revision, TrainingClass.roster_revision),
            *(Discussion.last_number, Discussion.post_first, Discussion.opens_at, Discussion.closes_at),
            *(TrainingClass.archived_at, ReadMark.number, versions_of_drafts(), number_unread(), Member.locale),
        )
        .select_from(Member)
        .join(Discussion, sa.and_(Discussion.id == sa.bindparam("discussion_id"), is_seen_beside()))
        .join(Discussion.training_class)
        .outerjoin(
            own, sa.and_(own.class_id == Discussion.class_id, own.member_id == Member.id, own.withdrawn_at.is_(None))
        )
        .outerjoin(ReadMark, sa.and_(ReadMark.discussion_id == Discussion.id, ReadMark.member_id == Member.id))
        .where(IS_SESSION)
    )


def standing_of_session(session_id: str, discussion_id: int) -> tuple[Standing, str | None] | None:
    """With the language that the member has chosen."""
    named = parse_session_id(session_id)
    if named is None:
        return None
    with beside() as connection:
        found = connection.execute(_standing(), {**named, "discussion_id": discussion_id}).one_or_none()
    return (Standing(*found[:-1]), found[-1]) if found else None


def standing_of(member: Member, discussion: Discussion) -> Standing:
    """The same, of what has been loaded for this member."""
    training_class, enrolment = discussion.training_class, get_enrolment(member, discussion.class_id)
    enrolled = enrolment if enrolment and enrolment.is_active else None
    return Standing(
        member_id=member.id,
        name=member.name,
        position=member.position,
        is_administrator=member.is_administrator,
        role=enrolled.role if enrolled else None,
        organises=enrolled.organises if enrolled else None,
        group_id=enrolled.group_id if enrolled else None,
        class_id=training_class.id,
        discussion_id=discussion.id,
        revision=discussion.revision,
        roster_revision=training_class.roster_revision,
        last_number=discussion.last_number,
        post_first=discussion.post_first,
        opens_at=discussion.opens_at,
        closes_at=discussion.closes_at,
        archived_at=training_class.archived_at,
        read_number=read_number(member, discussion),
        drafts=draft_versions(member, discussion),
        unread=unread_count(member),
    )


_own = aliased(Enrolment)


@cache
def _writer() -> Any:
    return (
        select(Member, Discussion, _own)
        .select_from(Member)
        .outerjoin(Discussion, sa.and_(Discussion.id == sa.bindparam("discussion_id"), is_seen_beside()))
        .outerjoin(Discussion.training_class)
        .outerjoin(_own, sa.and_(_own.class_id == Discussion.class_id, _own.member_id == Member.id))
        .options(contains_eager(Discussion.training_class))
        .where(IS_SESSION)
    )


def writer_of(session_id: str, discussion_id: int) -> Member | None:
    """As reader_of(), for who has no page to be shown."""
    found = _found(_writer(), session_id, discussion_id)
    if found is None:
        return None
    member, discussion, enrolment = found
    if discussion is not None:
        member.enrolments_seen[discussion.class_id] = enrolment
    return member


@cache
def _reader() -> Any:
    mark = sa.and_(ReadMark.discussion_id == Discussion.id, ReadMark.member_id == Member.id)
    beside = ReadMark.number, versions_of_drafts(), number_unread()
    return _writer().add_columns(*beside).outerjoin(ReadMark, mark)


def reader_of(session_id: str, discussion_id: int) -> Member | None:
    """Whose session it is, together with what get_discussion() will be asked for next."""
    found = _found(_reader(), session_id, discussion_id)
    if found is None:
        return None
    member, discussion, enrolment, read_number, drafts, unread = found
    member.__dict__["_unread"] = unread
    if discussion is not None:
        note(member, discussion, enrolment, read_number)
        member.__dict__["_drafts"] = {discussion.id: drafts or ""}
    return member


def _found(statement: Any, session_id: str, discussion_id: int) -> Any:
    """A member and a discussion come first; get_discussion() has the one of the other."""
    named = parse_session_id(session_id)
    row = db.session.execute(statement, {**named, "discussion_id": discussion_id}).one_or_none() if named else None
    if row is not None:
        brought_with(row[0])[discussion_id] = row[1]
    return row

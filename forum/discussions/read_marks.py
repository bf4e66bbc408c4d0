"""How far a member has read a discussion."""

from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.db import after_commit, db, insert_into
from forum.discussions import broadcasts
from forum.discussions.models import Discussion, ReadMark
from forum.errors import Gone
from forum.members.models import Member
from forum.notifications.operations import mark_seen


def mark_read(member: Member, discussion: Discussion, number: int) -> None:
    """The member has seen what stood up to this number; never less than before."""
    number = min(number, discussion.last_number)
    mark = insert_into(ReadMark).values(
        member_id=member.id, discussion_id=discussion.id, number=number, read_at=clock.now()
    )
    rises = mark.on_conflict_do_update(
        index_elements=[ReadMark.member_id, ReadMark.discussion_id],
        set_={"number": mark.excluded.number, "read_at": mark.excluded.read_at},
        where=ReadMark.number < number,
    )
    try:
        db.session.execute(rises)
    except IntegrityError:
        raise Gone from None
    if mark_seen(member, discussion.id, number):
        after_commit(broadcasts.notifications_changed, member.id)

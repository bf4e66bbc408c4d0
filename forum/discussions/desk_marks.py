"""What an instructor lets go from their own desk without a comment, and takes back to it."""

import sqlalchemy as sa

from forum import clock
from forum.db import db, insert_into
from forum.discussions.models import DeskMark, Post
from forum.members.models import Member


def read_post(member: Member, post: Post) -> None:
    """Marked once, however often it is said."""
    mark = insert_into(DeskMark).values(post_id=post.id, member_id=member.id, read_at=clock.now())
    db.session.execute(mark.on_conflict_do_nothing())


def unread_post(member: Member, post: Post) -> None:
    db.session.execute(sa.delete(DeskMark).where(DeskMark.post_id == post.id, DeskMark.member_id == member.id))

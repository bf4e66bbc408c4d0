"""What an instructor lets go from their own desk without a comment, and takes back to it."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from forum import clock
from forum.db import db
from forum.discussions.models import DeskMark, Post
from forum.members.models import Member


def read_post(member: Member, post: Post) -> None:
    """Marked once, however often it is said."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    mark = insert(DeskMark).values(post_id=post.id, member_id=member.id, read_at=clock.now())
    db.session.execute(mark.on_conflict_do_nothing())


def unread_post(member: Member, post: Post) -> None:
    db.session.execute(sa.delete(DeskMark).where(DeskMark.post_id == post.id, DeskMark.member_id == member.id))

"""Discussion, Post and what hangs on them: columns, constraints, own-row facts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum import clock
from forum.classes.models import Activity, Group, Role, TrainingClass
from forum.db import Model, UTCDateTime, one_of
from forum.members.models import Member

# In characters: of what is typed, of a draft, of a post.
LONGEST_BODY = 100_000


class Stage(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Audience(StrEnum):
    CLASS = "class"
    GROUPS = "groups"


class State(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class BodyFormat(StrEnum):
    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


audience_groups = sa.Table(
    "discussion_groups",
    Model.metadata,
    sa.Column("discussion_id", sa.ForeignKey("discussions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("group_id", sa.ForeignKey("groups.id"), primary_key=True, index=True),
)


def state_between(
    archived_at: datetime | None, opens_at: datetime | None, closes_at: datetime | None, moment: datetime
) -> State:
    """Upcoming before `opens_at`, closed from `closes_at` on; without a window, open while the class is open."""
    if archived_at is not None or (closes_at is not None and moment >= closes_at):
        return State.CLOSED
    if opens_at is not None and moment < opens_at:
        return State.UPCOMING
    return State.OPEN


class Discussion(Model):
    """`revision` rises with every change of its posts and stamps them; `last_number` is the last post's (楼层).

    `first_closed_at` is kept when a closed discussion is opened again: what is written after it is late.
    """

    __tablename__ = "discussions"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activities.id"), index=True)
    stage: Mapped[Stage] = mapped_column(one_of(Stage))
    title: Mapped[str] = mapped_column(sa.String(300))
    prompt: Mapped[str] = mapped_column(sa.Text, default="")
    prompt_html: Mapped[str] = mapped_column(sa.Text, default="")
    audience: Mapped[Audience] = mapped_column(one_of(Audience), default=Audience.CLASS)
    post_first: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=lambda: clock.now())

    training_class: Mapped[TrainingClass] = relationship()
    activity: Mapped[Activity | None] = relationship()
    groups: Mapped[list[Group]] = relationship(secondary=audience_groups)

    def state_at(self, moment: datetime) -> State:
        return state_between(self.training_class.archived_at, self.opens_at, self.closes_at, moment)

    def seconds_until_change(self, moment: datetime) -> float | None:
        """Until it opens or closes without anybody doing it."""
        times = (self.opens_at, self.closes_at)
        left = [(time - moment).total_seconds() for time in times if time is not None and time > moment]
        return None if self.training_class.is_archived else min(left, default=None)

    def is_late_at(self, moment: datetime) -> bool:
        closing = self.first_closed_at or self.closes_at
        return closing is not None and moment >= closing


# As counting.is_counted_comment() has it.
_IS_COMMENT = sa.text("role = 'instructor' AND hidden_at IS NULL AND deleted_at IS NULL")


class Post(Model):
    """A reflection (no parent, no root) or a reply; `root_id` is the reflection a reply stands under.

    `role` is the role it was written in and never changes. `characters` is counted from `html` (see `forum.text`),
    `likes` from the rows of Like, `file_count` from those of Attachment. Of a text that was erased with its
    author's name `characters` stay, as figures do.
    """

    __tablename__ = "posts"
    __table_args__ = (
        sa.UniqueConstraint("discussion_id", "number"),
        sa.UniqueConstraint("author_id", "token"),
        sa.ForeignKeyConstraint(["class_id", "author_id"], ["enrolments.class_id", "enrolments.member_id"]),
        sa.CheckConstraint("(parent_id IS NULL) = (root_id IS NULL)", name="root_of_reply"),
        sa.CheckConstraint("(parent_id IS NULL) = (depth = 0)", name="depth_of_reply"),
        sa.Index(None, "discussion_id", "root_id", "number"),
        # What one person has written there, recounted with each post of theirs.
        sa.Index(None, "discussion_id", "author_id"),
        sa.Index(None, "discussion_id", "revision"),
        # Wide enough for figures by time to be read from it alone: the texts of a class are many times as large.
        sa.Index(
            "ix_posts_times",
            *("class_id", "created_at", "role", "hidden_at", "deleted_at"),
            *("discussion_id", "author_id", "root_id", "characters"),
        ),
        sa.Index(
            "ix_posts_comments",
            "class_id",
            "discussion_id",
            "root_id",
            "created_at",
            sqlite_where=_IS_COMMENT,
            postgresql_where=_IS_COMMENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"))
    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("discussions.id", ondelete="CASCADE"))
    number: Mapped[int]
    root_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id"), index=True)
    depth: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"))
    role: Mapped[Role] = mapped_column(one_of(Role))
    token: Mapped[str | None] = mapped_column(sa.String(64))
    format: Mapped[BodyFormat] = mapped_column(one_of(BodyFormat), default=BodyFormat.MARKDOWN)
    body: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    characters: Mapped[int] = mapped_column(default=0)
    likes: Mapped[int] = mapped_column(default=0)
    file_count: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int]
    late: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    featured_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    featured_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    hidden_reason: Mapped[str | None] = mapped_column(sa.Text)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    deleted_reason: Mapped[str | None] = mapped_column(sa.Text)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    discussion: Mapped[Discussion] = relationship()
    author: Mapped[Member] = relationship(foreign_keys=[author_id])
    parent: Mapped["Post | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])

    @property
    def is_reflection(self) -> bool:
        return self.parent_id is None

    @property
    def is_comment(self) -> bool:
        return self.role is Role.INSTRUCTOR

    @property
    def is_visible(self) -> bool:
        return self.hidden_at is None and self.deleted_at is None

    @property
    def is_editable(self) -> bool:
        """Not what came in as HTML: nobody shall have to edit tags."""
        return self.is_visible and self.format is not BodyFormat.HTML


class PostWords(Model):
    """What a standing post is found by. On PostgreSQL the words themselves; on SQLite the number of their entry in the
    full-text table `post_index`, which is never given again. Written by `indexing` alone."""

    __tablename__ = "post_words"
    __table_args__ = (sa.Index(None, "words", postgresql_using="gin"),)

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    discussion_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    words: Mapped[Any] = mapped_column(sa.Integer().with_variant(TSVECTOR(), "postgresql"))


class PostVersion(Model):
    """An earlier text of an edited post, as it stood from `written_at` until `replaced_at`."""

    __tablename__ = "post_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    replaced_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Participation(Model):
    """One row per trainee and discussion with a counted post, recounted from the posts, never incremented."""

    __tablename__ = "participation"
    __table_args__ = (
        sa.ForeignKeyConstraint(["class_id", "member_id"], ["enrolments.class_id", "enrolments.member_id"]),
        sa.Index(None, "class_id", "member_id"),
    )

    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("discussions.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"))
    posts: Mapped[int]
    reflections: Mapped[int]
    replies: Mapped[int]
    late: Mapped[int]
    characters: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReadMark(Model):
    """How far a member has read a discussion: everything up to `number` is no longer new."""

    __tablename__ = "read_marks"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("discussions.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int]
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Draft(Model):
    """A text under way, of a reflection (`parent` 0) or of the reply to post `parent`: found again on another device.

    `version` rises each time it is kept, so that an older text never takes the place of a newer one unseen.
    """

    __tablename__ = "drafts"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("discussions.id", ondelete="CASCADE"), primary_key=True)
    parent: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int]
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Like(Model):
    """A member's 赞 for a post."""

    __tablename__ = "likes"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DeskMark(Model):
    """An instructor has read a reflection and lets it go from their own desk without a comment."""

    __tablename__ = "desk_marks"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)

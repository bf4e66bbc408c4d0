"""What the first page and the page of a class show, as plain rows."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from forum import clock
from forum.classes.models import Role
from forum.discussions.models import Discussion, Post
from forum.discussions.rows import excerpt


@dataclass(frozen=True, slots=True)
class DiscussionRow:
    """A discussion with its figures, and what one member has of it: when they last spoke, what is new to them.

    `new` is None where the member has never opened it.
    """

    discussion: Discussion
    posts: int
    participants: int
    comments: int
    spoken_at: datetime | None
    new: int | None
    trainees: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A post by somebody else below the member's own; `own_number` is the member's post it belongs to."""

    discussion_id: int
    discussion_title: str
    timezone: str
    number: int
    own_number: int
    name: str
    role: Role
    created_at: datetime
    html: str
    is_new: bool
    is_unanswered: bool
    total: int

    @property
    def zone(self) -> tzinfo:
        return clock.zone(self.timezone)

    @property
    def excerpt(self) -> str:
        return excerpt(self.html)


@dataclass(frozen=True, slots=True)
class Silent:
    """The trainees of a discussion's audience without a counted post: how many, and the first names by pinyin."""

    count: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Counted reflections without a comment: how many, and who has waited longest since when."""

    count: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class HiddenRow:
    post: Post
    discussion_title: str
    author: str
    hidden_by: str | None

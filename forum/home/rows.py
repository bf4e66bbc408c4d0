"""What the first page, the page of a class and one's own page show, as plain rows."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from forum import clock
from forum.attendance.figures import PersonInTheRoom
from forum.classes.models import Enrolment, Role, TrainingClass
from forum.discussions.models import Discussion, Post, State
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


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """As trainee, by the definitions of the figures; `comments` stand below the reflections, `likes` are those of the
    counted posts."""

    posts: int = 0
    reflections: int = 0
    replies: int = 0
    characters: int = 0
    comments: int = 0
    likes: int = 0
    discussions: int = 0


@dataclass(frozen=True, slots=True)
class OwnComments:
    """As instructor: comments written, counted reflections below which one of them stands, and what waits in the class
    for anybody's."""

    written: int = 0
    reached: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class OwnDiscussion:
    """`is_mine`: its audience includes the person as a trainee, so a post is hoped for; `posts` are the counted ones,
    `written` their own comments, `received` those below their reflections."""

    discussion: Discussion
    state: State
    is_mine: bool
    posts: int
    late: int
    written: int
    received: int

    @property
    def is_owed(self) -> bool:
        return self.is_mine and not self.posts and self.state is not State.CLOSED

    @property
    def is_missed(self) -> bool:
        return self.is_mine and not self.posts and self.state is State.CLOSED


@dataclass(frozen=True, slots=True)
class OwnClass:
    enrolment: Enrolment
    is_past: bool
    figures: OwnFigures
    room: PersonInTheRoom
    comments: OwnComments
    discussions: list[OwnDiscussion] = field(default_factory=list)

    @property
    def training_class(self) -> TrainingClass:
        return self.enrolment.training_class

    @property
    def has_figures(self) -> bool:
        """A trainee's, or those of somebody who was one when they wrote or came."""
        return self.enrolment.role == "trainee" or bool(self.figures.posts or self.room.attended)


class Why(StrEnum):
    """Why a post of one's own does not count, or counts otherwise than the rest."""

    HIDDEN = "hidden"
    DELETED = "deleted"
    ROLE = "role"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class UncountedRow:
    """`by`: the role of who hid it or took it away, "organiser", "instructor" or ""; "self" for the author."""

    post: Post
    discussion_title: str
    zone: tzinfo
    by: str

    @property
    def why(self) -> Why:
        if self.post.deleted_at is not None:
            return Why.DELETED
        if self.post.hidden_at is not None:
            return Why.HIDDEN
        return Why.LATE if self.post.role == "trainee" else Why.ROLE

    @property
    def reason(self) -> str | None:
        return self.post.deleted_reason if self.why is Why.DELETED else self.post.hidden_reason

    @property
    def at(self) -> datetime:
        return self.post.created_at

    @property
    def excerpt(self) -> str:
        return excerpt(self.post.html)

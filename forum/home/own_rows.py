"""What somebody did in their classes, as plain rows for their own page."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from forum.attendance.figures import PersonInTheRoom
from forum.classes.models import Enrolment, TrainingClass
from forum.discussions.models import Discussion, Post, State
from forum.home.rows import excerpt


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

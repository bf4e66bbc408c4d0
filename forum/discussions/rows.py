"""Posts and threads as a page shows them: plain rows, cheap to make, the same for everybody who looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.attachments.models import Attachment
from forum.classes.models import Role
from forum.text import visible_text
from forum.units.models import short_name

EXCERPT = 140


def excerpt(html: str) -> str:
    """The first words of a post, on one line."""
    words = " ".join(visible_text(html).split())
    return words if len(words) <= EXCERPT else words[:EXCERPT].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as a page shows it to everybody: without its text once it is hidden or deleted."""

    id: int
    number: int
    revision: int
    root_id: int | None
    root_number: int | None
    parent_number: int | None
    parent_name: str | None
    depth: int
    author_id: int
    name: str
    position: str
    unit_path: str
    role: Role
    html: str
    created_at: datetime
    edited: bool
    late: bool
    featured: bool
    hidden: bool
    deleted: bool
    likes: int
    file_count: int
    files: Sequence[Attachment] = ()

    @property
    def unit(self) -> str:
        return short_name(self.unit_path)

    @property
    def is_comment(self) -> bool:
        return self.role is Role.INSTRUCTOR


@dataclass(frozen=True, slots=True)
class Thread:
    """A reflection with the replies shown under it; `folded` replies more stand on the reflection's own page."""

    reflection: PostRow
    replies: list[PostRow]
    folded: int


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Threads by key. `earlier` is the number before which there are more, `later` the one after which."""

    threads: list[Thread]
    earlier: int | None
    later: int | None


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """The replies under a post by key; `later` is the number after which there are more."""

    replies: list[PostRow]
    later: int | None


@dataclass(frozen=True, slots=True)
class News:
    """Posts that are new to a reader: how many, and the number of the first (None: there are none)."""

    count: int = 0
    first: int | None = None

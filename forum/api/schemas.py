"""What is answered and taken: the promise itself, as dataclasses. The document and the JSON are made from them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from forum.api.models import Scope
from forum.classes.models import Kind, Role
from forum.discussions.models import Audience, Stage, State


def says(words: str, example: Any, **schema: Any) -> Any:
    """A field with what the document says of it, and what more its JSON schema holds."""
    return field(metadata={"schema": {"description": words, "examples": [example], **schema}})


@dataclass(frozen=True, slots=True)
class Token:
    """The token that was sent."""

    name: str = says("What its owner calls it.", "Attendance script")
    scope: Scope = says("Whether it may only read, or also write.", "write")


@dataclass(frozen=True, slots=True)
class Member:
    """The person in whose name the program acts."""

    id: int = says("Never changes.", 7)
    name: str = says("As other members see it.", "Zhang San")
    email: str | None = says("Null for somebody who has none.", "zhang@example.org")
    position: str = says("Empty for somebody who has none.", "Branch secretary")
    unit: str | None = says("From the top of the organisation tree down.", "City / East")
    administrator: bool = says("Whether the member sees every class.", False)
    language: str | None = says("What the member has chosen; null for no choice.", "zh")
    token: Token = says("The token that was sent.", {"name": "Attendance script", "scope": "write"})


@dataclass(frozen=True, slots=True)
class TrainingClass:
    """A training class, and what the member is in it."""

    slug: str = says("Names it in addresses.", "spring")
    title: str = says("As its members see it.", "Spring seminar")
    kind: Kind = says("Class, salon with open enrolment, or cohort with a fixed term.", "class")
    description: str = says("Plain text, perhaps empty.", "Two weeks on local government.")
    starts_on: date = says("Its first day.", "2026-03-02")
    ends_on: date = says("Its last day.", "2026-03-13")
    timezone: str = says("An IANA name or an offset: its days and times are of this zone.", "Asia/Shanghai")
    archived: bool = says("An archived class can be read and no longer changed.", False)
    role: Role | None = says("The member's role there; null for an administrator who is not enrolled.", "trainee")
    organises: bool = says("Whether the member organises it.", False)


@dataclass(frozen=True, slots=True)
class Classes:
    """The latest first, archived ones at the end."""

    classes: list[TrainingClass] = says("One page of them.", [])
    next: str | None = says("What to send as `after` for the next page; null on the last.", "autumn")


@dataclass(frozen=True, slots=True)
class Participation:
    """The figures of one discussion that everybody in it sees, by the definitions of the class's figures."""

    posts: int = says("Counted posts: by trainees, neither hidden nor deleted.", 20)
    reflections: int = says("Those at the top level.", 14)
    replies: int = says("The others.", 6)
    participants: int = says("Different trainees with a counted post.", 12)
    trainees: int = says("Trainees of its audience.", 30)
    participation_rate: float | None = says("participants / trainees; null where there are none.", 0.4)
    comments: int = says("Visible posts written as an instructor.", 9)
    commented: int = says("Reflections with a comment anywhere below them.", 7)
    comment_coverage: float | None = says("commented / reflections; null where there are none.", 0.5)


PARTICIPATION_EXAMPLE = {
    "posts": 20,
    "reflections": 14,
    "replies": 6,
    "participants": 12,
    "trainees": 30,
    "participation_rate": 0.4,
    "comments": 9,
    "commented": 7,
    "comment_coverage": 0.5,
}


@dataclass(frozen=True, slots=True)
class Discussion:
    """A time-boxed discussion of a class."""

    id: int = says("Never changes.", 12)
    class_slug: str = says("Its class.", "spring")
    title: str = says("As its readers see it.", "The first lecture")
    prompt: str = says("The question, in Markdown; perhaps empty.", "What will you do **differently**?")
    prompt_html: str = says(
        "The same as safe HTML.", "<p>What will you do <strong>differently</strong>?</p>", contentMediaType="text/html"
    )
    stage: Stage = says("Before, during or after the class meets.", "during")
    state: State = says("Upcoming before opens_at, closed from closes_at on or in an archived class.", "open")
    opens_at: datetime | None = says("Null: with the class.", "2026-03-02T09:00:00+08:00")
    closes_at: datetime | None = says("Null: with the class.", "2026-03-02T17:00:00+08:00")
    audience: Audience = says("The class, or chosen groups of it.", "class")
    post_first: bool = says("Whether trainees read the others only after having posted.", False)
    revision: int = says("Rises with every change of its posts.", 41)
    figures: Participation = says("Who has spoken, and how much.", PARTICIPATION_EXAMPLE)


@dataclass(frozen=True, slots=True)
class Discussions:
    """Those that the member may see."""

    discussions: list[Discussion] = says("In the order in which they open.", [])


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post, as they were in its class then."""

    id: int = says("The member's.", 7)
    name: str = says("As other members see it.", "Zhang San")
    role: Role = says("The role the post was written in: that of an instructor is a comment.", "trainee")
    unit: str | None = says("That of the enrolment, from the top down; null for none.", "City / East")


@dataclass(frozen=True, slots=True)
class Post:
    """A reflection (no parent) or a reply."""

    number: int = says("Its place in the discussion, from 1, never given twice.", 3)
    parent: int | None = says("The number of the post it answers; null for a reflection.", 1)
    depth: int = says("0 for a reflection, 1 for a reply to it, and so on.", 1)
    author: Author = says("Who wrote it.", {"id": 7, "name": "Zhang San", "role": "trainee", "unit": "City / East"})
    body: str | None = says(
        "As typed, mostly Markdown; null where it is hidden or deleted for this member.", "I agree."
    )
    html: str | None = says(
        "The same as safe HTML; null where body is.", "<p>I agree.</p>", contentMediaType="text/html"
    )
    created_at: datetime = says("When it was written.", "2026-03-02T09:30:00+08:00")
    edited_at: datetime | None = says("When its text was last changed; null for never.", None)
    late: bool = says("Written after the first closing.", False)
    featured: bool = says("Picked by an instructor or organiser.", False)
    hidden: bool = says("Hidden by an instructor or organiser.", False)
    deleted: bool = says("Deleted by its author.", False)


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts in order of number."""

    revision: int = says("Of the discussion now: what to send as `since` later, for what came or changed after it.", 41)
    posts: list[Post] = says("One page of them.", [])
    next: int | None = says("What to send as `after` for the next page; null on the last.", None)


@dataclass(frozen=True, slots=True)
class NewPost:
    """A text to post."""

    body: str = says("Markdown, at most 100,000 characters; not blank.", "What I take home: ask first.", minLength=1)
    parent: int | None = says("The number of the post it answers; null or left out for a reflection.", None, minimum=1)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong (RFC 9457)."""

    type: str = says("Which problem: its last part is listed below and does not change.", "/api#not-found")
    title: str = says("In a few words, in the language asked for.", "There is nothing here")
    status: int = says("The status of the answer.", 404)
    detail: str = says("What to do, in the language asked for.", "The address may be mistyped.")
    errors: dict[str, str] = says("By the name of each part of the request that is wrong: why.", {"limit": "…"})

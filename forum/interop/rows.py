"""What a line says: a member, a discussion or a post, or the reason why it says none."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from forum.classes.models import Role
from forum.discussions.models import LONGEST_BODY, BodyFormat, Stage
from forum.i18n import gettext as _
from forum.interop import fields
from forum.interop.lines import BadLine, read_object, shown
from forum.interop.report import ImportReport
from forum.text import clean_source


class FileRole(StrEnum):
    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"
    ORGANISER = "organiser"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Row:
    """`digest` is the same for the same content, however the line was written."""

    line: int
    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class MemberRow(Row):
    name: str
    email: str | None
    role: Role
    organises: bool
    unit: str | None


@dataclass(frozen=True, slots=True)
class DiscussionRow(Row):
    title: str
    prompt: str
    stage: Stage
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostRow(Row):
    discussion: str
    author: str
    parent: str | None
    at: datetime
    body: str
    format: BodyFormat


@dataclass
class Rows:
    """The good lines of a file, in its order; `lines` counts all of them."""

    lines: int = 0
    members: list[MemberRow] = field(default_factory=list)
    discussions: list[DiscussionRow] = field(default_factory=list)
    posts: list[PostRow] = field(default_factory=list)


def read_rows(lines: Iterable[bytes], report: ImportReport) -> Rows:
    """Bad lines go into the report; blank ones say nothing."""
    rows = Rows()
    for number, raw in enumerate(lines, 1):
        rows.lines = number
        if not raw.strip():
            continue
        try:
            found, notes = read_object(raw, is_first=number == 1)
            _take(rows, number, found)
        except BadLine as bad:
            report.error(number, bad.reason)
        else:
            for reason in notes:
                report.note(number, reason)
    return rows


def _take(rows: Rows, number: int, found: dict[str, Any]) -> None:
    match found.get("type"):
        case "member":
            rows.members.append(_member(number, found))
        case "discussion":
            rows.discussions.append(_discussion(number, found))
        case "post":
            rows.posts.append(_post(number, found))
        case unknown:
            raise BadLine(_("“%(value)s” is not a type of line: member, discussion or post.", value=shown(unknown)))


def _member(line: int, found: dict[str, Any]) -> MemberRow:
    name = " ".join(fields.filled_text(found, "name", 120).split())
    email = fields.email(found)
    role = fields.choice(found, "role", FileRole)
    unit = fields.unit(found)
    return MemberRow(
        line=line,
        id=fields.key(found, "id"),
        digest=_digest(name, email, role, unit),
        name=name,
        email=email,
        role=Role.INSTRUCTOR if role is FileRole.ORGANISER else Role(role),
        organises=role is FileRole.ORGANISER,
        unit=unit,
    )


def _discussion(line: int, found: dict[str, Any]) -> DiscussionRow:
    title = " ".join(fields.filled_text(found, "title", 300).split())
    prompt = clean_source(fields.text(found, "prompt", LONGEST_BODY) or "")
    stage = fields.choice(found, "stage", Stage)
    opens_at, closes_at = fields.moment(found, "opens_at"), fields.moment(found, "closes_at")
    if opens_at and closes_at and closes_at <= opens_at:
        raise BadLine(_("The discussion would close before it opens."))
    id_ = fields.key(found, "id")
    return DiscussionRow(
        line, id_, _digest(title, prompt, stage, opens_at, closes_at), title, prompt, stage, opens_at, closes_at
    )


def _post(line: int, found: dict[str, Any]) -> PostRow:
    discussion = fields.key(found, "discussion")
    author = fields.key(found, "author")
    has_parent = (fields.text(found, "parent", LONGEST_BODY) or "").strip()
    parent = fields.key(found, "parent") if has_parent else None
    at = fields.moment(found, "at")
    if at is None:
        raise BadLine(fields.missing("at"))
    body = fields.text(found, "body", LONGEST_BODY)
    if body is None:
        raise BadLine(fields.missing("body"))
    body = clean_source(body)
    format_ = fields.choice(found, "format", BodyFormat)
    id_ = fields.key(found, "id")
    digest = _digest(discussion, author, parent, at, body, format_)
    return PostRow(line, id_, digest, discussion, author, parent, at, body, format_)


def _digest(*content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, default=str).encode()).hexdigest()

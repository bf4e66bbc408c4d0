"""What the files hold: the same in both, by names that a program can rely on; every time is a moment in UTC."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from flask import url_for

from forum.discussions.models import Post, PostVersion
from forum.members.models import Member
from forum.takeaway import queries

Entry = dict[str, Any]


def all_of(member: Member, now: datetime) -> Entry:
    """Only what is the member's own: of what others wrote, nothing but the number of the post that was answered."""
    return {
        "taken_at": now,
        "profile": _profile(member),
        "classes": [
            {"class": of.title, "role": kept.role, "organises": kept.organises, "group": group, "unit": unit}
            | _parts(kept, "enrolled_at", "withdrawn_at")
            for kept, of, group, unit in queries.enrolments_of(member)
        ],
        "posts": _posts(member),
        "drafts": [
            {"class": of, "discussion": title, "answers": draft.parent or None, "text": draft.body}
            | _parts(draft, "kept_at")
            for draft, title, of in queries.drafts_of(member)
        ],
        "announcements": [
            {"class": of, "text": kept.body} | _parts(kept, "title", "created_at", "edited_at", "withdrawn_at")
            for kept, of in queries.announcements_of(member)
        ],
        "likes": [
            {"class": of, "discussion": title, "number": number, "at": at}
            for at, number, title, of in queries.likes_of(member)
        ],
        "speeches": [
            {"class": of, "activity": title} | _parts(speech, "role", "topic", "minutes", "recorded_at")
            for speech, title, of in queries.speeches_of(member)
        ],
        "attendance": [
            {"class": of, "activity": title} | _parts(kept, "role", "way", "checked_in_at")
            for kept, title, of in queries.attendances_of(member)
        ],
        "notices": _notices(member),
        "tokens": [
            _parts(token, "name", "scope", "created_at", "last_used_at", "revoked_at")
            for token in queries.tokens_of(member)
        ],
    }


def _profile(member: Member) -> Entry:
    kept = _parts(member, "name", "email", "phone", "position", "locale", "created_at", "first_signed_in_at")
    return kept | {"unit": member.unit.path if member.unit else None}


def _posts(member: Member) -> list[Entry]:
    earlier: dict[int, list[PostVersion]] = defaultdict(list)
    for version in queries.earlier_texts_of(member):
        earlier[version.post_id].append(version)
    files: dict[int, list[Entry]] = defaultdict(list)
    for file in queries.files_of(member):
        files[file.post_id].append(_parts(file, "name", "size") | {"address": _address(file)})
    return [
        {"class": of, "discussion": title, "number": post.number, "answers": answered, "written_at": post.created_at}
        | _parts(post, "role", "late", "likes", "edited_at", "featured_at")
        | _what_became_of(post)
        | _text(post)
        | {"earlier": [_parts(version, "written_at", "replaced_at") | _text(version) for version in earlier[post.id]]}
        | {"files": files[post.id]}
        for post, title, of, answered in queries.posts_of(member)
    ]


def _address(file: Any) -> str:
    return url_for(
        "files.show_file", discussion_id=file.discussion_id, number=file.number, file_id=file.id, _external=True
    )


def _what_became_of(post: Post) -> Entry:
    return _parts(post, "hidden_at", "hidden_reason", "deleted_at", "deleted_reason")


def _text(kept: Post | PostVersion) -> Entry:
    return ({"format": kept.format} if isinstance(kept, Post) else {}) | {"text": kept.body, "html": kept.html}


def _notices(member: Member) -> Entry:
    setting, off = queries.notices_of(member)
    hour = {"mail_hour": setting.mail_hour, "timezone": setting.timezone} if setting else {"mail_hour": None}
    return hour | {"turned_off": off}


def _parts(kept: Any, *names: str) -> Entry:
    return {name: getattr(kept, name) for name in names}

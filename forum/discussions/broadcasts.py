"""Rooms of a discussion and of a class's desk, and what is pushed into them."""

from collections.abc import Callable, Iterator
from datetime import tzinfo
from functools import partial
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from forum import rooms
from forum.config import LOCALES
from forum.db import db
from forum.discussions import figures, queries, threads
from forum.discussions.models import Discussion
from forum.discussions.unread_queries import unread_counts
from forum.members.broadcasts import member_room
from forum.presence import LASTS, presence
from forum.soon import soon

# Seconds between two pushes of what changes with every post, or with everybody who comes in.
FIGURES_EVERY, PRESENCE_EVERY = 1.0, 2.0
# To so many people: they weigh several times what a post does, and an older figure is no lost text.
FIGURES_A_SECOND = 100
MOST_NAMES = 100


def reading_room(discussion_id: int, language: str) -> str:
    return f"discussion:{discussion_id}:{language}"


def waiting_room(discussion_id: int, language: str) -> str:
    """Of those who have to post first: no post is heard here."""
    return f"discussion:{discussion_id}:waiting:{language}"


def staff_room(discussion_id: int) -> str:
    return f"discussion:{discussion_id}:staff"


def desk_room(class_id: int) -> str:
    return f"desk:{class_id}"


def post_published(class_id: int, discussion_id: int, number: int, zone: tzinfo) -> None:
    _push_post("post:published", class_id, discussion_id, number, zone)


def post_changed(class_id: int, discussion_id: int, number: int, zone: tzinfo) -> None:
    _push_post("post:changed", class_id, discussion_id, number, zone)


def discussion_changed(discussion_id: int) -> None:
    """Opened, closed, extended, or its text: those who listen ask what it is now."""
    discussion = db.session.get(Discussion, discussion_id)
    if discussion is None:
        return
    news = {"discussion": discussion_id, "revision": discussion.revision}
    rooms.push("discussion:changed", dict.fromkeys(_everywhere(discussion_id), lambda: news))
    desk = {"class": discussion.class_id, "discussion": discussion_id, "number": None}
    rooms.push("desk:changed", {desk_room(discussion.class_id): lambda: desk})


def audience_changed(discussion_id: int) -> None:
    """Who may see it, or has to post first: everybody asks again."""
    for room in _everywhere(discussion_id):
        rooms.close(room)


def notifications_changed(*member_ids: int) -> None:
    """Each of them hears how many they have not read."""
    heard = rooms.heard([member_room(member_id) for member_id in member_ids])
    hearing = [member_id for member_id in member_ids if member_room(member_id) in heard]
    counts = unread_counts(hearing) if hearing else {}
    news: Any = {member_room(member_id): partial(dict, count=count) for member_id, count in counts.items()}
    rooms.push("notifications:changed", news, heard)


def presence_changed(discussion_id: int) -> None:
    soon(PRESENCE_EVERY, _push_presence, discussion_id)


def typing(discussion: Discussion, name: str, parent: int | None, skip_sid: str) -> None:
    """Somebody who may post, and sees the posts, is writing."""
    news = {"discussion": discussion.id, "name": name, "parent": parent}
    reading = [reading_room(discussion.id, language) for language in LOCALES]
    rooms.push("typing", dict.fromkeys(reading, lambda: news), skip_sid=skip_sid)


def desk_writing(discussion: Discussion, member_id: int, name: str, number: int, skip_sid: str) -> None:
    news: dict[str, Any] = {"class": discussion.class_id, "discussion": discussion.id, "number": number}
    news |= {"member": member_id, "name": name}
    rooms.push("desk:writing", {desk_room(discussion.class_id): lambda: news}, skip_sid=skip_sid)


def _push_post(event: str, class_id: int, discussion_id: int, number: int, zone: tzinfo) -> None:
    everywhere, desk = list(_everywhere(discussion_id)), desk_room(class_id)
    heard = rooms.heard([*everywhere, desk])
    if not heard:
        return
    post = threads.post_row(discussion_id, number)
    if post is None:
        return
    news = {"discussion": discussion_id, "number": number, "revision": post.revision}
    words = {"post": post, "discussion_id": discussion_id, "zone": zone}

    def made(language: str) -> Callable[[], dict[str, Any]]:
        return lambda: {**news, "html": _rendered(language, "discussions/_post.html", **words)}

    rooms.push(event, {reading_room(discussion_id, language): made(language) for language in LOCALES}, heard)
    told = {"class": class_id, "discussion": discussion_id, "number": number}
    rooms.push("desk:changed", {desk: lambda: told}, heard)
    if heard.intersection(everywhere):
        every = max(FIGURES_EVERY, presence().here(discussion_id) / FIGURES_A_SECOND)
        soon(every, _push_figures, discussion_id)


def _push_figures(discussion_id: int) -> None:
    discussion = db.session.get(Discussion, discussion_id)
    if discussion is None:
        return
    summary = figures.discussion_summary(discussion)
    news = {"discussion": discussion_id, "participants": summary.participants, "posts": summary.posts}

    def made(language: str, may_read: bool) -> Callable[[], dict[str, Any]]:
        words = {"figures": summary, "may_read": may_read}
        return lambda: {**news, "html": _rendered(language, "discussions/_live_figures.html", **words)}

    reading = {reading_room(discussion_id, language): made(language, True) for language in LOCALES}
    waiting = {waiting_room(discussion_id, language): made(language, False) for language in LOCALES}
    rooms.push("figures:changed", reading | waiting)


def _push_presence(discussion_id: int) -> None:
    members = presence().members(discussion_id)
    news = {"discussion": discussion_id, "count": len(members)}
    named = {staff_room(discussion_id): lambda: {**news, "names": queries.names_of(members, MOST_NAMES)}}
    # The staff last: they are in another of the rooms, too, and it is the names that stay.
    rooms.push("presence", dict.fromkeys(_everywhere(discussion_id), lambda: news) | named)
    if presence().is_to_be_told_again(discussion_id):
        soon(LASTS / 2, _push_presence, discussion_id)


def _everywhere(discussion_id: int) -> Iterator[str]:
    for language in LOCALES:
        yield reading_room(discussion_id, language)
        yield waiting_room(discussion_id, language)


def _rendered(language: str, template: str, **words: Any) -> str:
    """In a request of its own: nothing of whoever wrote, or waits for the answer, gets into it."""
    with current_app.test_request_context(), force_locale(language):
        return render_template(template, **words)

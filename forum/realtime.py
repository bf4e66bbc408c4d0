"""The sockets: who may connect, and what they may listen to. Nothing is written here; HTTP in, sockets out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, request, session
from flask_babel import gettext as _
from flask_login import current_user
from flask_socketio import ConnectionRefusedError, disconnect, join_room, leave_room
from flask_socketio import rooms as rooms_entered

from forum import clock, policy
from forum.allowance import Allowance
from forum.classes.broadcasts import class_room
from forum.classes.queries import get_class
from forum.db import db, expect_reading
from forum.discussions import broadcasts, queries
from forum.discussions.models import Discussion
from forum.discussions.standing_queries import reader_of
from forum.discussions.unread_queries import unread_count
from forum.extensions import socketio
from forum.i18n import language
from forum.members.broadcasts import member_room, session_room, sessions_room
from forum.members.models import Member
from forum.presence import Presence, presence
from forum.rooms import is_listening_room, number_here
from forum.web import session_key

LARGEST_ID = 2**31 - 1
# Of one person in one process: a browser full of pages, on a few devices.
MOST_SOCKETS_OF_ONE = 30
Answer = dict[str, Any]


class Allowances:
    """So many at once, and so many more each second: of one socket, and at last of all who write in one discussion.
    Whoever goes on in a flood is disconnected."""

    def __init__(self) -> None:
        self.join, self.typing = Allowance(most=20, a_second=1), Allowance(most=10, a_second=0.5)
        self.anything = Allowance(most=200, a_second=2)
        self.typing_here = Allowance(most=3, a_second=2)

    def forget(self, sid: str) -> None:
        for allowance in (self.join, self.typing, self.anything):
            allowance.forget(sid)


def init_realtime(app: Flask) -> None:
    app.extensions["allowances"] = Allowances()
    app.extensions["presence"] = Presence(app.extensions["settings"].redis_url)


def allowances() -> Allowances:
    kept: Allowances = current_app.extensions["allowances"]
    return kept


def heard(handler: Callable[[Any], Any]) -> Callable[..., Any]:
    """A handler of what a client says, which may be anything; too much of it ends the connection."""

    @wraps(handler)
    def answer(said: Any = None, *_more: Any) -> Any:
        expect_reading(True)
        if not allowances().anything.take(_sid()):
            disconnect()
            return None
        return handler(said if isinstance(said, dict) else {})

    return answer


@socketio.on("connect")
def connect(_auth: Any = None) -> None:
    """With the session of a page of ours, so that the socket ends when the session does."""
    expect_reading(True)
    key = session_key()
    if key is None or not current_user.is_authenticated:
        raise ConnectionRefusedError("sign-in")
    if number_here(member_room(current_user.id)) >= MOST_SOCKETS_OF_ONE:
        raise ConnectionRefusedError("too-many")
    join_room(member_room(current_user.id))
    join_room(session_room(key))
    join_room(sessions_room(current_user.id))


@socketio.on("join")
@heard
def join(wanted: Answer) -> Answer | None:
    """Listen to a discussion, or to the desk of a class, and to nothing else any more."""
    if not allowances().join.take(_sid()):
        return {"refused": _("You have asked too often. Please wait a moment.")}
    _leave_all()
    discussion_id, slug = wanted.get("discussion"), wanted.get("desk")
    if isinstance(discussion_id, int) and 0 < discussion_id <= LARGEST_ID and discussion_id is not True:
        return _join_discussion(discussion_id)
    if isinstance(slug, str) and len(slug) <= 80:
        return _join_desk(slug)
    return _refused()


def _join_discussion(discussion_id: int) -> Answer | None:
    """Asked once more when the rooms are entered: what was closed or pushed before, the socket has not heard."""
    entered: list[str] | None = None
    while True:
        db.session.rollback()
        member = reader_of(session.get("_user_id", ""), discussion_id)
        if member is None:
            disconnect()
            return None
        discussion = queries.get_discussion(member, discussion_id)
        wanted = rooms_for(member, discussion) if discussion else []
        if discussion and wanted == entered:
            break
        _leave_all()
        if not discussion:
            return _refused()
        for room in wanted:
            join_room(room)
        entered = wanted
    presence().enter(_sid(), discussion_id, member.id)
    broadcasts.presence_changed(discussion_id)
    now = clock.now()
    return {
        "revision": discussion.revision,
        "state": discussion.state_at(now).value,
        "closes_at": discussion.closes_at.isoformat() if discussion.closes_at else None,
        "now": now.isoformat(),
        "unread": unread_count(member),
    }


def rooms_for(member: Member, discussion: Discussion) -> list[str]:
    """What the member may listen to of a discussion that they may see."""
    kind = broadcasts.reading_room if policy.can_read_posts(member, discussion) else broadcasts.waiting_room
    entered = [kind(discussion.id, language()), class_room(discussion.class_id)]
    if policy.can_moderate(member, discussion.training_class):
        entered.append(broadcasts.staff_room(discussion.id))
    return entered


def _join_desk(slug: str) -> Answer | None:
    if not current_user.is_authenticated:
        disconnect()
        return None
    training_class = get_class(current_user, slug)
    if training_class is None or not policy.can_use_desk(current_user, training_class):
        return _refused()
    join_room(class_room(training_class.id))
    join_room(broadcasts.desk_room(training_class.id))
    return {"now": clock.now().isoformat(), "unread": unread_count(current_user)}


@socketio.on("leave")
@heard
def leave(_said: Answer) -> None:
    _leave_all()


@socketio.on("typing")
@heard
def typing(said: Answer) -> None:
    """In the discussion that the socket listens to, or from the desk in one of its class."""
    entered, parent, discussion_id = set(rooms_entered()), said.get("parent"), said.get("discussion")
    if not isinstance(discussion_id, int) or not isinstance(parent, int | None):
        return
    if not (0 < discussion_id <= LARGEST_ID and (parent is None or 0 < parent <= LARGEST_ID)):
        return
    if not allowances().typing.take(_sid()) or not allowances().typing_here.take(discussion_id):
        return
    member = reader_of(session.get("_user_id", ""), discussion_id)
    discussion = queries.get_discussion(member, discussion_id) if member else None
    if member is None or discussion is None or not policy.can_post(member, discussion):
        return
    if not entered & {broadcasts.desk_room(discussion.class_id), broadcasts.reading_room(discussion_id, language())}:
        return
    broadcasts.typing(discussion, member.name, parent, _sid())
    if parent and policy.can_moderate(member, discussion.training_class):
        broadcasts.desk_writing(discussion, member.id, member.name, parent, _sid())


@socketio.on("disconnect")
def gone(_reason: Any = None) -> None:
    allowances().forget(_sid())
    if discussion_id := presence().leave(_sid()):
        broadcasts.presence_changed(discussion_id)


def _leave_all() -> None:
    for room in rooms_entered():
        if is_listening_room(room, _sid()):
            leave_room(room)
    if discussion_id := presence().leave(_sid()):
        broadcasts.presence_changed(discussion_id)


def _refused() -> Answer:
    return {"refused": _("You can not follow this any more. Load the page again to see what you can do.")}


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]

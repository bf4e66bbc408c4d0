"""Rooms of sockets: push into one, close one. The name of a room is a permission, asked for before anybody enters."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from socketio import PubSubManager

from forum.extensions import socketio

# A socket's own, which it keeps when it loses what it may listen to.
MEMBER, SESSION = "member:", "session:"
# Seconds. There are as many rooms of members as sockets, and only a few of discussions.
_MINUTE, _DAY = 60, 24 * 3600


class ClosingRooms:
    """Mixed into a client manager, whose every process hears of a room that is closed: who was in it leaves whatever
    they listened to and is told to ask again; who was in the room of a session is disconnected. None is the room of
    everybody."""

    def announced_for(self, room: str) -> int:
        return 0 if room.startswith(SESSION) else _DAY if room.startswith(MEMBER) else _MINUTE

    def basic_close_room(self: Any, room: str | None, namespace: str) -> None:
        for sid, _transport in list(self.get_participants(namespace, room)):
            if room and room.startswith(SESSION):
                self.server.disconnect(sid, namespace=namespace, ignore_queue=True)
            else:
                self.make_ask_again(sid, namespace)

    def make_ask_again(self: Any, sid: str, namespace: str) -> None:
        for entered in self.get_rooms(sid, namespace):
            if is_listening_room(entered, sid):
                self.basic_leave_room(sid, namespace, entered)
        self.emit("rejoin", {}, namespace=namespace, room=sid, ignore_queue=True)


def is_listening_room(room: str, sid: str) -> bool:
    return room != sid and not room.startswith((MEMBER, SESSION))


def push(
    event: str,
    made: Mapping[str, Callable[[], dict[str, Any]]],
    among: Collection[str] | None = None,
    skip_sid: str | None = None,
) -> None:
    """Send the event to everybody in each room, in every process, with what is made for that room: only where anybody
    can be, or `among` the rooms for which that has been asked."""
    heard_now = heard(made) if among is None else among
    for room, make in made.items():
        if room in heard_now:
            socketio.emit(event, make(), to=room, skip_sid=skip_sid)


def heard(rooms: Collection[str]) -> set[str]:
    """Those of the rooms in which anybody is, or in another process may be."""
    found: set[str] = socketio.server.manager.heard(rooms)
    return found


def number_here(room: str) -> int:
    """Of the sockets in the room, those of this process."""
    return sum(1 for _one in socketio.server.manager.get_participants("/", room))


def queue_state() -> str:
    """Of the queue through which processes tell one another: "none" where there is one process only."""
    manager = socketio.server.manager
    if not isinstance(manager, PubSubManager):
        return "none"
    return "connected" if manager.is_hearing_others else "lost"


def close(room: str) -> None:
    """Everybody in it may have lost what they listen to: at once, in every process, they hear nothing more until they
    have asked again."""
    socketio.close_room(room, namespace="/")

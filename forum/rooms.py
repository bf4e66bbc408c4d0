"""Rooms of sockets: push into one, close one. The name of a room is a permission, asked for before anybody enters."""

from collections.abc import Callable
from typing import Any

from socketio import PubSubManager

from forum.extensions import socketio

# A socket's own, which it keeps when it loses what it may listen to.
MEMBER, SESSION = "member:", "session:"


class ClosingRooms:
    """Mixed into a client manager, whose every process hears of a room that is closed: who was in it leaves whatever
    they listened to and is told to ask again; who was in the room of a session is disconnected. None is the room of
    everybody."""

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


def push(room: str, event: str, make: Callable[[], dict[str, Any]], skip_sid: str | None = None) -> None:
    """Send the event to everybody in the room, in every process; nothing is made where nobody can be."""
    if is_heard(room):
        socketio.emit(event, make(), to=room, skip_sid=skip_sid)


def is_heard(room: str) -> bool:
    """Whether anybody is, or in another process may be, in the room."""
    manager = socketio.server.manager
    return isinstance(manager, PubSubManager) or next(iter(manager.get_participants("/", room)), None) is not None


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

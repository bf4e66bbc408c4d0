"""Rooms of a member and of a session: closed when who sits there may have lost something."""

from forum import rooms


def member_room(member_id: int) -> str:
    return f"{rooms.MEMBER}{member_id}"


def session_room(session_key: str) -> str:
    return f"{rooms.SESSION}{session_key}"


def access_changed(member_id: int) -> None:
    rooms.close(member_room(member_id))


def signed_out(session_key: str) -> None:
    rooms.close(session_room(session_key))

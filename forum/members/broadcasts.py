"""Rooms of a member and of a session: closed when who sits there may have lost something."""

from forum import rooms


def member_room(member_id: int) -> str:
    return f"{rooms.MEMBER}{member_id}"


def session_room(session_key: str) -> str:
    return f"{rooms.SESSION}{session_key}"


def sessions_room(member_id: int) -> str:
    """Of all of their sessions."""
    return f"{rooms.SESSION}of {member_id}"


def access_changed(member_id: int) -> None:
    rooms.close(member_room(member_id))


def signed_out(session_key: str) -> None:
    rooms.close(session_room(session_key))


def signed_out_everywhere(member_id: int) -> None:
    rooms.close(sessions_room(member_id))

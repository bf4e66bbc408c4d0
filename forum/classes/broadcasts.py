"""The room of a class: everybody who listens to something of it."""

from forum import rooms


def class_room(class_id: int) -> str:
    return f"class:{class_id}"


def roster_changed(class_id: int) -> None:
    """Who is enrolled, and how, or what the class has: everybody asks again whether they may listen."""
    rooms.close(class_room(class_id))

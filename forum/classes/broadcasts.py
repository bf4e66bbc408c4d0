"""The room of a class: everybody who listens to something of it."""

from forum import rooms


def class_room(class_id: int) -> str:
    return f"class:{class_id}"


def class_changed(class_id: int) -> None:
    """Who is enrolled, and how, what the class has, or whether it is archived: everybody asks again."""
    rooms.close(class_room(class_id))

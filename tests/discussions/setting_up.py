"""What Olga does when she sets discussions up in her browser."""

from datetime import datetime, timedelta

from forum.classes.models import TrainingClass
from forum.db import db
from forum.discussions.models import Discussion
from tests.cast import Browser, World
from tests.pages import Page

LIST, NEW = "/classes/spring/discussions", "/classes/spring/discussions/new"
HOUR = timedelta(hours=1)
GOOD = {
    "title": "What struck you?",
    "body": "\nWrite **three** sentences.\n",
    "stage": "after",
    "activity_id": "",
    "audience": "class",
    "opens_at": "2026-03-02T08:00",
    "closes_at": "2026-03-03T18:00",
}
HOSTILE = "</textarea><script>alert(1)</script>"


def add(world: World, **fields: str) -> Page:
    olga = world.client_of(world.cast.olga)
    return olga.submit(olga.get(NEW), NEW, **(GOOD | fields))


def edit(world: World, discussion_id: int, olga: Browser | None = None, **fields: str) -> Page:
    """The form as it stands, with this changed. What a browser would send of lists and ticks is said here."""
    olga, path = olga or world.client_of(world.cast.olga), f"/discussions/{discussion_id}/settings"
    return olga.submit(olga.get(path), path, **({"stage": "during", "activity_id": "", "audience": "class"} | fields))


def press(world: World, verb: str, discussion_id: int, **fields: str) -> Page:
    return world.client_of(world.cast.olga).post(f"/discussions/{discussion_id}/{verb}", **fields)


def the_discussion(discussion_id: int | None = None) -> Discussion:
    """Only inside."""
    if discussion_id is None:
        return db.session.query(Discussion).one()
    return db.session.get_one(Discussion, discussion_id)


def window(world: World, discussion_id: int) -> tuple[datetime | None, datetime | None, datetime | None]:
    with world.app.app_context():
        found = the_discussion(discussion_id)
        return found.opens_at, found.closes_at, found.first_closed_at


def in_zone(world: World, zone: str) -> None:
    with world.inside():
        db.session.get_one(TrainingClass, world.cast.spring.id).timezone = zone


def ticks(world: World, *names: str) -> dict[str, str]:
    return {f"group_{world.cast.spring.groups[name]}": "y" for name in names}

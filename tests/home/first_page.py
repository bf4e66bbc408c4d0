"""The first page as its reader has it, and what tests of it need beside the world."""

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import db
from forum.discussions.models import ReadMark
from tests.cast import Person, World
from tests.pages import Element, Page

SECRET = "unmistakable-words"


def home(world: World, person: Person) -> Page:
    page = world.client_of(person).get("/")
    assert page.status == 200
    return page


def section(page: Page, name: str) -> Element:
    """By the id of its heading."""
    return page.one("section", aria_labelledby=name)


def sections(page: Page) -> list[str]:
    return [found["aria-labelledby"] for found in page.one("main").all("section") if found.get("aria-labelledby")]


def mark(world: World, person: Person, discussion_id: int, number: int) -> None:
    """They have read so far."""
    with world.inside():
        db.session.merge(
            ReadMark(member_id=person.id, discussion_id=discussion_id, number=number, read_at=world.clock.now)
        )


def join_autumn(world: World, person: Person, role: Role, organises: bool = False) -> None:
    with world.inside():
        autumn = db.session.get_one(TrainingClass, world.cast.autumn.id)
        enrol_member(autumn, world.member(person), role, organises)

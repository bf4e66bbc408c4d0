"""Pages of figures are kept, and never show what does not hold any more: after every change that they depend on they
are the pages that would be made anew."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from forum.administration.operations import change_member
from forum.administration.retiring import retire_member
from forum.administration.tree import merge_unit, move_unit, rename_unit
from forum.attendance.operations import remove_speech
from forum.attendance.queries import speeches_of
from forum.classes import groups
from forum.classes.models import Group, Role, TrainingClass
from forum.classes.operations import correct_enrolment, edit_class, restore_enrolment, withdraw_enrolment
from forum.classes.queries import get_enrolment
from forum.closings.operations import close_discussion, record_due
from forum.db import db
from forum.discussions import setup
from forum.discussions.models import Discussion, Stage
from forum.units.models import Unit
from tests.attendance.conftest import Meeting
from tests.cast import Person, World
from tests.counted import CountedClass, join

pytestmark = pytest.mark.one_database

FIGURES = "/classes/spring/figures"
VIEWS = ("?by=trainee", "?by=group", "?by=stage", "/matrix", "/units", "/charts", "/instructors")
Change = Callable[[], object]


class Changes:
    """All that the figures of the class depend on, each changed once, in an order in which each can be."""

    def __init__(self, world: World, counted: CountedClass, meeting: Meeting) -> None:
        self.world, self.counted, self.meeting, self.cast = world, counted, meeting, world.cast

    def in_order(self) -> list[tuple[str, Change]]:
        world, cast, a = self.world, self.cast, self.counted.a
        una, sam, meeting = self.counted.una, self.counted.sam, self.meeting
        return [
            ("a reflection", lambda: world.publish(sam, a, "说两句")),
            ("a reply", lambda: world.publish(cast.tina, a, "是的", 10)),
            ("a comment", lambda: world.publish(cast.olga, a, "Good", 10)),
            ("an edit", lambda: world.change("edit", cast.tina, a, 1, "今天 学习 good 更长的文字")),
            ("a hiding", lambda: world.change("hide", cast.olga, a, 2, "off the subject")),
            ("a restoring", lambda: world.change("restore", cast.olga, a, 2)),
            ("a featuring", lambda: world.change("feature", cast.ivan, a, 4)),
            ("a deletion", lambda: world.change("delete", cast.tina, a, 11)),
            ("a new discussion", lambda: world.discussion("Lecture C")),
            ("its deletion", lambda: self.of("Lecture C", setup.delete_discussion)),
            ("another in its place", lambda: world.discussion("Lecture D", stage=Stage.AFTER)),
            ("a title", lambda: self.edit("Lecture D", title="Lecture E")),
            ("a stage", lambda: self.edit("Lecture B", stage=Stage.BEFORE)),
            ("an audience", lambda: self.edit("Lecture E", groups=["second"])),
            ("a closing", lambda: self.of("Lecture A", lambda one: close_discussion(world.member(cast.olga), one))),
            ("a hiding afterwards", lambda: world.change("hide", cast.olga, a, 4, "not for the record")),
            ("an opening again", lambda: self.of("Lecture A", self.reopen)),
            ("a late post", lambda: world.publish(una, a, "补充一点")),
            ("a closing that nobody pressed", self.sweep),
            ("who was there", lambda: meeting.record(present=[cast.tina, una])),
            ("others in their place", lambda: meeting.record(absent=[cast.tina, una], present=[cast.tom])),
            ("who spoke", lambda: meeting.note(cast.tom, "On roads", 5)),
            ("a speech taken back", self.take_back),
            ("a newcomer", self.bring_newcomer),
            ("another role", lambda: self.correct(una, role=Role.OBSERVER)),
            ("another unit", lambda: self.correct(sam, unit="City / West")),
            ("another group", lambda: self.correct(cast.tom, group="first")),
            ("a withdrawal", lambda: self.enrolment(self.newcomer, withdraw_enrolment)),
            ("who was brought back", lambda: self.enrolment(self.newcomer, restore_enrolment)),
            ("a group renamed", lambda: self.group("first", lambda *of: groups.rename_group(*of, "Erste"))),
            ("a group moved", lambda: self.group("second", lambda *of: groups.move_group(*of, -1))),
            ("a name", lambda: self.member(cast.tina, lambda one: change_member(one, one, "Tina B", "", "", "", ""))),
            ("a unit renamed", lambda: self.unit("City / East", lambda one: rename_unit(one, "Orient"))),
            ("a unit moved", lambda: self.unit("City / Orient", lambda one: move_unit(one, ""))),
            ("a unit merged", lambda: self.unit("City / West", lambda one: merge_unit(one, "Orient"))),
            ("who is retired", lambda: self.member(sam, lambda one: retire_member(one, False))),
            ("the class's title", lambda: self.edit_class(title="Spring, again")),
            ("the class's zone", lambda: self.edit_class(timezone="America/New_York")),
            ("a day", lambda: world.clock.advance(days=7)),
            ("the archive", world.archive),
        ]  # fmt: skip

    def of(self, called: str, change: Callable[[Discussion], object]) -> None:
        with self.world.inside():
            change(db.session.query(Discussion).filter_by(title=called).one())

    def edit(self, called: str, groups: list[str] | None = None, **said: object) -> None:
        def change(one: Discussion) -> None:
            chosen = [db.session.get_one(Group, self.cast.spring.groups[name]) for name in groups or []]
            kept = {name: getattr(one, name) for name in ("title", "stage", "prompt", "opens_at", "closes_at")}
            kept |= {"activity": one.activity, "post_first": one.post_first}
            setup.edit_discussion(one, chosen, confirmed=True, **(kept | said))

        self.of(called, change)

    def reopen(self, one: Discussion) -> None:
        setup.open_discussion(one, self.world.clock.now + timedelta(hours=1))

    def sweep(self) -> None:
        self.world.clock.advance(hours=2)
        with self.world.inside():
            record_due(self.world.clock.now)

    def take_back(self) -> None:
        with self.world.inside():
            activity = self.meeting.activity()
            remove_speech(self.meeting.spring(), activity, speeches_of(activity, self.cast.tom.id)[0])

    def bring_newcomer(self) -> None:
        self.newcomer = join(self.world, "Zoe", "City / West")

    def enrolment(self, person: Person, change: Callable[..., object]) -> None:
        with self.world.inside():
            change(get_enrolment(self.world.member(person), self.cast.spring.id))

    def correct(self, person: Person, role: Role = Role.TRAINEE, unit: str = "", group: str = "") -> None:
        with self.world.inside():
            one = get_enrolment(self.world.member(person), self.cast.spring.id)
            assert one is not None
            wanted = db.session.query(Unit).filter_by(path=unit).one() if unit else one.unit
            into = db.session.get_one(Group, self.cast.spring.groups[group]) if group else one.group
            correct_enrolment(one, role, wanted, into)

    def group(self, name: str, change: Callable[[TrainingClass, Group], object]) -> None:
        with self.world.inside():
            change(self.meeting.spring(), db.session.get_one(Group, self.cast.spring.groups[name]))

    def unit(self, path: str, change: Callable[[Unit], object]) -> None:
        with self.world.inside():
            change(db.session.query(Unit).filter_by(path=path).one())

    def member(self, person: Person, change: Callable[..., object]) -> None:
        with self.world.inside():
            change(self.world.member(person))

    def edit_class(self, **said: object) -> None:
        with self.world.inside():
            one = self.meeting.spring()
            kept = {
                name: getattr(one, name)
                for name in ("title", "kind", "description", "starts_on", "ends_on", "timezone")
            }
            edit_class(one, **(kept | said))


@pytest.fixture
def changes(world: World, counted: CountedClass) -> Changes:
    return Changes(world, counted, Meeting(world))


def plain(source: str) -> str:
    """Without what is new in every answer."""
    return re.sub(r'(name="csrf_token"[^>]*value|content)="[^"]+"', "", source)


def test_they_are_what_would_be_made_anew(world: World, changes: Changes) -> None:
    olga = world.client_of(world.cast.olga)
    paths = [*(FIGURES + view for view in VIEWS), f"/discussions/{changes.counted.a}/figures"]

    def shown() -> dict[str, str]:
        found = {}
        for path in paths:
            answer = olga.get(path)
            assert answer.status == 200, path
            found[path] = plain(answer.source)
        return found

    before = shown()
    for name, change in changes.in_order():
        change()
        kept = shown()
        world.app.extensions["fragments"].clear()
        anew = shown()
        assert [path for path in paths if kept[path] != anew[path]] == [], name
        assert any(before[path] != anew[path] for path in paths), f"{name} changes nothing"
        before = anew

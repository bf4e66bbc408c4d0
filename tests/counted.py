"""One small class, counted by hand, and the same in a deeper tree."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import correct_enrolment, enrol_member
from forum.classes.queries import get_enrolment
from forum.db import db
from forum.discussions.models import Stage
from forum.units.operations import ensure_unit
from tests.cast import Person, World, add_person

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(world: World, moment: str, zone: ZoneInfo = SHANGHAI) -> None:
    """ "2026-03-02 09:10" in the class's time zone; the world's clock then stands there."""
    world.clock.now = datetime.fromisoformat(moment).replace(tzinfo=zone)


def join(world: World, name: str, unit: str | None = None, role: Role = Role.TRAINEE, slug: str = "spring") -> Person:
    with world.inside():
        member = add_person(name, unit)
        db.session.flush()
        enrol_member(db.session.query(TrainingClass).filter_by(slug=slug).one(), member, role)
        return Person(member.id, member.name, member.email or "")


class CountedClass:
    """Lecture A, for the class:
    #1  09:00 Tina   今天 学习 good          5 characters
    #2  09:10 Tom    to #1  不错             2
    #3  09:20 Ivan   to #1                  first comment after 1,200 s
    #4  09:30 Tom    my-own it's            2
    #5  09:34 Olga   to #4                  first comment after 240 s
    #6  09:40 Ivan   a reflection of his own
    #7  09:50 Una    > 引用的话 / 我的        2
    #8  10:00 Ivan   to #2                  below #1
    #9  10:05 Ivan   to #5                  to a colleague, below #4
    Lecture B, for the first group, which is Tina alone:
    #1  10:10 Tina   好                     1
    Sam, without a unit, is silent. Wendy withdrew before writing anything."""

    def __init__(self, world: World) -> None:
        cast = world.cast
        self.una, self.sam = join(world, "Una", "City / East"), join(world, "Sam")
        self.a, self.b = world.discussion("Lecture A"), world.discussion("Lecture B", groups=["first"])
        for minute, person, body, parent in (
            ("09:00", cast.tina, "今天 学习 good", None),
            ("09:10", cast.tom, "不错", 1),
            ("09:20", cast.ivan, "Indeed", 1),
            ("09:30", cast.tom, "my-own it's", None),
            ("09:34", cast.olga, "Quite", 4),
            ("09:40", cast.ivan, "A word to all", None),
            ("09:50", self.una, "> 引用的话\n\n我的", None),
            ("10:00", cast.ivan, "And this", 2),
            ("10:05", cast.ivan, "I agree with my colleague", 5),
        ):
            at(world, f"2026-03-02 {minute}")
            world.publish(person, self.a, body, parent)
        at(world, "2026-03-02 10:10")
        world.publish(cast.tina, self.b, "好")


@pytest.fixture
def counted(world: World) -> CountedClass:
    return CountedClass(world)


@pytest.fixture
def deep(world: World, counted: CountedClass) -> CountedClass:
    """The class counted by hand, in a deeper tree: Tina in City / East / First branch, Una directly at City; a
    discussion after class, in which nobody spoke, and a week later two posts more in Lecture B."""
    spring = world.cast.spring.id
    with world.inside():
        tina, una = (
            get_enrolment(world.member(world.cast.tina), spring),
            get_enrolment(world.member(counted.una), spring),
        )
        assert tina is not None
        assert una is not None
        correct_enrolment(tina, Role.TRAINEE, ensure_unit("City / East / First branch"), tina.group)
        correct_enrolment(una, Role.TRAINEE, ensure_unit("City"), una.group)
    at(world, "2026-03-09 23:59:59.999999")
    world.publish(world.cast.tina, counted.b, "好好")
    world.publish(world.cast.ivan, counted.b, "Well", 1)
    world.discussion("Afterwards", stage=Stage.AFTER)
    return counted

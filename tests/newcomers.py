"""People who are enrolled and have never been in."""

from collections.abc import Callable
from typing import Any

import pytest

from forum.classes.models import Group, Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import db
from forum.members.operations import add_member
from forum.units.operations import ensure_unit
from tests.cast import Person, World

Newcomer = Callable[..., Person]


@pytest.fixture
def newcomer(world: World) -> Newcomer:
    """`newcomer("Nina", group="first", unit="City / East", phone="...")` is in the class "spring", without password."""

    def enrol(name: str, slug: str = "spring", group: str = "", role: Role = Role.TRAINEE, **options: Any) -> Person:
        unit, organises = options.pop("unit", None), options.pop("organises", False)
        with world.inside():
            member = add_member(name, unit=ensure_unit(unit) if unit else None, **options)
            training_class = db.session.query(TrainingClass).filter_by(slug=slug).one()
            found = db.session.get_one(Group, world.cast.spring.groups[group]) if group else None
            enrol_member(training_class, member, role, organises, found)
            return Person(member.id, member.name, member.email or "")

    return enrol

"""The organisation tree, level by level."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.classes.models import Enrolment
from forum.db import db
from forum.members.models import Member
from forum.units.models import Unit
from forum.units.queries import units_below


def get_unit(unit_id: int) -> Unit | None:
    return db.session.get(Unit, unit_id)


def units_under(parent: Unit | None) -> list[Any]:
    """(unit, members, units below) by pinyin; directly under it, the roots where there is none."""
    child = aliased(Unit)
    members = select(sa.func.count()).where(Member.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    children = select(sa.func.count()).where(child.parent_id == Unit.id).correlate(Unit).scalar_subquery()
    here = Unit.parent_id.is_(None) if parent is None else Unit.parent_id == parent.id
    return list(db.session.execute(select(Unit, members, children).where(here).order_by(Unit.sort_key, Unit.id)))


def ancestors_of(unit: Unit) -> list[Unit]:
    """From the root down, itself left out."""
    names = unit.path.split(" / ")
    paths = [" / ".join(names[:depth]) for depth in range(1, len(names))]
    return list(db.session.scalars(select(Unit).where(Unit.path.in_(paths)).order_by(Unit.depth)))


def lock_tree(unit: Unit) -> list[Unit]:
    """It and all below it, held, those above first."""
    statement = select(Unit).where(Unit.id.in_(units_below(unit.id))).order_by(Unit.depth, Unit.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def classes_at(unit_ids: list[int]) -> list[int]:
    """Of whose enrolments some are at these units."""
    found = select(Enrolment.class_id).where(Enrolment.unit_id.in_(unit_ids)).distinct()
    return list(db.session.scalars(found.order_by(Enrolment.class_id)))


def children_of(unit: Unit) -> list[Unit]:
    return list(db.session.scalars(select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.id)))


def people_at(unit: Unit) -> tuple[int, int]:
    """Members of this very unit, and enrolments at it."""
    members = select(sa.func.count()).where(Member.unit_id == unit.id).scalar_subquery()
    enrolments = select(sa.func.count()).where(Enrolment.unit_id == unit.id).scalar_subquery()
    return tuple(db.session.execute(select(members, enrolments)).one())

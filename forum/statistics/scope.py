"""What figures are of: a class, or a part of it by discussion, stage, unit, group and time, down to one row of a table.

Discussion and stage choose discussions, and with them their audience; unit and group choose people: their posts, and
the comments below their reflections. Every query asks its scope for these conditions.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from forum import clock
from forum.classes.models import Enrolment, Group, TrainingClass
from forum.discussions.models import Discussion, Post, Stage
from forum.statistics.hours import hour_of
from forum.units.models import Unit
from forum.units.queries import units_above, units_below

By = Literal["discussion", "trainee", "unit", "group", "stage", "week", "hour"]
GROUPINGS: tuple[By, ...] = ("discussion", "trainee", "unit", "group", "stage", "week", "hour")
OF_PEOPLE = ("trainee", "unit", "group")
OF_TIME = ("week", "hour")

# Keys of rows: of people without a unit or group, and of people enrolled above the level of the table.
NONE, ABOVE = 0, -1


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the class's time zone, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None

    def holds(self, column: Any, training_class: TrainingClass) -> sa.ColumnElement[bool]:
        zone = training_class.zone
        inside: list[sa.ColumnElement[bool]] = [sa.true()]
        if self.first:
            inside.append(column >= clock.start_of(self.first, zone))
        if self.last:
            inside.append(column < clock.start_of(self.last + timedelta(days=1), zone))
        return sa.and_(*inside)

    def previous(self) -> "Period | None":
        """As many days, just before; None while a side is open."""
        if self.first is None or self.last is None:
            return None
        return Period(self.first - (self.last - self.first) - timedelta(days=1), self.first - timedelta(days=1))

    def __bool__(self) -> bool:
        return bool(self.first or self.last)


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row of the table split by `by`; the key is the row's own (`figures.Row`)."""

    by: By
    key: int | str


@dataclass(frozen=True, slots=True)
class Scope:
    """Each part None for all. A unit stands for itself and all below it. `level` is the depth in the tree that rows by
    unit are rolled up to, None for the units as enrolled; `row` narrows to one row, whose figures are then the totals.
    """

    training_class: TrainingClass
    discussion: Discussion | None = None
    period: Period = Period()
    stage: Stage | None = None
    unit: Unit | None = None
    group: Group | None = None
    level: int | None = None
    row: RowKey | None = None

    def at_row(self, by: By, key: int | str) -> "Scope":
        return replace(self, row=RowKey(by, key))

    def with_period(self, period: Period) -> "Scope":
        return replace(self, period=period)

    def key_of(self, *groupings: str) -> int | str | None:
        """Of the row, if it is one of these tables."""
        return self.row.key if self.row and self.row.by in groupings else None

    @property
    def narrows_discussions(self) -> bool:
        return bool(self.discussion or self.stage) or self.key_of("discussion", "stage") is not None

    @property
    def narrows_people(self) -> bool:
        return bool(self.unit or self.group) or self.key_of(*OF_PEOPLE) is not None

    @property
    def narrows_time(self) -> bool:
        return bool(self.period) or self.key_of(*OF_TIME) is not None

    def discussions(self, discussion: Any = Discussion) -> sa.ColumnElement[bool]:
        chosen = [discussion.class_id == self.training_class.id]
        if self.discussion:
            chosen.append(discussion.id == self.discussion.id)
        if self.stage:
            chosen.append(discussion.stage == self.stage)
        if (key := self.key_of("discussion")) is not None:
            chosen.append(discussion.id == key)
        if (key := self.key_of("stage")) is not None:
            chosen.append(discussion.stage == Stage(str(key)))
        return sa.and_(*chosen)

    def people(self, enrolment: Any = Enrolment) -> sa.ColumnElement[bool]:
        """Of an enrolment in the class."""
        chosen: list[sa.ColumnElement[bool]] = [sa.true()]
        if self.unit:
            chosen.append(enrolment.unit_id.in_(units_below(self.unit.id)))
        if self.group:
            chosen.append(enrolment.group_id == self.group.id)
        if (key := self.key_of("trainee")) is not None:
            chosen.append(enrolment.member_id == key)
        if (key := self.key_of("group")) is not None:
            chosen.append(enrolment.group_id == key if key else enrolment.group_id.is_(None))
        if (key := self.key_of("unit")) is not None:
            chosen.append(self._in_unit(enrolment, int(key)))
        return sa.and_(*chosen)

    def _in_unit(self, enrolment: Any, key: int) -> sa.ColumnElement[bool]:
        if key == NONE:
            return enrolment.unit_id.is_(None)
        if key == ABOVE:
            return enrolment.unit_id.in_(units_above(self.level or 0))
        return enrolment.unit_id == key if self.level is None else enrolment.unit_id.in_(units_below(key))

    def place(self, thing: Any) -> sa.ColumnElement[bool]:
        """Of what stands in a discussion and knows its class, as Post and Participation do."""
        one = self.discussion.id if self.discussion else self.key_of("discussion")
        chosen = [thing.class_id == self.training_class.id if one is None else thing.discussion_id == one]
        if self.narrows_discussions:
            its = aliased(Discussion)
            chosen.append(sa.exists().where(its.id == thing.discussion_id, self.discussions(its)))
        return sa.and_(*chosen)

    def times(self, column: Any) -> sa.ColumnElement[bool]:
        inside = [self.period.holds(column, self.training_class)]
        if (key := self.key_of("week")) is not None:
            monday = date.fromisoformat(str(key))
            inside.append(Period(monday, monday + timedelta(days=6)).holds(column, self.training_class))
        if (key := self.key_of("hour")) is not None:
            inside.append(hour_of(column, self.training_class) == key)
        return sa.and_(*inside)

    def posts(self, post: Any = Post) -> sa.ColumnElement[bool]:
        """By their place and their own time, whoever wrote them."""
        return sa.and_(self.place(post), self.times(post.created_at))

"""An activity of the class, on the first morning."""

from datetime import datetime, timedelta

import pytest

from forum.attendance.models import Attendance, Speech
from forum.attendance.operations import Ticks, add_speech, record_roll
from forum.classes.models import Activity, ActivityKind, TrainingClass
from forum.classes.programme import add_activity
from forum.db import db
from tests.cast import NOW, Person, World


class Meeting:
    """From 09:30 to 11:30 in Shanghai; the clock stands at 09:00 when a test begins."""

    def __init__(
        self, world: World, starts_at: datetime | None = NOW + timedelta(minutes=30), hours: float = 2
    ) -> None:
        self.world = world
        with world.inside():
            ends_at = starts_at + timedelta(hours=hours) if starts_at and hours else None
            activity = add_activity(
                self.spring(), ActivityKind.TOPIC_FORUM, "A forum in person", starts_at=starts_at, ends_at=ends_at
            )
            self.id = activity.id
        self.path = f"/classes/spring/activities/{self.id}/attendance"
        self.code_path = f"/classes/spring/activities/{self.id}/check-in"

    def spring(self) -> TrainingClass:
        """Only inside."""
        return db.session.get_one(TrainingClass, self.world.cast.spring.id)

    def activity(self) -> Activity:
        return db.session.get_one(Activity, self.id)

    def record(self, **ticks: list[Person]) -> None:
        """`record(present=[tina], spoke=[tom])`, by Ivan."""
        with self.world.inside():
            changes = Ticks(**{name: {person.id for person in people} for name, people in ticks.items()})
            record_roll(self.world.member(self.world.cast.ivan), self.spring(), self.activity(), changes)

    def note(self, person: Person, topic: str = "", minutes: int | None = None) -> None:
        with self.world.inside():
            recorder = self.world.member(self.world.cast.ivan)
            add_speech(recorder, self.spring(), self.activity(), person.id, topic, minutes)

    def down(self) -> dict[str, tuple[str, str, int]]:
        """Who is down: name, in which role and way, how many speeches."""
        with self.world.inside():
            found = {}
            for row in db.session.query(Attendance).filter_by(activity_id=self.id):
                speeches = db.session.query(Speech).filter_by(activity_id=self.id, member_id=row.member_id).count()
                name = next(one.name for one in vars_of(self.world) if one.id == row.member_id)
                found[name] = (row.role.value, row.way.value, speeches)
            return found


def vars_of(world: World) -> list[Person]:
    cast = world.cast
    return [cast.olga, cast.ivan, cast.tina, cast.tom, cast.omar, cast.wendy, cast.stella, cast.ada]


@pytest.fixture
def meeting(world: World) -> Meeting:
    return Meeting(world)

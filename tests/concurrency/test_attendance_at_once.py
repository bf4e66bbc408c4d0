"""Two who keep the list and the people who check in by their phones, all in one moment: each is down once."""

from collections.abc import Callable
from datetime import timedelta

from forum import clock
from forum.attendance import codes
from forum.attendance.models import Attendance, Speech
from forum.classes.models import ActivityKind, TrainingClass
from forum.classes.programme import add_activity
from forum.db import commit, db
from forum.statistics.checking import faults
from tests.concurrency.conftest import Room, Writer
from tests.concurrency.test_writers import at_once

NAMES = ("Ann", "Ben", "Cleo", "Dan")


def sending(writer: Writer, path: str, **fields: str) -> Callable[[], None]:
    def work() -> None:
        for _turn in range(3):
            writer._send(path, **fields)

    return work


def test_whoever_comes_by_list_and_by_code_at_once_is_down_once(room: Room) -> None:
    with room.app.app_context():
        spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
        now = clock.now()
        activity = add_activity(spring, ActivityKind.TALK, "At once", starts_at=now, ends_at=now + timedelta(hours=1))
        commit()
        path = f"/classes/spring/activities/{activity.id}/attendance"
        scanned = f"/check-in/{codes.code_for(activity.id, now, room.app.config['SECRET_KEY'])}"
        people = {name: str(room.member(name).id) for name in NAMES}
    works = [sending(room.writer(name), scanned) for name in NAMES]
    works += [
        sending(room.writer(recorder), path, present=people[name], spoke=people[name])
        for recorder in ("Olga", "Ivan")
        for name in NAMES
    ]
    at_once(*works)
    with room.app.app_context():
        assert sorted(str(row.member_id) for row in db.session.query(Attendance)) == sorted(people.values())
        assert sorted(str(row.member_id) for row in db.session.query(Speech)) == sorted(people.values())
        assert list(faults()) == []

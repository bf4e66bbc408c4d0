"""Two who remind at the same moment, several processes that sweep at once: everybody is told once."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from forum import clock
from forum.db import commit, db
from forum.inbox import digest
from forum.jobs import tell_openings
from forum.members.models import Member
from forum.notifications.models import Kind, Notification
from tests.concurrency.conftest import Room
from tests.concurrency.test_writers import at_once


def told(room: Room, kind: Kind) -> Counter[str]:
    rows = sa.select(Member.name).join(Notification, Notification.member_id == Member.id)
    return Counter(db.session.scalars(rows.where(Notification.kind == kind)))


def doing(room: Room, step: Callable[[datetime], None]) -> Callable[[], None]:
    """As the sweep of a process does it."""

    def work() -> None:
        with room.app.app_context():
            step(clock.now())
            commit()

    return work


def test_pressed_at_once_by_several_it_reminds_once(room: Room) -> None:
    statuses = Counter[int]()

    def pressing(name: str) -> Callable[[], None]:
        writer = room.writer(name)

        def press() -> None:
            answer = writer.client.post(f"/discussions/{room.id}/remind", data={"csrf_token": writer.csrf_token})
            statuses[answer.status_code] += 1

        return press

    at_once(*[pressing(name) for name in ("Olga", "Ivan", "Olga", "Ivan")])
    assert statuses == {303: 1, 422: 3}
    with room.app.app_context():
        assert told(room, Kind.REMINDER) == dict.fromkeys(("Ann", "Ben", "Cleo", "Dan", "Tina"), 1)


def test_processes_that_sweep_at_once_tell_once_and_mail_once(room: Room) -> None:
    claimed: list[int] = []

    def claim(now: datetime) -> None:
        claimed.extend(row.id for row in digest.claim(room.cast.ivan.id, now))

    at_once(*[doing(room, tell_openings)] * 4)
    at_once(*[doing(room, claim)] * 4)
    with room.app.app_context():
        assert set(told(room, Kind.OPENING).values()) == {1}
        assert len(claimed) == 1

"""Several devices of one person at the same moment: one text is kept, the others are told, and a post goes through."""

from collections import Counter
from collections.abc import Callable

from forum.db import db
from forum.discussions.models import Draft
from tests.concurrency.conftest import SEEDS, Room, Writer
from tests.concurrency.test_writers import at_once

DEVICES = 6


def keeping(writer: Writer, room: Room, body: str, version: int, statuses: list[int]) -> Callable[[], None]:
    fields = {"csrf_token": writer.csrf_token, "body": body, "version": str(version)}

    def work() -> None:
        answer = writer.client.post(f"/discussions/{room.id}/draft", data=fields)
        statuses.append(answer.status_code)

    return work


def test_of_several_texts_that_go_on_from_the_same_one_is_kept(room: Room) -> None:
    devices = [room.writer("Tina") for _ in range(DEVICES)]
    version = 0
    for turn in range(4):
        statuses: list[int] = []
        at_once(*(keeping(each, room, f"{turn}, {at}", version, statuses) for at, each in enumerate(devices)))
        assert Counter(statuses) == {200: 1, 409: DEVICES - 1}
        with room.app.app_context():
            kept = db.session.query(Draft).one()
            assert kept.body.startswith(f"{turn}, ")
            assert kept.version > version
            version = kept.version


def test_texts_are_kept_while_their_author_and_others_post(room: Room) -> None:
    statuses: list[int] = []

    def posting(writer: Writer, name: str) -> Callable[[], None]:
        def work() -> None:
            for turn in range(5):
                keeping(writer, room, f"{name} {turn}", 0, statuses)()
                writer.post(f"{name} {turn}", f"{name}-{turn}")

        return work

    at_once(*(posting(room.writer(name), name) for name in ("Ann", "Ben", "Cleo", "Dan")))
    with room.app.app_context():
        assert room.discussion().last_number == SEEDS + 20
        assert db.session.query(Draft).count() == 0
    assert Counter(statuses) == {200: 20}

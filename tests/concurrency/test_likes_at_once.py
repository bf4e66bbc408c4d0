"""Many who like one post at the same moment, and take it back: each counts once, on both databases."""

from collections.abc import Callable

from forum.db import db
from forum.discussions.models import Like
from forum.statistics.checking import faults
from tests.concurrency.conftest import SEEDS, Room, Writer
from tests.concurrency.test_writers import at_once

NAMES = ("Ann", "Ben", "Cleo", "Dan")


def liking(writer: Writer, *verbs: str) -> Callable[[], None]:
    def work() -> None:
        for verb in verbs:
            writer.change(verb, 1)

    return work


def test_each_counts_once_however_many_press_at_once(room: Room) -> None:
    works = [liking(room.writer(name), "like", "unlike", "like", "like") for name in NAMES]
    works += [liking(room.writer("Ann"), "like"), liking(room.writer("Omar"), "like", "unlike")]
    at_once(*works)
    with room.app.app_context():
        post = room.posts()[0]
        assert db.session.query(Like).filter_by(post_id=post.id).count() == post.likes == len(NAMES)
        assert post.revision == room.discussion().revision > SEEDS
        assert list(faults()) == []

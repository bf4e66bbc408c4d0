"""A discussion is deleted at the moment in which somebody writes in it, reads it, or changes it. PostgreSQL only: on
SQLite there is no meanwhile, a request that writes has the database to itself."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from forum.classes.models import TrainingClass
from forum.db import commit, db
from forum.discussions import setup
from forum.discussions.models import Discussion, Post, ReadMark, Stage
from forum.interop import removal
from tests.cast import Browser
from tests.concurrency.conftest import Room
from tests.pages import Page

TEXT = '\nMy "own" words,\n第二行 <b>'
SAID = {"title": "Anew", "stage": "during", "activity_id": "", "audience": "class"}


def empty_discussion(room: Room) -> int:
    with room.app.app_context():
        spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
        made = setup.add_discussion(spring, "By mistake", Stage.DURING).id
        commit()
        return made


@contextmanager
def being_deleted(room: Room, discussion_id: int) -> Iterator[None]:
    """Deleted inside, and committed as soon as somebody waits for that."""
    with room.app.app_context():
        removal.delete_discussion(db.session.get_one(Discussion, discussion_id))
        yield
        wait_until_blocked(db.engine)
        commit()


def wait_until_blocked(engine: sa.Engine) -> None:
    deadline = time.monotonic() + 20
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert time.monotonic() < deadline, "nobody came to wait for the discussion"


def meanwhile(room: Room, discussion_id: int, send: Callable[[], Page]) -> Page:
    with ThreadPoolExecutor(1) as pool:
        with being_deleted(room, discussion_id):
            sent: Future[Page] = pool.submit(send)
        return sent.result(timeout=30)


def test_a_text_for_a_discussion_that_is_just_being_deleted_comes_back(room_on_postgresql: Room) -> None:
    room, tina = room_on_postgresql, Browser(room_on_postgresql.app)
    assert tina.sign_in("tina@example.org").status == 302
    discussion_id = empty_discussion(room)
    page, path = tina.discussion(discussion_id), f"/discussions/{discussion_id}/posts"

    refused = meanwhile(room, discussion_id, lambda: tina.submit(page, path, body=TEXT))

    assert refused.status == 404
    assert "What you wrote this for has been deleted meanwhile" in refused.words
    assert refused.one("textarea", id="typed").text.replace("\r\n", "\n").removeprefix("\n") == TEXT
    later = tina.submit(page, path, body=TEXT)
    assert (later.status, later.words) == (404, refused.words), "a moment later it is the same"
    with room.app.app_context():
        assert db.session.query(Post).filter_by(discussion_id=discussion_id).count() == 0


@pytest.mark.parametrize(
    ("verb", "fields"),
    [("read", {"number": "1"}), ("settings", SAID | {"body": TEXT}), ("close", {}), ("delete", {})],
)
def test_whatever_else_comes_at_that_moment_finds_nothing(
    room_on_postgresql: Room, verb: str, fields: dict[str, str]
) -> None:
    room, olga = room_on_postgresql, Browser(room_on_postgresql.app)
    assert olga.sign_in("olga@example.org").status == 302
    discussion_id = empty_discussion(room)

    refused = meanwhile(room, discussion_id, lambda: olga.post(f"/discussions/{discussion_id}/{verb}", **fields))

    assert refused.status == 404
    assert ("Your text has not been taken." in refused.words) == ("body" in fields)
    with room.app.app_context():
        assert db.session.query(Discussion).filter_by(id=discussion_id).count() == 0
        assert db.session.query(ReadMark).filter_by(discussion_id=discussion_id).count() == 0

"""The bell hears of its person's notifications, and nobody else does."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask

from forum import create_app
from forum.db import commit, db
from forum.discussions.broadcasts import notifications_changed
from forum.realtime import init_realtime
from tests.cast import World, settle_cast
from tests.databases import settings_for
from tests.discussions.test_pages import statements
from tests.realtime.listening import Listener
from tests.realtime.process import PATIENCE, Redis

pytestmark = pytest.mark.one_database


@pytest.fixture
def ears(app: Flask, world: World) -> Iterator[dict[str, Listener]]:
    """Tina's and Tom's sockets."""
    opened = {name: Listener(app, world.client_of(getattr(world.cast, name))) for name in ("tina", "tom")}
    yield opened
    for listener in opened.values():
        listener.socket.disconnect()
    app.extensions.pop("soon", None)
    init_realtime(app)


def bell(listener: Listener) -> list[int]:
    return [said["count"] for name, said in listener.heard() if name == "notifications:changed"]


def test_it_rings_for_whom_a_post_concerns_and_falls_silent_as_they_read(
    world: World, ears: dict[str, Listener]
) -> None:
    cast, discussion_id = world.cast, world.discussion()
    world.publish(cast.tina, discussion_id)
    world.publish(cast.tom, discussion_id, "I agree", 1)
    world.publish(cast.ivan, discussion_id, "Well said", 1)
    assert (bell(ears["tina"]), bell(ears["tom"])) == ([1, 2], [])
    tina = world.client_of(cast.tina)
    tina.post(f"/discussions/{discussion_id}/read", number="2")
    assert bell(ears["tina"]) == [1]
    tina.post("/notifications/read")
    assert bell(ears["tina"]) == [0]


def test_what_was_missed_comes_with_the_answer_to_join(world: World, ears: dict[str, Listener]) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.tom, discussion_id, "I agree", 1)
    assert ears["tina"].join(discussion=discussion_id, since=0)["unread"] == 1
    assert ears["tom"].join(discussion=discussion_id, since=0)["unread"] == 0


def test_a_reminder_to_many_is_counted_in_one_statement(world: World, ears: dict[str, Listener]) -> None:
    discussion_id = world.discussion()
    olga = world.client_of(world.cast.olga)
    token = olga.csrf_token()
    with statements() as sent:
        olga.post(f"/discussions/{discussion_id}/remind", csrf_token=token)
    assert (bell(ears["tina"]), bell(ears["tom"])) == ([1], [1])
    assert len([one for one in sent if one.startswith("SELECT members.id, (SELECT count")]) == 1


def test_from_the_process_of_the_jobs_it_is_heard_in_the_others(
    redis_server: Redis, scratch_database: Callable[..., str], tmp_path: Path
) -> None:
    settings = settings_for(scratch_database("sqlite"), tmp_path, redis_url=redis_server.url)
    worker = create_app(settings)
    channel = worker.extensions["socketio"].server.manager.channel
    with redis.Redis.from_url(redis_server.url) as client, client.pubsub(ignore_subscribe_messages=True) as others:
        others.subscribe(channel)
        others.get_message(timeout=PATIENCE)
        with worker.app_context():
            cast = settle_cast()
            commit()
            # As the process says that Tina's page is connected to.
            client.set(f"{channel}:member:{cast.tina.id}", 1)
            notifications_changed(cast.tina.id, cast.tom.id)
            db.session.remove()
            db.engine.dispose()
        # What settling the cast told comes first.
        heard = iter(lambda: others.get_message(timeout=PATIENCE), None)
        rings = next(one["data"] for one in heard if b"notifications:changed" in one["data"])
        assert f'"member:{cast.tina.id}"'.encode() in rings
        assert others.get_message(timeout=0) is None

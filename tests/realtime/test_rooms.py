"""Who may listen to what: every role in every state, the stranger, wrong ids, floods; and who may no longer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_socketio.test_client import SocketIOTestClient

from tests.cast import Person, World

Ear = Callable[[Person], "Listener"]


class Listener:
    """A socket that is connected with the cookies of somebody's browser."""

    def __init__(self, app: Flask, browser: Any) -> None:
        self.socket: SocketIOTestClient = app.extensions["socketio"].test_client(app, flask_test_client=browser.client)

    def join(self, **wanted: Any) -> Any:
        return self.socket.emit("join", wanted, callback=True)

    def heard(self) -> list[tuple[str, Any]]:
        return [(event["name"], event["args"][0]) for event in self.socket.get_received()]

    def names(self) -> list[str]:
        return [name for name, _said in self.heard()]


@pytest.fixture
def ear(app: Flask, world: World) -> Iterator[Ear]:
    opened: list[Listener] = []

    def open_ear(person: Person) -> Listener:
        opened.append(Listener(app, world.client_of(person)))
        return opened[-1]

    yield open_ear
    for listener in opened:
        if listener.socket.is_connected():
            listener.socket.disconnect()


def test_who_is_not_signed_in_is_not_connected(app: Flask) -> None:
    assert not app.extensions["socketio"].test_client(app).is_connected()


@pytest.mark.parametrize("name", ["olga", "ivan", "tina", "omar", "ada"])
def test_who_may_read_hears_a_post(world: World, ear: Ear, name: str) -> None:
    discussion_id = world.discussion()
    listener = ear(getattr(world.cast, name))
    answer = listener.join(discussion=discussion_id, since=0)
    assert answer["state"] == "open"
    assert answer["revision"] == 0
    number = world.publish(world.cast.tom, discussion_id, "Heard by all.")
    heard = dict(listener.heard())["post:published"]
    assert (heard["number"], heard["revision"], heard["discussion"]) == (number, 1, discussion_id)
    assert "Heard by all." in heard["html"]


@pytest.mark.parametrize("name", ["stella", "wendy"])
def test_a_stranger_hears_nothing(world: World, ear: Ear, name: str) -> None:
    discussion_id = world.discussion()
    listener = ear(getattr(world.cast, name))
    assert "refused" in listener.join(discussion=discussion_id, since=0)
    assert "refused" in listener.join(desk="spring")
    world.publish(world.cast.tom, discussion_id, "Not for you.")
    assert listener.heard() == []

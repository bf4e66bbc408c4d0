"""A socket that listens, with the cookies of somebody's browser."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_socketio.test_client import SocketIOTestClient

from tests.cast import Browser, Person, World


class Listener:
    """A socket that is connected with the cookies of somebody's browser."""

    def __init__(self, app: Flask, browser: Browser) -> None:
        browser.csrf_token()
        self.socket: SocketIOTestClient = app.extensions["socketio"].test_client(app, flask_test_client=browser.client)

    def join(self, **wanted: Any) -> Any:
        return self.socket.emit("join", wanted, callback=True)

    def heard(self) -> list[tuple[str, Any]]:
        return [(event["name"], event["args"][0]) for event in self.socket.get_received()]

    def names(self) -> list[str]:
        return [name for name, _said in self.heard()]


Ear = Callable[[Person], Listener]


def listening(world: World, ear: Ear, name: str, **options: Any) -> tuple[int, Listener]:
    discussion_id = world.discussion(**options)
    listener = ear(getattr(world.cast, name))
    assert "revision" in listener.join(discussion=discussion_id, since=0)
    listener.heard()
    return discussion_id, listener

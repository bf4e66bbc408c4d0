"""A socket that listens, with the cookies of somebody's browser."""

from typing import Any

from flask import Flask
from flask_socketio.test_client import SocketIOTestClient

from tests.cast import Browser


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

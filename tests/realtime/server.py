"""A small application on the forum's transport, served as `forum serve` does:
`python [-m gevent.monkey --module] tests.realtime.server FD OPTIONS`; OPTIONS are JSON (tests/realtime/options.py).
Never imported: its handlers would be heard by every application made later."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_socketio import disconnect, join_room, leave_room

from forum import transport
from forum.db import db
from forum.extensions import socketio
from forum.serving import serve_app
from tests.databases import settings_for
from tests.realtime.options import Options

gone: list[str] = []


@socketio.on("connect")
def greet() -> bool:
    return request.args.get("unwelcome") is None


@socketio.on("disconnect")
def part(reason: str) -> None:
    gone.append(reason)


@socketio.on("join")
def join(room: str) -> str:
    join_room(room)
    return room


@socketio.on("leave")
def leave(room: str) -> None:
    leave_room(room)


@socketio.on("say")
def say(message: dict[str, Any]) -> None:
    """To the room, from within the socket; `push` is told apart by its own key."""
    socketio.emit(message.get("event", "said"), message["data"], to=message["room"])


@socketio.on("depart")
def depart() -> None:
    disconnect()


@socketio.on("fail")
def fail() -> None:
    raise RuntimeError("this handler fails")


@socketio.on("sid", namespace="/other")
def tell_sid_of_other() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def emit() -> str:
    asked = request.get_json()
    socketio.emit(asked.pop("event"), *asked.pop("values"), **asked)
    return "emitted"


def call(name: str) -> str:
    """A function of the Socket.IO server, by name: `close_room`, `disconnect`, `enter_room`, `leave_room`."""
    getattr(socketio.server, name)(**request.get_json())
    return "done"


def state() -> dict[str, Any]:
    server = socketio.server
    return {
        "pid": os.getpid(),
        "clients": len(server.eio.sockets),
        "environs": len(server.environ),
        "rooms": {str(room): len(members) for room, members in server.manager.rooms.get("/", {}).items()},
        "hears": server.manager.is_hearing_others,
        "full": len(current_app.extensions["live"]._full),
        "gone": gone,
    }


def forget() -> str:
    gone.clear()
    return "forgotten"


def make_app(options: Options) -> Flask:
    transport.PING_INTERVAL, transport.PING_TIMEOUT = options.ping_interval, options.ping_timeout  # type: ignore[assignment]
    if options.most_clients:
        transport.MOST_SOCKETS_OF_THREADS = transport.MOST_SOCKETS_OF_GREENLETS = options.most_clients
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app.secret_key = options.secret_key
    db.init_app(app)
    app.add_url_rule("/emit", view_func=emit, methods=["POST"])
    app.add_url_rule("/call/<name>", view_func=call, methods=["POST"])
    app.add_url_rule("/state", view_func=state)
    app.add_url_rule("/forget", view_func=forget)
    transport.init_transport(
        app,
        settings_for("sqlite://", Path(), secret_key=options.secret_key, redis_url=options.redis_url),
    )
    manager = app.extensions["socketio"].server.manager
    if options.redis_url:
        manager.when_resumed = lambda: gone.append("resumed")
        manager.when_heard_again = lambda: gone.append("heard again")
    return app


if __name__ == "__main__":
    chosen = Options(**json.loads(sys.argv[2]))
    serve_app(make_app(chosen), "", 0, workers=chosen.workers, bind=f"fd://{sys.argv[1]}")

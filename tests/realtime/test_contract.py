"""What of the libraries' insides the transport stands on. Their versions are pinned; whoever raises one reads here what
has moved, by its name."""

import inspect
import re
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import engineio
import flask_socketio
import pytest
import socketio
from engineio.base_socket import BaseSocket
from flask import Flask
from socketio.base_manager import BaseManager
from wsproto.connection import Connection, ConnectionState, ConnectionType

from forum import transport
from forum.engine import Client
from forum.extensions import Sockets
from forum.fanout import Fanout, RedisFanout
from tests.databases import settings_for

ROOT = Path(__file__).resolve().parents[2]
PINNED = ("flask-socketio", "python-engineio", "python-socketio", "wsproto")


def parameters(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


@pytest.mark.parametrize("name", PINNED)
def test_the_versions_are_pinned_to_what_was_read(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (pin,) = [line for line in project["dependencies"] if line.startswith(name)]
    assert re.fullmatch(rf"{name}~=\d+\.\d+\.\d+", pin)
    assert version(name).split(".")[:2] == pin.partition("~=")[2].split(".")[:2]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (engineio.Server._handle_connect, ["environ", "start_response", "transport", "jsonp_index"]),
        (engineio.Server._trigger_event, ["event", "args", "kwargs"]),
        (engineio.Server.send_packet, ["sid", "pkt"]),
        (engineio.Server.generate_id, []),
        (socketio.Server._send_eio_packet, ["eio_sid", "eio_pkt"]),
        (socketio.Server._handle_eio_connect, ["eio_sid", "environ"]),
        (socketio.Server._handle_eio_disconnect, ["eio_sid", "reason"]),
        (socketio.Manager.emit, ["event", "data", "namespace", "room", "skip_sid", "callback", "to", "kwargs"]),
        (socketio.PubSubManager._publish, ["data"]),
        (socketio.PubSubManager._listen, []),
        (socketio.PubSubManager._thread, []),
        (BaseManager.get_participants, ["namespace", "room"]),
        (BaseManager.basic_enter_room, ["sid", "namespace", "room", "eio_sid"]),
        (BaseManager.basic_leave_room, ["sid", "namespace", "room"]),
        (BaseManager.basic_disconnect, ["sid", "namespace", "kwargs"]),
        (BaseManager.get_rooms, ["sid", "namespace"]),
        (BaseManager.pre_connect, ["eio_sid", "namespace"]),
        (BaseManager.connect, ["sid", "namespace"]),
        (BaseManager.pre_disconnect, ["sid", "namespace"]),
        (BaseManager.sid_from_eio_sid, ["eio_sid", "namespace"]),
        (BaseManager.eio_sid_from_sid, ["sid", "namespace"]),
        (BaseSocket.__init__, ["server", "sid"]),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_a_function_is_called_as_it_was(function: Callable[..., Any], expected: list[str]) -> None:
    assert parameters(function) == expected, function.__qualname__


def test_the_connection_is_handled_in_the_one_place_that_is_taken_over() -> None:
    source = inspect.getsource(engineio.Server.handle_request)
    assert "r = self._handle_connect(environ, start_response," in source
    assert "if not isinstance(r, dict):" in source


def test_engineio_asks_of_a_socket_nothing_that_ours_does_not_have() -> None:
    source = inspect.getsource(engineio.Server) + inspect.getsource(engineio.base_server.BaseServer)
    source = source.replace(inspect.getsource(engineio.Server._handle_connect), "")
    source = source.replace(inspect.getsource(engineio.Server._service_task), "")
    asked = set(re.findall(r"\b(?:socket|client|s|_get_socket\(sid\))\.([a-z_]+)", source)) - {"sockets"}
    # Of long polling, which is not offered.
    asked -= {"handle_get_request", "handle_post_request", "poll", "schedule_ping", "py"}
    assert asked <= set(dir(Client)), asked - set(dir(Client))


def test_the_rooms_are_kept_as_they_were() -> None:
    manager = BaseManager()
    for name in ("rooms", "callbacks", "pending_connect", "pending_disconnect", "json", "server"):
        assert hasattr(manager, name), name
    source = inspect.getsource(BaseManager.basic_disconnect)
    assert set(re.findall(r"self\.(\w+)", source)) == {
        "rooms", "basic_leave_room", "callbacks", "pending_connect", "pending_disconnect",
    }, "what is forgotten of a client that goes"  # fmt: skip


def test_the_managers_call_each_other_in_the_order_meant() -> None:
    order = [cls.__name__ for cls in RedisFanout.__mro__[:4]]
    assert order == ["RedisFanout", "PubSubManager", "Fanout", "Manager"]


def test_the_parser_knows_a_farewell_from_a_fault() -> None:
    parser, other = Connection(ConnectionType.SERVER), Connection(ConnectionType.SERVER)
    parser.receive_data(b"\x88\x80abcd")
    list(parser.events())
    assert parser.state is ConnectionState.REMOTE_CLOSING
    other.receive_data(b"\x83\x80abcd")
    list(other.events())
    assert other.state is ConnectionState.OPEN


def test_gevent_keeps_the_plain_socket_where_we_look_for_it() -> None:
    from gevent.socket import AF_UNIX, SO_SNDBUF, SOL_SOCKET, socketpair

    ours, theirs = socketpair(AF_UNIX)
    with ours, theirs:
        ours.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096)
        whole = b"x" * 1_000_000
        assert ours._sock.send(whole) < len(whole)
        with pytest.raises(BlockingIOError):
            ours._sock.send(whole)


def make_app(secret_key: str) -> Flask:
    app = Flask(__name__)
    settings = settings_for("sqlite://", Path(), secret_key=secret_key)
    transport.init_transport(app, settings)
    return app


def test_the_engine_and_the_fanout_stand_where_the_library_calls_them() -> None:
    app = make_app("one")
    server = app.extensions["socketio"].server
    assert isinstance(server.manager, Fanout)
    assert server.eio._handle_connect == app.extensions["live"].serve
    assert server.eio.sockets is app.extensions["live"].clients
    assert server.async_mode == "threading"
    assert server.eio.transports == ["websocket"]
    assert set(server.eio.handlers) == {"connect", "message", "disconnect"}


def test_applications_of_one_process_hear_only_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = Sockets()
    monkeypatch.setattr(transport, "socketio", sockets)
    sockets.on("join")(flask_socketio.join_room)
    first, second = make_app("one"), make_app("two")
    here, there = (app.extensions["socketio"].test_client(app) for app in (first, second))
    for client in (here, there):
        client.emit("join", "a")
    with first.app_context():
        sockets.emit("said", {"number": 1}, to="a")
    assert [event["name"] for event in here.get_received()] == ["said"]
    assert there.get_received() == []
    with second.app_context():
        sockets.emit("said", {"number": 2})
    assert [event["args"] for event in there.get_received()] == [[{"number": 2}]]
    assert here.get_received() == []

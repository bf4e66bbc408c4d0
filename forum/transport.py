"""Binds Socket.IO to the application: WebSockets only, of the same origin only."""

from hashlib import sha256

from flask import Flask

from forum.config import Settings
from forum.engine import Engine
from forum.extensions import socketio
from forum.fanout import CompactJSON, Fanout, RedisFanout
from forum.greenlets import runs_greenlets
from forum.rooms import ClosingRooms

# Seconds. A phone that went through a tunnel is given up after the sum; what it missed it asks for when it is back.
PING_INTERVAL, PING_TIMEOUT = 25, 20
LARGEST_MESSAGE = 64 * 1024
# Of one process. Under threads each open WebSocket holds one.
MOST_SOCKETS_OF_THREADS, MOST_SOCKETS_OF_GREENLETS = 600, 10_000


class Rooms(ClosingRooms, Fanout):
    """Those of the only process."""


class SharedRooms(ClosingRooms, RedisFanout):
    """Those of all processes. After a time without Redis everybody asks again: a room may have been closed."""

    def when_resumed(self) -> None:
        self.basic_close_room(None, "/")

    def when_heard_again(self) -> None:
        self.close_room(None, "/")


def init_transport(app: Flask, settings: Settings) -> None:
    """After the handlers are imported: those that come later are not heard."""
    bound = socketio.bind(
        app,
        async_mode="gevent" if runs_greenlets() else "threading",
        client_manager=_fanout(settings),
        json=CompactJSON,
        transports=["websocket"],
        allow_upgrades=False,
        manage_session=False,
        # Whoever is spoken to is a thread or greenlet of its own already; and one client's events keep their order.
        async_handlers=False,
        monitor_clients=False,
        max_http_buffer_size=LARGEST_MESSAGE,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
    )
    most = MOST_SOCKETS_OF_GREENLETS if runs_greenlets() else MOST_SOCKETS_OF_THREADS
    app.extensions["live"] = Engine(bound.server, most)


def _fanout(settings: Settings) -> Fanout:
    if not settings.redis_url:
        return Rooms()
    # What is published is heard in every database of a Redis server, so each forum has a channel of its own.
    secret = sha256(b"channel" + settings.secret_key.encode()).hexdigest()
    return SharedRooms(settings.redis_url, f"forum-{secret[:20]}")

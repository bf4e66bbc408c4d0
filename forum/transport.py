"""Binds Socket.IO to the application: WebSockets only, of the same origin only."""

from flask import Flask
from gevent.monkey import is_module_patched
from socketio import Manager, RedisManager

from forum.config import Settings
from forum.extensions import socketio
from forum.rooms import ClosingRooms

# Seconds. A phone that went through a tunnel is given up after the sum; what it missed it asks for when it is back.
PING_INTERVAL, PING_TIMEOUT = 25, 20
LARGEST_MESSAGE = 64 * 1024


class Rooms(ClosingRooms, Manager):
    """Those of the only process."""


class SharedRooms(ClosingRooms, RedisManager):
    """Those of all processes, which tell one another through Redis."""


def init_transport(app: Flask, settings: Settings) -> None:
    """After the handlers are imported: those that come later are not heard."""
    socketio.bind(
        app,
        async_mode="gevent" if is_module_patched("socket") else "threading",
        transports=["websocket"],
        allow_upgrades=False,
        manage_session=False,
        max_http_buffer_size=LARGEST_MESSAGE,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        client_manager=SharedRooms(settings.redis_url) if settings.redis_url else Rooms(),
    )

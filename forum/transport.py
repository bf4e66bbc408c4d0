"""Binds Socket.IO to the application: WebSockets only, of the same origin only."""

from flask import Flask
from gevent.monkey import is_module_patched

from forum.config import Settings
from forum.extensions import socketio

# Seconds. A phone that went through a tunnel is given up after the sum; what it missed it asks for when it is back.
PING_INTERVAL, PING_TIMEOUT = 25, 20
LARGEST_MESSAGE = 64 * 1024


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
        message_queue=settings.redis_url or None,
    )

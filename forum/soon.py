"""What is told at most so often: asked for many times, it is done once, a moment later."""

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Flask, current_app

from forum.db import expect_reading
from forum.extensions import socketio

log = logging.getLogger(__name__)

_lock = Lock()


def soon(seconds: float, function: Callable[..., None], *arguments: Any) -> None:
    """Call the function, which only reads, once after so many seconds, however often this is asked for meanwhile."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    waiting: set[Any] = app.extensions.setdefault("soon", set())
    asked = (function, arguments)
    with _lock:
        if asked in waiting:
            return
        waiting.add(asked)

    def do() -> None:
        app.extensions["socketio"].sleep(seconds)
        with _lock:
            waiting.discard(asked)
        if app.extensions.get("soon") is not waiting:
            return
        with app.app_context():
            expect_reading(True)
            try:
                function(*arguments)
            except Exception:
                log.exception("a moment later: %s%r", function.__name__, arguments)

    socketio.start_background_task(do)

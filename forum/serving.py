"""Serves the application with gunicorn's threads: one process, which is what SQLite wants."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

# One for each open WebSocket, and these for pages.
MOST_SOCKETS, THREADS_FOR_PAGES = 600, 64


class Server(BaseApplication):
    def __init__(self, app: Flask, **options: Any) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.app


def serve_app(app: Flask, host: str, port: int, **options: Any) -> None:
    from forum.db import db

    with app.app_context():
        db.engine.dispose()
    settings: dict[str, Any] = {
        "bind": f"{host}:{port}",
        "worker_class": "gthread",
        "workers": 1,
        "worker_connections": 2 * (MOST_SOCKETS + THREADS_FOR_PAGES),
        "threads": MOST_SOCKETS + THREADS_FOR_PAGES,
        "control_socket_disable": True,
        "loglevel": "warning",
        "keepalive": 5,
    }
    Server(app, **(settings | options)).run()

"""Serves the application with gunicorn: threads for SQLite, greenlets where PostgreSQL does the waiting."""

import os
import resource
import sys
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication

from forum.config import Settings
from forum.greenlets import runs_greenlets
from forum.transport import MOST_SOCKETS_OF_GREENLETS, MOST_SOCKETS_OF_THREADS

# Beside those that hold a WebSocket.
THREADS_FOR_PAGES = 64


class Server(BaseApplication):
    def __init__(self, app: Flask, **options: Any) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.app


def wants_greenlets(settings: Settings) -> bool:
    """SQLite does not: a greenlet that gives way while it writes would hold up all the others."""
    return not settings.database_url.startswith("sqlite")


def start_with_greenlets(*arguments: str) -> NoReturn:
    """Become a process in which gevent is there before anything else, and run the forum command in it: a lock that is
    made earlier is one that greenlets cannot wait for."""
    os.execv(sys.executable, [sys.executable, "-P", "-m", "gevent.monkey", "--module", "forum", *arguments])  # noqa: S606


def serve_app(app: Flask, host: str, port: int, workers: int = 1, **options: Any) -> None:
    from forum.db import db

    with app.app_context():
        db.engine.dispose()
    _allow_many_files()
    settings: dict[str, Any] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "control_socket_disable": True,
        "loglevel": "warning",
        "keepalive": 5,
        "graceful_timeout": 15,
        "post_worker_init": lambda worker: _begin(app, worker),
        "worker_exit": lambda _server, _worker: _end(app),
    }
    Server(app, **(settings | _worker() | options)).run()


def _begin(app: Flask, worker: Any) -> None:
    app.extensions["live"].follow(lambda: not worker.alive)
    if _runs_jobs(app):
        app.extensions["jobs"].start()


def _end(app: Flask) -> None:
    if _runs_jobs(app):
        app.extensions["jobs"].stop()


def _runs_jobs(app: Flask) -> bool:
    """Beside greenlets a job would hold them all up: then `forum jobs` runs them, a process of its own."""
    return "jobs" in app.extensions and not runs_greenlets()


def _worker() -> dict[str, Any]:
    if runs_greenlets():
        return {"worker_class": "gevent", "worker_connections": 2 * MOST_SOCKETS_OF_GREENLETS}
    threads = MOST_SOCKETS_OF_THREADS + THREADS_FOR_PAGES
    return {"worker_class": "gthread", "threads": threads, "worker_connections": 2 * threads}


def _allow_many_files() -> None:
    """As many as the system lets us have: each socket is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

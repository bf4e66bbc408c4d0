"""Serves the application with gunicorn: threads for SQLite, greenlets where PostgreSQL does the waiting."""

import gc
import logging
import os
import resource
import shlex
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from forum import leaving
from forum.config import Settings
from forum.greenlets import runs_greenlets
from forum.logs import speak_json
from forum.metrics import forget_worker
from forum.patience import PatientWorker
from forum.transport import MOST_SOCKETS_OF_GREENLETS, MOST_SOCKETS_OF_THREADS

log = logging.getLogger(__name__)

# Beside those that hold a WebSocket.
THREADS_FOR_PAGES = 64
# Seconds for what is being answered when a worker is told to go.
PATIENCE = 30
# Seconds for which a connection is kept on which nothing is asked: a proxy lets go of it before that (deploy/).
KEPT_ALIVE = 5
# By which a server that begins anew is told the socket that listens already, and the workers that are to go.
_INHERITED = "FORUM_INHERITED"
# By which one that runs greenlets is told how it was begun.
_BEGUN_BY = "FORUM_BEGUN_BY"


class Server(BaseApplication):
    def __init__(self, app: Flask, drain: int, **options: Any) -> None:
        self.app, self.drain, self.options = app, drain, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.app

    def run(self) -> None:
        master = Master(self)
        master.drain = self.drain
        master.run()


class Master(Arbiter):
    drain = 0

    def stop(self, graceful: bool = True) -> None:
        if graceful and self.LISTENERS:
            leaving.begin()
            time.sleep(self.drain)
        super().stop(graceful)

    def reload(self) -> None:
        """Begin anew in this same process, with the code that is there now. The socket listens on, so that nobody is
        turned away; the workers finish what they are at, and are sent away once there is a server again."""
        command = _command()
        if not _would_start(command):
            log.error("It would not start again, so it goes on as it is.")
            return
        listening = self.LISTENERS[0].sock.fileno()
        os.set_inheritable(listening, True)
        os.environ[_INHERITED] = " ".join(map(str, [listening, *self.WORKERS]))
        # Until it listens to signals again, one of these must not end it.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(command[0], command)  # noqa: S606


def _command() -> list[str]:
    """By which this server was begun, and begins anew. A script names the Python of the environment it belongs to: of
    a symlink that leads to another environment by now, it is that one's."""
    if runs_greenlets() and _BEGUN_BY in os.environ:
        return shlex.split(os.environ[_BEGUN_BY])
    script = sys.orig_argv[1:2]
    is_script = script and Path(script[0]).is_file() and os.access(script[0], os.X_OK)
    return sys.orig_argv[1:] if is_script else [sys.executable, *sys.orig_argv[1:]]


def _would_start(command: list[str]) -> bool:
    try:
        trial = os.posix_spawn(command[0], [*command, "--trial"], os.environ)
    except OSError:
        return False
    return os.waitpid(trial, 0)[1] == 0


def wants_greenlets(settings: Settings) -> bool:
    """SQLite does not: a greenlet that gives way while it writes would hold up all the others."""
    return not settings.database_url.startswith("sqlite")


def start_with_greenlets(*arguments: str) -> NoReturn:
    """Become a process in which gevent is there before anything else, and run the forum command in it: a lock that is
    made earlier is one that greenlets cannot wait for."""
    os.environ[_BEGUN_BY] = shlex.join(_command())
    os.execv(sys.executable, [sys.executable, "-P", "-m", "gevent.monkey", "--module", "forum", *arguments])  # noqa: S606


def serve_app(
    app: Flask, host: str, port: int, workers: int = 1, drain: int = 0, is_json: bool = False, **options: Any
) -> None:
    from forum.db import db

    with app.app_context():
        db.engine.dispose()
    _allow_many_files()
    listening, *former = os.environ.pop(_INHERITED, "").split() or [""]
    settings: dict[str, Any] = {
        "bind": f"fd://{listening}" if listening else f"{host}:{port}",
        "workers": workers,
        "control_socket_disable": True,
        "loglevel": "warning",
        "keepalive": KEPT_ALIVE,
        "graceful_timeout": PATIENCE,
        # forum/proxies.py alone decides whom to believe.
        "forwarded_allow_ips": "",
        "when_ready": lambda _master: _take_over(former, is_json),
        "child_exit": lambda _server, worker: forget_worker(worker.pid),
        "post_worker_init": lambda worker: _begin(app, worker),
        "worker_exit": lambda _server, _worker: _end(app),
    }
    Server(app, drain, **(settings | _worker() | options)).run()


def _send_away(workers: list[str]) -> None:
    """Those of the server that began anew, which are children of this process still."""
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGTERM)


def _take_over(former: list[str], is_json: bool) -> None:
    """Once gunicorn has handlers of its own; the workers are forked with them."""
    _settle_memory()
    if is_json:
        speak_json()
    _send_away(former)


def _settle_memory() -> None:
    """What is there before the first request stays, so the collector need not look at it over and over; nor after each
    few hundred objects at what a request has just made. A post costs a tenth less by it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def _begin(app: Flask, worker: Any) -> None:
    app.extensions["live"].follow(lambda: not worker.alive)
    if _runs_jobs(app):
        app.extensions["jobs"].start()


def _end(app: Flask) -> None:
    # Also of a server that has begun anew, which knows nothing of the workers that it was left.
    forget_worker(os.getpid())
    if _runs_jobs(app):
        app.extensions["jobs"].stop()


def _runs_jobs(app: Flask) -> bool:
    """Beside greenlets a job would hold them all up: then `forum jobs` runs them, a process of its own."""
    return "jobs" in app.extensions and not runs_greenlets()


def _worker() -> dict[str, Any]:
    if runs_greenlets():
        return {"worker_class": "gevent", "worker_connections": 2 * MOST_SOCKETS_OF_GREENLETS}
    threads = MOST_SOCKETS_OF_THREADS + THREADS_FOR_PAGES
    return {"worker_class": PatientWorker, "threads": threads, "worker_connections": 2 * threads}


def _allow_many_files() -> None:
    """As many as the system lets us have: each socket is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

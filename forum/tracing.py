"""Each request has a name by which it is found again in the logs, and is told of once it is answered: what it was, how
it ended, how long it took, what it asked the database. Nothing that a person wrote or is called."""

import logging
import re
import secrets
import time
from contextvars import ContextVar
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from forum import metrics

access, log = logging.getLogger("forum.access"), logging.getLogger(__name__)

# What a trusted proxy may call a request.
_NAME = re.compile(r"[\w-]{8,64}", re.ASCII)


class Trace:
    """Of one request: its name, when it began, and its statements: how many, and their seconds together."""

    __slots__ = ("begun", "name", "seconds", "statements", "status")

    def __init__(self, name: str) -> None:
        self.name, self.begun = name, time.perf_counter()
        self.statements, self.seconds, self.status = 0, 0.0, 500


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)
_slow_after: ContextVar[float] = ContextVar("slow_after", default=float("inf"))


def request_name() -> str | None:
    trace = _trace.get()
    return trace.name if trace else None


def init_tracing(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        said = request.headers.get("X-Request-ID", "")
        _trace.set(Trace(said if _NAME.fullmatch(said) else secrets.token_hex(8)))
        _slow_after.set(app.extensions["settings"].slow_query_ms / 1000)

    @app.after_request
    def name(response: Response) -> Response:
        if trace := _trace.get():
            trace.status = response.status_code
            response.headers["X-Request-ID"] = trace.name
        return response

    @app.teardown_request
    def tell(_error: BaseException | None) -> None:
        if trace := _trace.get():
            _tell(trace, is_counted=bool(app.extensions["settings"].metrics_token))
            _trace.set(None)
            _slow_after.set(float("inf"))

    app.log_exception = _say_what_failed  # type: ignore[method-assign,assignment]


def _tell(trace: Trace, is_counted: bool) -> None:
    took, endpoint = time.perf_counter() - trace.begun, request.endpoint or "none"
    if is_counted:
        metrics.count_request(request.method, endpoint, trace.status, took, trace.statements, trace.seconds)
    if access.isEnabledFor(logging.INFO):
        told = {"method": request.method, "endpoint": endpoint, "status": trace.status, "ms": round(took * 1000, 1)}
        told |= {"statements": trace.statements, "database_ms": round(trace.seconds * 1000, 1)}
        access.info("answered", extra={"told": told})


def _say_what_failed(fault: Any) -> None:
    """Not the address: it may hold a one-time link."""
    log.error("fault in %s %s", request.method, request.endpoint, exc_info=fault)


@event.listens_for(Engine, "before_cursor_execute")
def _begin_statement(_connection: Connection, _cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
    if context is not None:
        context.begun = time.perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _end_statement(_connection: Connection, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool) -> None:
    trace = _trace.get()
    if trace is None or context is None:
        return
    took = time.perf_counter() - context.begun
    trace.statements += 1
    trace.seconds += took
    if took > _slow_after.get():
        told = {"ms": round(took * 1000), "endpoint": request.endpoint, "sql": " ".join(sql.split())}
        log.warning("slow statement", extra={"told": told})

"""Unbound extension objects; create_app binds them."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_wtf import CSRFProtect


class Sockets:
    """Gathers handlers at import; `bind` gives an application a Flask-SocketIO of its own that has them all. Everything
    else (`emit`, `close_room`, `server`...) is the one of the current application."""

    def __init__(self) -> None:
        self._handlers: list[tuple[str, Callable[..., Any], str]] = []
        self._error_handler: Callable[[Exception], Any] | None = None

    def on(self, event: str, namespace: str = "/") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def gather(handler: Callable[..., Any]) -> Callable[..., Any]:
            self._handlers.append((event, handler, namespace))
            return handler

        return gather

    def on_error_default(self, handler: Callable[[Exception], Any]) -> Callable[[Exception], Any]:
        self._error_handler = handler
        return handler

    def bind(self, app: Flask, **options: Any) -> SocketIO:
        bound = SocketIO(app, **options)
        for event, handler, namespace in self._handlers:
            bound.on(event, namespace)(handler)
        if self._error_handler:
            bound.on_error_default(self._error_handler)
        return bound

    def __getattr__(self, name: str) -> Any:
        return getattr(current_app.extensions["socketio"], name)


class Doorkeeper(LoginManager):
    def _clear_cookie(self, response: Response) -> None:
        """As it was set: a browser would not even forget a cookie of the name `__Host-` without `Secure`."""
        config = current_app.config
        response.delete_cookie(
            config["REMEMBER_COOKIE_NAME"], secure=config["REMEMBER_COOKIE_SECURE"], httponly=True, samesite="Lax"
        )


babel = Babel()
csrf = CSRFProtect()
login_manager = Doorkeeper()
# Its protection marks a session whose address changed, as a phone's does all day, and we ask for no such mark.
login_manager.session_protection = None
migrate = Migrate()
socketio = Sockets()

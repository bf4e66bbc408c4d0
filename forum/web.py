"""What every view needs: load or 404, ask the policy or 403, cached fragments, headers, error pages."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, has_request_context, render_template, request, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from forum.db import db, expect_reading
from forum.fragments import Fragments
from forum.i18n import choose_locale, locale_of_environment

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def found(thing: T | None) -> T:
    """The thing, or 404: what a person may not see does not exist for them."""
    if thing is None:
        abort(404)
    return thing


def require(rule: Callable[[Any, Any], bool], thing: Any) -> None:
    """Ask the policy about the person; 403 if it says no."""
    if not rule(current_user, thing):
        abort(403)


def reads_only(view: View) -> View:
    """Marks a view that is posted to but changes nothing, so that it takes no write lock."""
    view.reads_only = True  # type: ignore[attr-defined]
    return view


def page_argument(name: str) -> int | None:
    """A positive number from the address; anything else counts as absent."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 10 else None


def local_path(path: str | None) -> str | None:
    """A path of this site to go on to, never another site's address."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return None


def select_locale() -> str:
    if not has_request_context():
        return locale_of_environment(os.environ)
    chosen = session.get("language") or getattr(current_user, "locale", None)
    return choose_locale(chosen, request.accept_languages, current_app.config["BABEL_DEFAULT_LOCALE"])


_EXPLANATIONS = {
    400: (
        _l("That did not arrive whole"),
        _l("The request was incomplete or could not be read."),
        _l("Go back and try once more."),
    ),
    403: (
        _l("You cannot do this here"),
        _l("You can see this, but your role in the class does not include it."),
        _l("If you think it should, ask an organiser of the class."),
    ),
    404: (
        _l("There is nothing here"),
        _l("The address may be mistyped, or it leads to a class you are not enrolled in."),
        _l("Start again from your classes, or ask the organiser for the link."),
    ),
    405: (
        _l("This page cannot do that"),
        _l("The address exists, but not for this kind of request."),
        _l("Start again from your classes."),
    ),
    413: (
        _l("That is too large"),
        _l("What you sent is larger than this forum takes."),
        _l("Go back: your text is still in the form. Send it in parts."),
    ),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing you had posted before is lost."),
        _l("Go back and try again in a moment. If it happens again, tell the organiser what you were doing."),
    ),
}


def error_page(error: Exception) -> tuple[str, int] | Response:
    if isinstance(error, HTTPException) and error.code and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    if code >= 500:
        db.session.rollback()
    title, explanation, next_step = _EXPLANATIONS.get(code, _EXPLANATIONS[400 if code < 500 else 500])
    page = render_template("errors/error.html", code=code, title=title, explanation=explanation, next_step=next_step)
    return page, code


class Identity(IntegerConverter):
    """A number in an address, as large as a database takes; a larger one is 404."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def init_web(app: Flask) -> None:
    app.extensions["fragments"] = Fragments()
    app.url_map.converters["int"] = Identity

    @app.before_request
    def note_intent() -> None:
        view = app.view_functions.get(request.endpoint or "")
        expect_reading(request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "reads_only", False))

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    @app.teardown_request
    def forget_intent(_error: BaseException | None) -> None:
        expect_reading(False)

    for code in (400, 403, 404, 405, 413, 500):
        app.register_error_handler(code, error_page)

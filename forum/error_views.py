"""Pages about what went wrong: what it was, what to do now, and the ways on from here."""

import logging
import math
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable, TooManyRequests

from forum import clock
from forum.attachments.storage import StorageFailed
from forum.db import is_away, is_busy, undo
from forum.errors import Gone
from forum.extensions import login_manager
from forum.problems import problem_of
from forum.web import greet, is_api, is_fetch, local_path, megabytes_taken, own_host, taking_at, typed_fields

log = logging.getLogger(__name__)

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
    409: (
        _l("Somebody else is signed in here now"),
        _l("This was written by somebody else, so it is not sent under your name."),
        _l("Sign out, then let its author sign in."),
    ),
    413: (
        _l("That is too large"),
        _l("What you sent is larger than this forum takes."),
        _l("Go back: your text is still in the form. Send it in parts."),
    ),
    422: (
        _l("Nothing has been done yet"),
        _l("The page you came from had been open for a long time."),
        _l("Go back, load the page again, and try once more."),
    ),
    429: (
        _l("Too many tries in a short time"),
        _l("More came from you, or from your address, than the forum takes in so short a time."),
        _l("Nothing is lost. Wait a little, then try again."),
    ),
    503: (
        _l("The forum is very busy"),
        _l("So many people are writing at this moment that your request was not dealt with."),
        _l("Wait a moment, then try again."),
    ),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing you had posted before is lost."),
        _l("Go back and try again in a moment. If it happens again, tell the organiser what you were doing."),
    ),
}


_AWAY = (
    _l("The forum cannot get at its data"),
    _l("The fault is on our side. What was posted before is safe; what you sent just now has not been taken."),
    _l("Keep your text, wait a minute, then try again."),
)
_FILES_AWAY = (
    _l("The forum cannot get at its files"),
    _l("The fault is on our side, and nothing is lost: pictures and documents are kept elsewhere, out of reach now."),
    _l("Wait a minute, then try again."),
)


def error_page(error: Exception, words: tuple[Any, Any, Any] | None = None) -> tuple[str | Response, int] | Response:
    if isinstance(error, HTTPException) and error.code and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    if is_api():
        undo()
        return problem_of(error, code), code
    title, explanation, next_step = words or _EXPLANATIONS.get(code, _EXPLANATIONS[400 if code < 500 else 500])
    if code == 413 and (megabytes := megabytes_taken()):
        explanation = _l("The file is larger than %(megabytes)s MB.", megabytes=megabytes)
        next_step = _l("Leave out pictures and whatever else is not needed, and send it again.")
    typed = typed_fields().get("body")
    if code == 404 and typed:
        explanation = _l("What you wrote this for has been deleted meanwhile, or is no longer open to you.")
        next_step = _l("Your text has not been taken. It is still here: copy it, and ask an organiser of the class.")
    if is_fetch():
        return jsonify(refused=str(explanation)), code
    said = {"title": title, "explanation": explanation, "next_step": next_step, "typed": typed}
    ways = {"retry_after": _seconds_to_wait(error), "back": _way_back(code)}
    return _rendered("errors/error.html", code=code, **said, **ways), code


def throttled_page(error: TooManyRequests) -> tuple[str | Response, int, dict[str, str]]:
    """Says in words how long to wait, where that is known, and to programs in the header. A text comes back with a
    button that sends it again."""
    seconds = _seconds_to_wait(error)
    later = {} if seconds is None else {"Retry-After": str(seconds)}
    if not is_api() and not is_fetch() and typed_fields():
        words = _l("Your text has not been taken yet. Wait a moment, then send it again.")
        return text_again(_EXPLANATIONS[429][0], words, seconds), 429, later
    page, code = error_page(error)  # type: ignore[misc]
    return page, code, later


def _seconds_to_wait(error: Exception) -> int | None:
    later = getattr(error, "retry_after", None)
    if isinstance(later, datetime):
        later = (later - clock.now()).total_seconds()
    return None if later is None else max(1, math.ceil(later))


def _way_back(code: int) -> str | None:
    """The page of ours that led here, unless there is a form on it that this request was to take: only the browser's
    own way back keeps what was typed there."""
    if request.method not in ("GET", "HEAD") and code not in (403, 404, 429):
        return None
    try:
        sender = urlsplit(request.referrer or "")
    except ValueError:
        return None
    path = sender.path + (f"?{sender.query}" if sender.query else "")
    is_ours = sender.netloc in (request.host, own_host()) and path != request.full_path.rstrip("?")
    return local_path(path) if is_ours else None


def later_page(
    error: OperationalError | InternalError | NoConnection | StorageFailed,
) -> tuple[str | Response, int, dict[str, str]]:
    """Somebody else held the database for too long, or it is away, or the bucket of the files: the text comes back
    with a button that sends it again."""
    if isinstance(error, StorageFailed):
        words, later = _FILES_AWAY, {"Retry-After": "30"}
        log.error("The uploads are away: %s", error.__cause__)
    elif is_busy(error):
        words, later = _EXPLANATIONS[503], {"Retry-After": "5"}
    elif not isinstance(error, NoConnection) and is_away(error):
        words, later = _AWAY, {"Retry-After": "30"}
        log.error("The database is away: %s", str(error.orig).partition("\n")[0])
    else:
        raise error
    if is_fetch() or not typed_fields():
        page, code = error_page(ServiceUnavailable(), words)  # type: ignore[misc]
        return page, code, later
    return text_again(words[0], _l("Your text has not been taken yet. Wait a moment, then send it again.")), 503, later


def text_again(title: Any, explanation: Any, retry_after: int | None = None) -> str:
    """What was typed, in a form that sends it to where it was sent."""
    path, kept = request.path, typed_fields()
    words = {"title": title, "explanation": explanation, "retry_after": retry_after}
    return _rendered("resume.html", kept_path=path, kept=kept, taking=taking_at(path), **words)


def _rendered(template: str, **context: Any) -> str:
    """A page about what went wrong: it waits for no writer, and does without a name where there is no database."""
    undo()
    try:
        return render_template(template, **context)
    except SQLAlchemyError:
        undo()
        greet(login_manager.anonymous_user())
        return render_template(template, **context)


def init_errors(app: Flask) -> None:
    for code in (400, 401, 403, 404, 405, 409, 413, 415, 422, 500):
        app.register_error_handler(code, error_page)
    app.register_error_handler(Gone, lambda _error: error_page(NotFound()))
    app.register_error_handler(429, throttled_page)
    app.register_error_handler(OperationalError, later_page)
    # A transaction that PostgreSQL has ended, since it asked nothing for too long.
    app.register_error_handler(InternalError, later_page)
    app.register_error_handler(NoConnection, later_page)
    app.register_error_handler(StorageFailed, later_page)

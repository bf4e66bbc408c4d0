"""Who asks, by the token in the header: a session is never asked. How often they may, and what every answer says."""

import logging

import limits
from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from forum import clock
from forum.api import operations, queries
from forum.api.models import Scope
from forum.db import commit, expect_reading, is_busy, undo
from forum.limiting import address
from forum.problems import problem
from forum.throttle import Left, Throttle
from forum.web import greet

log = logging.getLogger(__name__)

_READS = ("GET", "HEAD", "OPTIONS")


def init_bearer(app: Flask) -> None:
    app.extensions["throttle"] = Throttle(app.extensions["settings"].redis_url)
    # When this process last noted that a token is in use.
    app.extensions["token_uses"] = {}


def enter() -> Response | None:
    """Before each call. The token is looked up as a reader does, so that strangers never hold up who writes."""
    expect_reading(True)
    sent = request.authorization
    secret = sent.token if sent is not None and sent.type == "bearer" else None
    token = queries.working_token(secret) if secret else None
    if token is None:
        return _turned_away(bool(secret))
    greet(token.member)
    g.spoken, g.token_id, g.token = token.member.locale, token.id, (token.name, token.scope)
    g.left = _take(current_app.extensions["settings"].api_limit, "token", str(token.id))
    if not g.left.is_allowed:
        return too_many(g.left)
    if request.method in _READS:
        return None
    if token.scope is not Scope.WRITE:
        return _scope_missing()
    undo()
    expect_reading(False)
    return None


def leave(response: Response) -> Response:
    """After each call: kept by nobody but who asked, and asked for again only when it has changed."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(["Authorization", "Accept-Language"])
    left: Left | None = g.get("left")
    if left is not None:
        response.headers["RateLimit-Limit"] = str(left.limit)
        response.headers["RateLimit-Remaining"] = str(left.remaining)
        response.headers["RateLimit-Reset"] = str(left.seconds)
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        if not response.get_etag()[0]:
            response.add_etag(weak=True)
        response.make_conditional(request.environ)
    if "token_id" in g:
        _note_use(response, g.token_id)
    return response


def _take(limit: str, *who: str) -> Left:
    throttle: Throttle = current_app.extensions["throttle"]
    return throttle.take(limits.parse(limit), *who)


def _turned_away(had_token: bool) -> Response:
    left = _take(current_app.extensions["settings"].api_failures, "address", address())
    if not left.is_allowed:
        return too_many(left)
    words = _("This token works no more, or never did. You make and revoke yours at /me/tokens.") if had_token else None
    response = problem("unauthorized", words)
    error = ', error="invalid_token"' if had_token else ""
    response.headers["WWW-Authenticate"] = f'Bearer realm="forum"{error}'
    return response


def too_many(left: Left) -> Response:
    response = problem("too-many")
    response.headers["Retry-After"] = str(left.seconds)
    return response


def _scope_missing() -> Response:
    response = problem("forbidden", _("This token may only read. Make one that may write, at /me/tokens."))
    response.headers["WWW-Authenticate"] = 'Bearer realm="forum", error="insufficient_scope", scope="write"'
    return response


def _note_use(response: Response, token_id: int) -> None:
    """Once a minute at most, after the answer has gone out."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    uses, now = app.extensions["token_uses"], clock.now()
    if token_id in uses and uses[token_id] > now - operations.NOTED_EVERY:
        return
    uses[token_id] = now

    def note() -> None:
        with app.app_context():
            expect_reading(False)
            try:
                operations.note_use(token_id)
                commit()
            except OperationalError as error:
                undo()
                if not is_busy(error):
                    log.exception("the use of token %s is not noted", token_id)

    response.call_on_close(note)

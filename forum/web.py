"""What every view needs: load or 404, ask the policy or 403, cached fragments, headers."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, has_request_context, redirect, request, session
from flask_babel import gettext as _
from flask_login import UserMixin, current_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from forum.audit.models import Verb
from forum.audit.operations import Origin, acting, record
from forum.db import commit, expect_reading, is_busy, undo
from forum.errors import Refused
from forum.fragments import Fragments, fragments
from forum.i18n import choose_locale, locale_of_environment
from forum.security_headers import headers_of_address, security_headers
from forum.settings.renewal import renewal

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])


def found(thing: T | None) -> T:
    """The thing, or 404: what a person may not see does not exist for them."""
    if thing is None:
        abort(404)
    return thing


def session_key() -> str | None:
    """Names the session without giving away what it holds; None before it has sent a form."""
    secret = session.get("csrf_token")
    return hashlib.sha256(secret.encode()).hexdigest()[:32] if secret else None


def greet(member: UserMixin | None) -> None:
    """Who asks, where a view has found it out already; nobody leaves it to the session."""
    if member is not None:
        g._login_user = member


def require(rule: Callable[[Any, Any], bool], thing: Any) -> None:
    """Ask the policy about the person; 403 if it says no."""
    if not rule(current_user, thing):
        abort(403)


def is_fetch() -> bool:
    """A script asks, for a part of a page: what goes wrong it is told in JSON, as {"refused": sentence}."""
    return "X-Fragment" in request.headers


def is_api() -> bool:
    """A program asks, with a token of its own: a session is nothing to it, and what goes wrong it is told in JSON."""
    return request.path.startswith("/api/v1/")


def require_sender() -> None:
    """409 if somebody else has signed in since: what one person wrote never goes out under another's name."""
    if request.form.get("member", str(current_user.id)) != str(current_user.id):
        abort(409)


def attempt(form: FlaskForm, change: Callable[[], T]) -> T | Refused:
    """Do what a form asks for and commit it, or say why not: then the page comes again with what was typed."""
    if not form.validate():
        return Refused(_("Nothing has been saved yet. Please look at the marked lines."))
    try:
        done = change()
    except Refused as refused:
        undo()
        return refused
    commit()
    return done


def reads_only(view: View) -> View:
    """Marks a view that is posted to but changes nothing, so that it takes no write lock."""
    view.reads_only = True  # type: ignore[attr-defined]
    return view


def takes_file(megabytes: int | str) -> Callable[[View], View]:
    """Marks a view that is sent a file, which may be larger than what the forum takes otherwise: by so much, or by the
    setting of this name."""

    def mark(view: View) -> View:
        view.takes_file = megabytes  # type: ignore[attr-defined]
        return view

    return mark


@dataclass(frozen=True, slots=True)
class Taking:
    """What a view does with a text that somebody typed, in a sentence and in the words of a button."""

    outcome: Any
    verb: Any


def takes_text(outcome: Any, verb: Any) -> Callable[[View], View]:
    """Marks a view that is sent a text, in the field `body`: whatever stops the request, the text comes back."""

    def mark(view: View) -> View:
        view.takes_text = Taking(outcome, verb)  # type: ignore[attr-defined]
        return view

    return mark


def taking_at(path: str) -> Taking | None:
    """What would be done with a text sent to this path of ours."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        endpoint, _arguments = adapter.match(path, method="POST")
    except HTTPException:
        return None
    return getattr(current_app.view_functions[endpoint], "takes_text", None)


def typed_fields() -> dict[str, str]:
    """The form that was sent, if it holds a text that somebody typed into a page of ours."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or not hasattr(view, "takes_text") or not is_from_here():
        return {}
    try:
        fields = {name: value for name, value in request.form.items() if name != "csrf_token"}
    except HTTPException:  # too large to be read at all
        return {}
    return fields if fields.get("body") else {}


def is_from_here() -> bool:
    """Whether a page of ours sent this request, as far as the browser says: another site's form must not be kept, to
    be sent in the person's name later. Browsers say so on every POST; what says nothing is none."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    try:
        return sender is None or urlsplit(sender).netloc in (request.host, own_host())
    except ValueError:
        return False


def own_host() -> str:
    return urlsplit(current_app.extensions["settings"].base_url).netloc


def address_in_the_room(path: str) -> str:
    """As the phones in the room reach it: where no address is set but this computer's own, the one that was asked."""
    settings = current_app.extensions["settings"]
    base = request.host_url.rstrip("/") if settings.is_local else settings.base_url
    return f"{base}{path}"


def page_argument(name: str) -> int | None:
    """A positive number from the address; anything else counts as absent."""
    return number_argument(request.args, name)


def number_argument(sent: Mapping[str, str], name: str) -> int | None:
    value = sent.get(name, "")
    return int(value) if is_number(value) else None


def is_number(text: str) -> bool:
    """As a browser sends one, and small enough for a database."""
    return text.isascii() and text.isdigit() and len(text) < 10


def local_path(path: str | None) -> str | None:
    """A path of this site to go on to, never another site's address."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return None


def onward_path() -> str | None:
    """Where this page's forms, or the one that was sent, go on to afterwards instead of to their usual place."""
    return local_path(request.values.get("next")) if has_request_context() else None


def onward(usual: str, said: Any = None) -> Any:
    """To where the form asks to go on, with a word of what was done, else to the usual place."""
    path = onward_path()
    if path and said:
        flash(str(said))
    return redirect(path or usual, 303)


def put_down(verb: Verb, **done: Any) -> None:
    """Record what only reads otherwise, in a transaction of its own, begun as a writing one. Where others hold the
    database for too long it is left to the server's log: nobody is kept out for it."""
    undo()
    expect_reading(False)
    try:
        record(verb, **done)
        commit()
    except OperationalError as error:
        if not is_busy(error):
            raise
        current_app.logger.warning("not in the audit log: %s %s", verb, done)
    undo()


def _origin() -> Origin:
    actor_id = current_user.id if current_user.is_authenticated else None
    return Origin(actor_id, request.remote_addr or "")


def select_locale() -> str:
    if not has_request_context():
        return locale_of_environment(os.environ)
    if is_api():
        spoken = g.get("spoken") or _default_locale()
        return choose_locale(None, request.accept_languages, spoken)
    # Where a page is kept for whoever asks, their language is all that was asked about them.
    own = g.own_locale if "own_locale" in g else getattr(current_user, "locale", None)
    chosen = session.get("language") or own
    return choose_locale(chosen, request.accept_languages, _default_locale())


def _default_locale() -> str:
    spoken: str = current_app.extensions["settings"].default_locale
    return spoken


def megabytes_taken() -> int | None:
    """How large a file the asked view takes; None where it takes none."""
    view = current_app.view_functions.get(request.endpoint or "")
    taken: int | str | None = getattr(view, "takes_file", None)
    megabytes: int | None = getattr(current_app.extensions["settings"], taken) if isinstance(taken, str) else taken
    return megabytes


class Identity(IntegerConverter):
    """A number in an address, small enough for a database; a larger one is 404. Said in the pattern: what is turned
    away after it has matched would be 405 where another method has the same address."""

    regex = r"\d{1,9}"


def csrf_token() -> str:
    """Signed once a minute for each session."""
    if "csrf_token" not in session:
        return generate_csrf()
    return fragments().get(("csrf_token", session["csrf_token"]), generate_csrf)


def init_web(app: Flask) -> None:
    app.extensions["fragments"] = Fragments(csrf_token)
    app.url_map.converters["int"] = Identity
    headers = security_headers(is_encrypted=app.config["SESSION_COOKIE_SECURE"])

    # Before CSRFProtect's, so that a request it turns away has not come to write.
    @app.before_request
    def note_intent() -> None:
        if "\x00" in request.path:
            abort(404)
        # Whether the process lives is told without the database; built files need no settings.
        if request.blueprint not in (None, "health"):
            renewal().keep()
        view = app.view_functions.get(request.endpoint or "")
        expect_reading(request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "reads_only", False))
        acting(_origin)
        # What surrounds the file in the request comes on top.
        if megabytes := megabytes_taken():
            request.max_content_length = (megabytes + 1) * 1024 * 1024

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers_of_address({*(request.view_args or ()), *request.args}))
        said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118
        for name, value in headers.items():
            if name.lower() not in said:
                response.headers.add(name, value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    @app.teardown_request
    def forget_intent(_error: BaseException | None) -> None:
        expect_reading(False)
        acting()

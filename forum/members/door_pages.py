"""What the pages at the door share: whence somebody comes, the session begun and ended, the text that came along."""

import hashlib
from datetime import timedelta
from typing import Any

from flask import after_this_request, current_app, g, make_response, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_login import login_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from forum import clock
from forum.db import commit, db, expect_reading, is_busy, undo
from forum.extensions import login_manager
from forum.limiting import address, limit, require_left, throttle
from forum.members import broadcasts, devices, operations, queries
from forum.members.forms import CodeForm, SignInForm
from forum.members.models import Member, SecondStep
from forum.members.second_step import pass_second_step
from forum.members.tries import Place, TooManyTries, Tries
from forum.web import local_path, session_key, taking_at

# Within which the code is to follow the password.
CODE_LASTS = timedelta(minutes=10)

Answer = str | tuple[str | dict[str, Any] | BaseResponse, int] | BaseResponse


@login_manager.user_loader
def load_member(session_id: str) -> Member | None:
    return queries.member_by_session_id(session_id)


def tries_at(account: str, member: Member | None) -> Tries:
    """`account`: what was typed, or names what is tried."""
    device = _device()
    is_known = member is not None and member.id in device.member_ids
    place = Place(address(), device.key if is_known else None)
    return Tries(throttle(), current_app.extensions["settings"], login_digest(account), place)


def login_digest(typed: str) -> str:
    """To count by: what is typed in place of a login may be a password."""
    return hashlib.sha256(queries.plain_login(typed).encode(errors="replace")).hexdigest()[:32]


def require_few_failures() -> None:
    """429 where so many guesses have come from this address that it waits."""
    require_left(throttle().look(limit("address_failures"), "address", address()))


def count_failure() -> None:
    throttle().take(limit("address_failures"), "address", address())


def take_code(step: SecondStep, code: str) -> bool:
    """Whether this is a code of the member's, used up by that; `TooManyTries` where too many were not."""
    tries = tries_at(f"code of {step.member_id}", db.session.get(Member, step.member_id))
    tries.begin()
    is_right = pass_second_step(step, code)
    if is_right:
        tries.succeeded()
    else:
        tries.failed()
    return is_right


def admit(member: Member, remember: bool, usual: str = "/") -> Answer:
    """In, and on to where the person wanted to go or else to the usual place; unless a code is to come first."""
    if queries.confirmed_step(member) is None:
        return welcome(member, remember, usual)
    end_session()
    g.pop("csrf_token", None)
    until = int((clock.now() + CODE_LASTS).timestamp())
    session["pending"] = {"session_id": member.get_id(), "remember": remember, "until": until}
    return code_page(CodeForm(formdata=None), usual)


def code_page(form: CodeForm, usual: str = "/", **words: Any) -> str:
    kept_path, kept = kept_before()
    context = {"kept_path": kept_path, "kept": kept, "next": next_path(usual)}
    return render_template("members/code.html", form=form, **(context | words))


def start_session(member: Member, remember: bool) -> None:
    """A new session: nothing of the one before but the language. The device is known from now on."""
    end_session()
    # Flask-WTF keeps the old token for the rest of the request; a page of this answer needs a new one.
    g.pop("csrf_token", None)
    login_user(member, remember=remember)
    if not remember:
        # On a shared computer the one before may have asked to be remembered.
        session["_remember"] = "clear"
    _know_device(member.id)


def end_session() -> None:
    """All but the language is forgotten, and its other pages hear nothing more."""
    language, key = session.get("language"), session_key()
    session.clear()
    if language:
        session["language"] = language
    if key:
        broadcasts.signed_out(key)


def welcome(member: Member, remember: bool, usual: str = "/") -> Answer:
    """In, and on: to the text that came along, or to where the person wanted to go."""
    note_sign_in(member)
    start_session(member, remember)
    kept_path, kept = kept_before()
    if not kept_path:
        return redirect(next_path(usual))
    words = {
        "title": _("You are signed in again. Here is your text."),
        "explanation": _("Nothing was lost: it has not been posted yet. Read it over and post it."),
    }
    return render_template("resume.html", kept_path=kept_path, kept=kept, taking=taking_at(kept_path), **words)


def note_sign_in(member: Member) -> None:
    """What signing in writes: in a transaction of its own, begun as a writing one. Where others hold the database for
    too long, nobody is kept out for it."""
    member_id = member.id
    undo()
    expect_reading(False)
    try:
        operations.note_sign_in(member_id)
        commit()
    except OperationalError as error:
        if not is_busy(error):
            raise
    undo()


def sign_in_page(form: SignInForm, error: str | None = None, **words: Any) -> str:
    kept_path, fields = kept_before()
    has_mail = bool(current_app.extensions["settings"].mail_url)
    context = {"kept_path": kept_path, "kept": fields, "next": next_path(), "has_mail": has_mail}
    return render_template("members/sign_in.html", form=form, error=error, **(context | words))


def wait(page: str, many: TooManyTries) -> BaseResponse:
    """The page with the form, for later."""
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(many.seconds)
    return response


def kept_before() -> tuple[str | None, dict[str, str]]:
    """The text that came along with the sign-in form, and where it shall go: only to where texts are sent."""
    path = local_path(request.form.get("kept_path"))
    kept = {name.removeprefix("kept-"): value for name, value in request.form.items() if name.startswith("kept-")}
    return (path, kept) if path and taking_at(path) and kept.get("body") else (None, {})


def next_path(usual: str = "/") -> str:
    return local_path(request.values.get("next")) or usual


def _device() -> devices.Device:
    return devices.read_device(request.cookies.get(_cookie_name(), ""), current_app.extensions["settings"].secret_key)


def _know_device(member_id: int) -> None:
    config = current_app.config
    signed = _device().with_member(member_id).signed(current_app.extensions["settings"].secret_key)

    @after_this_request
    def keep(response: BaseResponse) -> BaseResponse:
        response.set_cookie(
            _cookie_name(), signed, devices.LASTS, httponly=True, samesite="Lax", secure=config["SESSION_COOKIE_SECURE"]
        )
        return response


def _cookie_name() -> str:
    name: str = current_app.config["SESSION_COOKIE_NAME"]
    return name.replace("session", devices.COOKIE)

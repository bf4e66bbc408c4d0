"""Sign-in, sign-out, one-time links, language."""

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.wrappers import Response as BaseResponse

from forum import clock
from forum.config import LOCALES
from forum.db import commit, expect_reading, is_busy, undo
from forum.error_views import error_page, text_again
from forum.errors import Refused
from forum.extensions import login_manager
from forum.members import broadcasts, operations, queries
from forum.members.forms import SetPasswordForm, SignInForm
from forum.members.models import Member
from forum.web import is_fetch, is_from_here, local_path, reads_only, session_key, taking_at, typed_fields

blueprint = Blueprint("members", __name__)

Answer = str | tuple[str | dict[str, Any] | Response, int] | BaseResponse


@login_manager.user_loader
def load_member(session_id: str) -> Member | None:
    return queries.member_by_session_id(session_id)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@reads_only
def sign_in() -> Answer:
    form = SignInForm()
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(_next_path())
        return _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form), 422
    member = queries.member_by_login(form.email.data or "")
    if not operations.verify_password(member, form.password.data or "") or member is None:
        return _sign_in_page(form, error=_("The address or the password is not right. Please try again.")), 422
    _note_first_sign_in(member)
    _start_session(member, remember=form.remember.data)
    kept_path, kept = _kept_before()
    if kept_path:
        words = {
            "title": _("You are signed in again. Here is your text."),
            "explanation": _("Nothing was lost: it has not been posted yet. Read it over and post it."),
        }
        return render_template("resume.html", kept_path=kept_path, kept=kept, taking=taking_at(kept_path), **words)
    return redirect(_next_path())


@blueprint.post("/sign-out")
@reads_only
def sign_out() -> Answer:
    _end_session()
    # Last, since it notes in the session that the remember cookie is to go.
    logout_user()
    return redirect(url_for("members.sign_in"))


@blueprint.after_request
def keep_no_link(response: BaseResponse) -> BaseResponse:
    """What a one-time link opens stays in no browser's memory."""
    if request.endpoint == "members.set_password":
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/password/<token>", methods=["GET", "POST"])
def set_password(token: str) -> Answer:
    form = SetPasswordForm()
    password_hash = operations.hash_password(form.password.data or "") if form.validate_on_submit() else None
    link = queries.password_link(token, clock.now())
    if link is None:
        return render_template("members/link_gone.html", next=local_path(request.args.get("next"))), 404
    if password_hash is None:
        page = render_template("members/set_password.html", form=form, link=link)
        return page, (200 if request.method == "GET" else 422)
    try:
        member = operations.use_password_link(link, password_hash, form.login.data or "")
    except operations.LinkUsed:
        undo()
        return render_template("members/link_gone.html", next=local_path(request.args.get("next"))), 422
    except Refused as refused:
        undo()
        form.login.errors = [refused.reason]
        return render_template("members/set_password.html", form=form, link=link), 422
    commit()
    _start_session(member, remember=False)
    return redirect(local_path(request.args.get("next")) or url_for("classes.enter"))


@blueprint.post("/language")
def choose_language() -> Answer:
    language = request.form.get("language", "")
    if language in LOCALES:
        session["language"] = language
        if current_user.is_authenticated:
            operations.choose_language(current_user, language)
            commit()
    return redirect(_next_path())


@login_manager.unauthorized_handler
def ask_to_sign_in() -> Answer:
    """Back to the page afterwards; a text that was sent comes along, so that it is not lost."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("members.sign_in", next=request.full_path.rstrip("?")))
    undo()
    if is_fetch():
        refused = _("You are no longer signed in. Your text is kept on this device.")
        return {"refused": refused, "sign_in": url_for("members.sign_in")}, 401
    fields = typed_fields()
    return _sign_in_page(SignInForm(formdata=None), kept_path=request.path if fields else None, kept=fields), 401


@blueprint.app_errorhandler(CSRFError)
def renew_session(_error: CSRFError) -> Answer:
    """The session ran out since the page was opened. What was typed is shown again, with a new one. What another site
    sent comes here too: of that nothing is kept."""
    undo()
    if request.endpoint == "members.sign_in":
        kept: dict[str, Any] = {} if is_from_here() else {"kept_path": None, "kept": {}}
        words = _("This page had been open for a long time. Please sign in again.")
        return _sign_in_page(SignInForm(), error=words, **kept), 422
    if request.endpoint == "members.set_password":
        return redirect(request.full_path.rstrip("?"))
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if is_fetch():
        refused = _("The page had been open for a long time, so nothing was sent.")
        return {"refused": refused, "member": current_user.id, "csrf_token": generate_csrf()}, 400
    if not typed_fields():
        return error_page(UnprocessableEntity())
    explanation = _("The page had been open for a long time, so nothing was sent. Read it over and send it again.")
    return text_again(_("Here is your text"), explanation), 422


def _note_first_sign_in(member: Member) -> None:
    """The one thing that signing in writes, once in an account's life: in a transaction of its own, begun as a writing
    one. Where others hold the database for too long, the next sign-in notes it: nobody is kept out for it."""
    if member.first_signed_in_at is not None:
        return
    member_id = member.id
    undo()
    expect_reading(False)
    try:
        operations.note_first_sign_in(member_id)
        commit()
    except OperationalError as error:
        if not is_busy(error):
            raise
    undo()


def _end_session() -> None:
    """All but the language is forgotten, and its other pages hear nothing more."""
    language, key = session.get("language"), session_key()
    session.clear()
    if language:
        session["language"] = language
    if key:
        broadcasts.signed_out(key)


def _start_session(member: Member, remember: bool) -> None:
    """A new session: nothing of the one before but the language."""
    _end_session()
    # Flask-WTF keeps the old token for the rest of the request; a page of this answer needs a new one.
    g.pop("csrf_token", None)
    login_user(member, remember=remember)
    if not remember:
        # On a shared computer the one before may have asked to be remembered.
        session["_remember"] = "clear"


def _sign_in_page(form: SignInForm, error: str | None = None, **kept: Any) -> str:
    kept_path, fields = _kept_before()
    context = {"kept_path": kept_path, "kept": fields, "next": _next_path()}
    return render_template("members/sign_in.html", form=form, error=error, **(context | kept))


def _kept_before() -> tuple[str | None, dict[str, str]]:
    """The text that came along with the sign-in form, and where it shall go: only to where texts are sent."""
    path = local_path(request.form.get("kept_path"))
    kept = {name.removeprefix("kept-"): value for name, value in request.form.items() if name.startswith("kept-")}
    return (path, kept) if path and taking_at(path) and kept.get("body") else (None, {})


def _next_path() -> str:
    return local_path(request.values.get("next")) or "/"

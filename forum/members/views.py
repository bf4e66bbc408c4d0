"""Sign-in, sign-out, one-time links, language."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.wrappers import Response as BaseResponse

from forum import clock
from forum.audit.models import Verb
from forum.config import LOCALES
from forum.db import commit, expect_reading, undo
from forum.error_views import error_page, text_again
from forum.errors import Refused
from forum.extensions import login_manager
from forum.members import operations, queries
from forum.members.door_pages import (
    Answer,
    admit,
    count_failure,
    end_session,
    next_path,
    require_few_failures,
    sign_in_page,
    tries_at,
    wait,
)
from forum.members.forms import SetPasswordForm, SignInForm
from forum.members.models import PasswordLink
from forum.members.passwords import require_unguessable
from forum.members.tries import TooManyTries
from forum.web import is_fetch, is_from_here, local_path, put_down, reads_only, typed_fields

blueprint = Blueprint("members", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@reads_only
def sign_in() -> Answer:
    form = SignInForm()
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(next_path())
        return sign_in_page(form)
    if not form.validate():
        return sign_in_page(form), 422
    member = queries.member_by_login(form.email.data or "")
    tries = tries_at(form.email.data or "", member)
    try:
        tries.begin()
    except TooManyTries as many:
        return wait(sign_in_page(form, error=many.reason, retry_after=many.seconds), many)
    if not operations.verify_password(member, form.password.data or "") or member is None:
        tries.failed()
        put_down(Verb.SIGN_IN_FAILED, member_id=member.id if member else None)
        return sign_in_page(form, error=_("The address or the password is not right. Please try again.")), 422
    tries.succeeded()
    if member.closed_at is not None:
        words = _("This account has been closed. Ask the organiser of your class, or an administrator.")
        return sign_in_page(form, error=words), 422
    return admit(member, remember=form.remember.data)


@blueprint.post("/sign-out")
@reads_only
def sign_out() -> Answer:
    end_session()
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
@reads_only
def set_password(token: str) -> Answer:
    require_few_failures()
    form, link = SetPasswordForm(), queries.password_link(token, clock.now())
    if link is None:
        count_failure()
        return _link_gone(), 404
    if request.method == "GET" or not form.validate():
        return _password_page(form, link), (200 if request.method == "GET" else 422)
    try:
        require_unguessable(form.password.data or "", link.member)
    except Refused as refused:
        form.password.errors = [refused.reason]
        return _password_page(form, link), 422
    return _use_link(token, form)


def _use_link(token: str, form: SetPasswordForm) -> Answer:
    """Nobody who writes has waited for the password's hash."""
    password_hash = operations.hash_password(form.password.data or "")
    undo()
    expect_reading(False)
    link = queries.password_link(token, clock.now())
    if link is None:
        return _link_gone(), 404
    try:
        member = operations.use_password_link(link, password_hash, form.login.data or "")
    except operations.LinkUsed:
        undo()
        return _link_gone(), 422
    except Refused as refused:
        undo()
        form.login.errors = [refused.reason]
        return _password_page(form, link), 422
    commit()
    return admit(member, remember=False, usual=url_for("classes.enter"))


def _password_page(form: SetPasswordForm, link: PasswordLink) -> str:
    return render_template("members/set_password.html", form=form, link=link)


def _link_gone() -> str:
    has_mail = bool(current_app.extensions["settings"].mail_url)
    return render_template("members/link_gone.html", next=local_path(request.args.get("next")), has_mail=has_mail)


@blueprint.post("/language")
def choose_language() -> Answer:
    language = request.form.get("language", "")
    if language in LOCALES:
        session["language"] = language
        if current_user.is_authenticated:
            operations.choose_language(current_user, language)
            commit()
    return redirect(next_path())


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
    return sign_in_page(SignInForm(formdata=None), kept_path=request.path if fields else None, kept=fields), 401


@blueprint.app_errorhandler(CSRFError)
def renew_session(_error: CSRFError) -> Answer:
    """The session ran out since the page was opened. What was typed is shown again, with a new one. What another site
    sent comes here too: of that nothing is kept."""
    undo()
    if request.endpoint in ("members.sign_in", "codes.enter_code"):
        kept: dict[str, Any] = {} if is_from_here() else {"kept_path": None, "kept": {}}
        words = _("This page had been open for a long time. Please sign in again.")
        return sign_in_page(SignInForm(), error=words, **kept), 422
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

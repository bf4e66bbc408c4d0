"""One's own way in: the password, the devices, the second step."""

from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as BaseResponse

from forum import policy
from forum.db import commit, expect_reading, undo
from forum.errors import Refused
from forum.members import operations, queries, second_step
from forum.members.door_pages import Answer, start_session, take_code, tries_at
from forum.members.forms import NewPasswordForm, StepForm
from forum.members.passwords import require_unguessable
from forum.members.tries import TooManyTries
from forum.qr import qr_svg
from forum.web import attempt, found, onward, reads_only, require

blueprint = Blueprint("account", __name__)


@blueprint.get("/me/account")
@login_required
def show_account() -> Answer:
    return _account_page()


@blueprint.post("/me/account/password")
@login_required
@reads_only
def change_password() -> Answer:
    form = NewPasswordForm()
    if not form.validate():
        return _account_page(password_form=form), 422
    try:
        _require_password(form.current.data or "")
        require_unguessable(form.password.data or "", current_user)
        password_hash = operations.hash_password(form.password.data or "")
    except Refused as refused:
        return _refused(refused, password_form=form, password_refusal=refused.reason)
    _begin_to_write()
    operations.set_password(current_user, password_hash)
    return _signed_out_elsewhere(_("Your password is changed. All other devices are signed out."))


@blueprint.post("/me/account/sign-out")
@login_required
def sign_out_everywhere() -> Answer:
    operations.sign_out_everywhere(current_user)
    return _signed_out_elsewhere(_("All other devices are signed out."))


@blueprint.post("/me/account/second-step")
@login_required
def begin_second_step() -> Answer:
    require(policy.can_use_second_step, None)
    try:
        second_step.begin_second_step(current_user)
    except Refused as refused:
        return _refused(refused, step_refusal=refused.reason)
    commit()
    return redirect(url_for(".show_account", _anchor="second-step"), 303)


@blueprint.post("/me/account/second-step/confirm")
@login_required
@reads_only
def confirm_second_step() -> Answer:
    """With the password: whoever finds a session open shuts nobody out with an app of their own."""
    require(policy.can_use_second_step, None)
    found(queries.second_step(current_user))
    form = StepForm()
    try:
        _require_password(form.password.data or "")
    except Refused as refused:
        return _refused(refused, step_form=form, step_refusal=refused.reason)
    _begin_to_write()
    step = found(queries.second_step(current_user))
    codes = attempt(form, lambda: second_step.confirm_second_step(step, form.code.data or ""))
    if isinstance(codes, Refused):
        return _account_page(step_refusal=codes.reason), 422
    page = make_response(_account_page(recovery_codes=codes), 201)
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.post("/me/account/second-step/end")
@login_required
@reads_only
def end_second_step() -> Answer:
    """With password and code; also for who is staff no more. What was only begun is just left."""
    form, is_on = StepForm(), queries.confirmed_step(current_user) is not None
    try:
        if is_on:
            _require_password(form.password.data or "")
        _begin_to_write()
        step = queries.confirmed_step(current_user)
        if step is not None and not take_code(step, form.code.data or ""):
            raise Refused(_("This code is not right, or was used already. Please try the next one."))
    except Refused as refused:
        return _refused(refused, end_refusal=refused.reason)
    second_step.end_second_step(current_user.id)
    commit()
    flash(_("Two-step sign-in is off."))
    return redirect(url_for(".show_account"), 303)


@blueprint.post("/members/<int:member_id>/second-step/end")
@login_required
def end_second_step_of(member_id: int) -> Answer:
    """For somebody who lost the phone, and the recovery codes with it."""
    member = found(queries.member_seen_by(current_user, member_id))
    if member.is_administrator and member.id != current_user.id:
        command = "forum member end-second-step"
        words = _("Another administrator’s two-step sign-in is turned off on the server: %(command)s", command=command)
        flash(words, "error")
        return onward(url_for("home.home"))
    require(policy.can_end_second_step, member)
    second_step.end_second_step(member.id)
    name = member.name
    commit()
    return onward(url_for("home.home"), _("%(name)s signs in with the password alone now.", name=name))


def _require_password(password: str) -> None:
    tries = tries_at(f"password of {current_user.id}", current_user)
    tries.begin()
    if not operations.verify_password(current_user, password):
        tries.failed()
        raise Refused(_("Your present password is not right."))
    tries.succeeded()


def _begin_to_write() -> None:
    """What was read so far held nobody up."""
    undo()
    expect_reading(False)


def _signed_out_elsewhere(said: str) -> BaseResponse:
    """Everywhere, in truth; and in again here."""
    member = current_user._get_current_object()
    commit()
    start_session(member, remember=current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies)
    flash(said)
    return redirect(url_for(".show_account"), 303)


def _refused(refused: Refused, **words: Any) -> Answer:
    undo()
    response = make_response(_account_page(**words), 422)
    if isinstance(refused, TooManyTries):
        response.status_code = 429
        response.headers["Retry-After"] = str(refused.seconds)
    return response


def _account_page(**words: Any) -> str:
    step = queries.second_step(current_user)
    is_on = step is not None and step.confirmed_at is not None
    shown: dict[str, Any] = {"password_form": NewPasswordForm(formdata=None), "step_form": StepForm(formdata=None)}
    if step is not None and not is_on:
        address = second_step.app_address(step, current_user, _("Training Forum"))
        shown |= {"qr": qr_svg(address) if address else None, "secret": second_step.app_secret(step)}
    if is_on:
        shown["codes_left"] = queries.recovery_codes_left(current_user)
    return render_template("members/account.html", step=step, is_on=is_on, **(shown | words))

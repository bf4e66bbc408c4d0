"""The second step at the door: after the password a code, where the member has asked for that."""

from flask import Blueprint, redirect, session, url_for
from flask_babel import gettext as _

from forum import clock
from forum.audit.models import Verb
from forum.db import commit
from forum.members import queries
from forum.members.door_pages import Answer, code_page, next_path, sign_in_page, take_code, wait, welcome
from forum.members.forms import CodeForm, SignInForm
from forum.members.models import Member
from forum.members.tries import TooManyTries
from forum.web import put_down

blueprint = Blueprint("codes", __name__, url_prefix="/sign-in/code")


@blueprint.get("")
def ask_code() -> Answer:
    if _waiting() is None:
        return redirect(url_for("members.sign_in", next=next_path()))
    return code_page(CodeForm(formdata=None))


@blueprint.post("")
def enter_code() -> Answer:
    member, form = _waiting(), CodeForm()
    step = queries.confirmed_step(member) if member else None
    if member is None or step is None:
        return sign_in_page(SignInForm(formdata=None), error=_("That took too long. Please sign in again.")), 422
    try:
        is_right = take_code(step, form.code.data or "")
    except TooManyTries as many:
        return wait(code_page(form, error=many.reason, retry_after=many.seconds), many)
    if not is_right:
        put_down(Verb.SIGN_IN_FAILED, member_id=member.id, at="code")
        return code_page(form, error=_("This code is not right, or was used already. Please try the next one.")), 422
    commit()
    return welcome(member, remember=bool(session["pending"]["remember"]))


def _waiting() -> Member | None:
    """Who has typed the right password here, a short while ago."""
    pending = session.get("pending", {})
    is_late = clock.now().timestamp() > pending.get("until", 0)
    return None if is_late else queries.member_by_session_id(pending.get("session_id", ""))

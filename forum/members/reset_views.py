"""A one-time link by mail, for who forgot the password. The answer is the same whether or not there is an account."""

from flask import Blueprint, abort, current_app, render_template

from forum.db import commit
from forum.jobs import later, send_password_link
from forum.limiting import limit, throttle
from forum.members import queries
from forum.members.door_pages import Answer, count_failure, login_digest, require_few_failures
from forum.members.forms import ResetForm

blueprint = Blueprint("reset", __name__, url_prefix="/password")


@blueprint.before_request
def require_mail() -> None:
    if not current_app.extensions["settings"].mail_url:
        abort(404)


@blueprint.get("")
def ask_for_link() -> Answer:
    return render_template("members/reset.html", form=ResetForm(formdata=None))


@blueprint.post("")
def send_link() -> Answer:
    require_few_failures()
    form = ResetForm()
    if not form.validate():
        return render_template("members/reset.html", form=form), 422
    count_failure()
    login = form.login.data or ""
    if throttle().take(limit("reset_limit"), "reset", login_digest(login)).is_allowed:
        member = queries.member_by_login(login)
        # Asked for in any case: an answer that takes longer would tell that there is an account.
        later(send_password_link, member.id if member else 0)
    commit()
    return render_template("members/reset.html", form=form, is_sent=True)

"""What a member wants to be told and when by mail; and the way out that each mail carries."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum.classes.zones import ZONES
from forum.db import commit
from forum.errors import Refused
from forum.extensions import csrf
from forum.members.models import Member
from forum.notifications import operations, queries
from forum.notifications.forms import KIND_WORDS, NEVER, SettingsForm
from forum.notifications.models import USUAL_HOUR
from forum.notifications.unsubscribing import member_of_token
from forum.web import attempt, found

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")

Answer = str | tuple[str, int] | Response


@blueprint.get("/settings")
@login_required
def show_settings() -> Answer:
    setting, muted = queries.setting_of(current_user), queries.muted_kinds(current_user)
    hour = setting.mail_hour if setting else USUAL_HOUR
    shown: dict[str, bool | str] = {kind.value: kind not in muted for kind in KIND_WORDS}
    shown |= {"mail_hour": NEVER if hour is None else str(hour), "timezone": setting.timezone if setting else _zone()}
    return _settings_page(SettingsForm(formdata=None, data=shown))


@blueprint.post("/settings")
@login_required
def choose() -> Answer:
    form = SettingsForm()
    chosen = attempt(
        form, lambda: operations.choose(current_user, form.wanted, form.hour, form.timezone.data or _zone())
    )
    if isinstance(chosen, Refused):
        return _settings_page(form, chosen.reason), 422
    flash(_("You will be told as you have chosen."))
    return redirect(url_for(".show_settings"), 303)


@blueprint.get("/unsubscribe/<token>")
def ask_to_unsubscribe(token: str) -> Answer:
    """Asks first: what looks through mail for dangers opens every link in it."""
    return _unsubscribe_page(found(member_of_token(token)), is_done=False)


# Mail programs send it without a page of ours; the token says who asks.
@blueprint.post("/unsubscribe/<token>")
@csrf.exempt
def unsubscribe(token: str) -> Answer:
    member = found(member_of_token(token))
    operations.stop_mail(member, _zone())
    commit()
    return _unsubscribe_page(member, is_done=True)


def _zone() -> str:
    return str(current_app.extensions["settings"].default_timezone)


def _unsubscribe_page(member: Member, is_done: bool) -> str:
    return render_template("notifications/unsubscribe.html", email=member.email, is_done=is_done, here=request.path)


def _settings_page(form: SettingsForm, refusal: str | None = None) -> str:
    return render_template(
        "notifications/settings.html",
        form=form,
        kinds=KIND_WORDS,
        zones=ZONES,
        refusal=refusal,
        has_mail=bool(current_app.extensions["settings"].mail_url),
    )

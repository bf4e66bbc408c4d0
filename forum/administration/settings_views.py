"""The settings that may change while the forum runs."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.administration.pages import admin_blueprint
from forum.administration.settings_forms import LANGUAGES, PERIODS, RATES, SettingsForm
from forum.classes.revisions import ChangedMeanwhile
from forum.classes.zones import ZONES
from forum.config import CHANGEABLE, Settings
from forum.errors import Refused
from forum.settings import operations, queries
from forum.settings.renewal import renewal
from forum.templating import number
from forum.web import attempt

blueprint = admin_blueprint("admin_settings", "/settings")


@blueprint.route("", methods=["GET", "POST"])
def settings() -> str | tuple[str, int] | Response:
    if request.method == "GET":
        renewal().look()
        return _page(SettingsForm(_settings(), shown=_now()))
    form = SettingsForm(_settings(), shown=_now())
    saved = attempt(form, lambda: operations.change_settings(form.shown.data or "", form.said))
    if isinstance(saved, ChangedMeanwhile):
        form.shown.data = _now()
    if isinstance(saved, Refused):
        return _page(form, saved.reason), 422
    renewal().look()
    flash(_("The settings are changed. Within some seconds they are in force everywhere."))
    return redirect(url_for(".settings"), 303)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _now() -> str:
    return operations.dated(queries.changed_texts())


def _page(form: SettingsForm, refusal: str | None = None) -> str:
    return render_template(
        "administration/settings.html",
        form=form,
        settings=_settings(),
        zones=ZONES,
        periods=PERIODS.items(),
        in_words=in_words,
        delivered={name: in_words(name, field.default) for name, field in CHANGEABLE.items()},
        refusal=refusal,
    )


def in_words(name: str, value: Any) -> str:
    """A value of this setting, for a person."""
    return _WORDS.get(name, _plainly)(value)


def _rate(value: str) -> str:
    """The environment may say it in ways of its own; they are shown as they are."""
    count, _slash, period = value.partition("/")
    return str(RATES[period]) % {"count": number(int(count))} if count.isdigit() and period in RATES else value


def _plainly(value: Any) -> str:
    if isinstance(value, str):
        return _rate(value)
    return number(value)


_WORDS: dict[str, Callable[[Any], str]] = {
    "default_locale": lambda value: LANGUAGES[value],
    "upload_mb": lambda value: f"{number(value)} MB",
    "upload_post_mb": lambda value: f"{number(value)} MB",
    "upload_day_mb": lambda value: f"{number(value)} MB",
    "slow_query_ms": lambda value: _("%(count)s milliseconds", count=number(value)),
    "draft_days": lambda value: _("%(count)s days", count=number(value)),
    "backup_hour": lambda value: f"{value}:00",
}

"""The overview of the area: what there is, how the service is set, whether its mail arrives; and all classes."""

from email.message import EmailMessage
from importlib.metadata import version

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum import clock
from forum.administration import queries
from forum.administration.pages import admin_blueprint
from forum.api.queries import page_of_classes
from forum.backups.folder import last_backups
from forum.classes.models import TrainingClass
from forum.config import Settings
from forum.db import db, undo
from forum.health import free_bytes, health
from forum.jobs import jobs
from forum.mail import MailFailed, Undeliverable, addressed, postbox
from forum.web import page_argument, reads_only

blueprint = admin_blueprint("administration")

CLASSES_ON_A_PAGE = 50
BACKUPS_SHOWN = 12


@blueprint.get("")
def show_overview() -> str:
    return _overview()


@blueprint.post("/mail")
@reads_only
def test_mail() -> str | tuple[str, int] | Response:
    """A letter to whoever asks, now; what the server says to it is shown as it is."""
    address = current_user.email
    if not address or not _settings().mail_url:
        return _overview(_("There is no mail server, or your account has no e-mail address.")), 422
    letter = _letter(address)
    undo()
    try:
        with postbox(_settings()) as post:
            post.send(letter)
    except (MailFailed, Undeliverable) as error:
        return _overview(_("The mail server did not take it: %(words)s", words=str(error)[:500])), 422
    flash(_("The mail server has taken a letter to %(address)s.", address=address))
    return redirect(url_for(".show_overview"), 303)


@blueprint.get("/classes")
def show_classes() -> str:
    after = page_argument("after")
    last = db.session.get(TrainingClass, after) if after else None
    classes = page_of_classes(current_user, last, CLASSES_ON_A_PAGE)
    shown = classes[:CLASSES_ON_A_PAGE]
    people = queries.people_of([one.id for one in shown])
    more = len(classes) > CLASSES_ON_A_PAGE
    return render_template("administration/classes.html", classes=shown, people=people, more=more)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _overview(refusal: str | None = None) -> str:
    return render_template(
        "administration/overview.html",
        totals=queries.totals(),
        settings=_settings(),
        database=db.engine.dialect.name,
        health=health(),
        free=free_bytes(),
        waiting=jobs().waiting(),
        version=version("training-forum"),
        backups=last_backups()[:BACKUPS_SHOWN],
        zone=clock.zone(_settings().default_timezone),
        refusal=refusal,
    )


def _letter(address: str) -> EmailMessage:
    letter = addressed(_settings(), _("Training Forum: mail arrives"), (current_user.name, address), clock.now())
    letter.set_content(_("An administrator has asked for this letter, to see whether mail arrives. It has."))
    return letter

"""Announcements: read by the whole class, written by those who organise it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum import policy
from forum.classes import announcements, queries
from forum.classes.models import Announcement, TrainingClass
from forum.classes.setup_forms import AnnouncementForm
from forum.db import commit
from forum.errors import Refused
from forum.web import attempt, found, page_argument, reads_only, require, takes_text

blueprint = Blueprint("announcements", __name__, url_prefix="/classes/<slug>/announcements")

Answer = str | tuple[str, int] | Response
ON_A_PAGE = 20


@blueprint.get("")
@login_required
def show_announcements(slug: str) -> Answer:
    training_class = found(queries.get_class(current_user, slug))
    found_ones = queries.latest_announcements(training_class, ON_A_PAGE + 1, before=page_argument("before"))
    shown = found_ones[:ON_A_PAGE]
    return render_template(
        "classes/announcements.html",
        training_class=training_class,
        announcements=shown,
        older=shown[-1].id if len(found_ones) > ON_A_PAGE else None,
    )


@blueprint.get("/new")
@login_required
def new_announcement(slug: str) -> Answer:
    return _form_page(_load(slug), AnnouncementForm())


@blueprint.post("/new")
@login_required
@takes_text(_l("Your text will be announced to the class."), _l("Announce it now"))
def publish(slug: str) -> Answer:
    training_class, form = _load(slug), AnnouncementForm()
    made = attempt(
        form,
        lambda: announcements.publish_announcement(
            current_user, training_class, form.title.data or "", form.body.data or ""
        ),
    )
    if isinstance(made, Refused):
        return _form_page(training_class, form, refusal=made.reason), 422
    flash(_("The class can read your announcement now."))
    return redirect(url_for(".show_announcements", slug=slug, _anchor=f"announcement-{made.id}"), 303)


@blueprint.post("/preview")
@login_required
@reads_only
@takes_text(_l("You will see how your announcement is going to look."), _l("Preview"))
def preview_new(slug: str) -> Answer:
    return _preview(_load(slug))


@blueprint.get("/<int:announcement_id>")
@login_required
def show_announcement(slug: str, announcement_id: int) -> Answer:
    """To change it."""
    training_class = _load(slug)
    announcement = _find(training_class, announcement_id)
    return _form_page(training_class, AnnouncementForm(obj=announcement), announcement)


@blueprint.post("/<int:announcement_id>")
@login_required
@takes_text(_l("Your text will replace that of the announcement."), _l("Save the text"))
def edit(slug: str, announcement_id: int) -> Answer:
    training_class, form = _load(slug), AnnouncementForm()
    announcement = _find(training_class, announcement_id)
    saved = attempt(
        form,
        lambda: announcements.edit_announcement(
            training_class, announcement, form.title.data or "", form.body.data or ""
        ),
    )
    if isinstance(saved, Refused):
        return _form_page(training_class, form, announcement, saved.reason), 422
    flash(_("The announcement is changed."))
    return redirect(url_for(".show_announcements", slug=slug, _anchor=f"announcement-{announcement_id}"), 303)


@blueprint.post("/<int:announcement_id>/preview")
@login_required
@reads_only
@takes_text(_l("You will see how your announcement is going to look."), _l("Preview"))
def preview_edit(slug: str, announcement_id: int) -> Answer:
    training_class = _load(slug)
    return _preview(training_class, _find(training_class, announcement_id))


@blueprint.post("/<int:announcement_id>/withdraw")
@login_required
def withdraw(slug: str, announcement_id: int) -> Answer:
    announcements.withdraw_announcement(_find(_load(slug), announcement_id))
    commit()
    flash(_("The announcement is withdrawn: nobody reads it any more."))
    return redirect(url_for(".show_announcements", slug=slug), 303)


def _load(slug: str) -> TrainingClass:
    training_class = found(queries.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def _find(training_class: TrainingClass, announcement_id: int) -> Announcement:
    announcement = found(queries.get_announcement(training_class, announcement_id))
    return found(announcement if announcement.withdrawn_at is None else None)


def _preview(training_class: TrainingClass, announcement: Announcement | None = None) -> Answer:
    """The text as it will look: alone for the page's script, else above the form that still holds it."""
    form = AnnouncementForm()
    try:
        html = Markup(announcements.render_announcement(form.body.data or ""))  # noqa: S704 - sanitised there
    except Refused as refused:
        return _form_page(training_class, form, announcement, refused.reason), 422
    if request.headers.get("X-Fragment") == "preview":
        return render_template("discussions/_preview.html", html=html)
    return _form_page(training_class, form, announcement, html=html)


def _form_page(
    training_class: TrainingClass,
    form: AnnouncementForm,
    announcement: Announcement | None = None,
    refusal: str | None = None,
    html: Markup | None = None,
) -> str:
    return render_template(
        "classes/announcement.html",
        training_class=training_class,
        form=form,
        announcement=announcement,
        refusal=refusal,
        html=html,
    )

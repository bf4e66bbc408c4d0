"""The programme as organisers write it: by day, one page for each activity."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.attachments.queries import file_of_activity
from forum.attachments.views import file_answer, receive_files
from forum.classes import programme, queries
from forum.classes.models import Activity, TrainingClass
from forum.classes.programme import add_activity, delete_activity, edit_activity, is_outside, require_place_for_files
from forum.classes.setup_forms import ActivityForm
from forum.db import commit, undo
from forum.errors import Refused
from forum.web import attempt, found, require, takes_file

blueprint = Blueprint("programme", __name__, url_prefix="/classes/<slug>/programme")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@login_required
def show_programme(slug: str) -> Answer:
    return _programme_page(_load(slug))


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new_activity(slug: str) -> Answer:
    training_class = _load(slug)
    form = ActivityForm(zone=training_class.zone)
    if request.method == "GET":
        return _activity_page(training_class, form)
    made = attempt(form, lambda: add_activity(training_class, **form.said))
    if isinstance(made, Refused):
        return _activity_page(training_class, form, refusal=made.reason), 422
    flash(_("“%(title)s” is in the programme.", title=made.title))
    _note_days(training_class, made)
    return redirect(url_for(".show_programme", slug=slug, _anchor=f"activity-{made.id}"), 303)


@blueprint.route("/<int:activity_id>", methods=["GET", "POST"])
@login_required
def edit(slug: str, activity_id: int) -> Answer:
    training_class = _load(slug)
    activity = found(queries.get_activity(training_class, activity_id))
    form = ActivityForm(obj=activity, zone=training_class.zone)
    if request.method == "GET":
        return _activity_page(training_class, form, activity)
    saved = attempt(form, lambda: edit_activity(training_class, activity, **form.said))
    if isinstance(saved, Refused):
        return _activity_page(training_class, form, activity, saved.reason), 422
    flash(_("“%(title)s” is changed.", title=activity.title))
    _note_days(training_class, activity)
    return redirect(url_for(".show_programme", slug=slug, _anchor=f"activity-{activity_id}"), 303)


@blueprint.post("/<int:activity_id>/delete")
@login_required
def delete(slug: str, activity_id: int) -> Answer:
    training_class = _load(slug)
    activity = found(queries.get_activity(training_class, activity_id))
    title = activity.title
    try:
        delete_activity(training_class, activity)
    except Refused as refused:
        undo()
        return _programme_page(training_class, refused.reason), 422
    commit()
    flash(_("“%(title)s” is out of the programme.", title=title))
    return redirect(url_for(".show_programme", slug=slug), 303)


@blueprint.post("/<int:activity_id>/files")
@login_required
@takes_file("upload_post_mb")
def add_files(slug: str, activity_id: int) -> Answer:
    """Beside the links: slides, a reading. What is taken stays where another is refused."""
    training_class = _load(slug)
    activity = found(queries.get_activity(training_class, activity_id))
    try:
        require_place_for_files(training_class, activity, len(request.files.getlist("files")))
        received = receive_files(activity_id)
        if received.refused or not received.kept:
            raise Refused(received.refused or _("Please choose a file first."))
    except Refused as refused:
        undo()
        return _activity_again(slug, activity_id, refused.reason), 422
    flash(ngettext("%(num)s file is added.", "%(num)s files are added.", len(received.kept)))
    return redirect(url_for(".edit", slug=slug, activity_id=activity_id, _anchor="files"), 303)


@blueprint.get("/<int:activity_id>/files/<int:file_id>")
@login_required
def show_file(slug: str, activity_id: int, file_id: int) -> Response:
    """For whoever sees the class, as its programme is."""
    training_class = found(queries.get_class(current_user, slug))
    activity = found(queries.get_activity(training_class, activity_id))
    return file_answer(found(file_of_activity(activity.id, file_id)))


@blueprint.post("/<int:activity_id>/files/<int:file_id>/remove")
@login_required
def remove_file(slug: str, activity_id: int, file_id: int) -> Answer:
    training_class = _load(slug)
    activity = found(queries.get_activity(training_class, activity_id))
    file = found(file_of_activity(activity.id, file_id))
    name = file.name
    try:
        programme.remove_file(training_class, activity, file)
    except Refused as refused:
        undo()
        return _activity_again(slug, activity_id, refused.reason), 422
    commit()
    flash(_("“%(name)s” is removed.", name=name))
    return redirect(url_for(".edit", slug=slug, activity_id=activity_id, _anchor="files"), 303)


def _activity_again(slug: str, activity_id: int, refusal: str) -> str:
    """As it is now, after what was refused."""
    training_class = _load(slug)
    activity = found(queries.get_activity(training_class, activity_id))
    return _activity_page(
        training_class, ActivityForm(formdata=None, obj=activity, zone=training_class.zone), activity, refusal
    )


def _load(slug: str) -> TrainingClass:
    training_class = found(queries.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def _note_days(training_class: TrainingClass, activity: Activity) -> None:
    if is_outside(activity, training_class):
        flash(_("It is outside the dates of the class. If that is a slip, change its day."))


def _programme_page(training_class: TrainingClass, refusal: str | None = None) -> str:
    def day_of(activity: Activity) -> date | None:
        return activity.starts_at.astimezone(training_class.zone).date() if activity.starts_at else None

    days = [(day, list(entries)) for day, entries in groupby(queries.programme(training_class), key=day_of)]
    return _page("classes/programme.html", training_class, days=days, refusal=refusal)


def _activity_page(
    training_class: TrainingClass, form: ActivityForm, activity: Activity | None = None, refusal: str | None = None
) -> str:
    form.add_empty_links()
    return _page("classes/activity.html", training_class, form=form, activity=activity, refusal=refusal)


def _page(template: str, training_class: TrainingClass, **context: Any) -> str:
    return render_template(template, training_class=training_class, **context)

"""The programme as organisers write it: by day, one page for each activity."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.classes import queries
from forum.classes.models import Activity, TrainingClass
from forum.classes.programme import add_activity, delete_activity, edit_activity, is_outside
from forum.classes.setup_forms import ActivityForm
from forum.db import commit, undo
from forum.errors import Refused
from forum.web import attempt, found, require

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

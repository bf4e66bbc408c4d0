"""A class of one's own: making it, what it is called, when it is, putting it away."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.classes import operations, queries
from forum.classes.models import Role, TrainingClass
from forum.classes.revisions import ChangedMeanwhile
from forum.classes.setup_forms import ClassForm, NewClassForm, SettingsForm
from forum.classes.zones import ZONES
from forum.db import commit
from forum.errors import Refused
from forum.web import attempt, found, require

blueprint = Blueprint("class_setup", __name__, url_prefix="/classes")

Answer = str | tuple[str, int] | Response


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new_class() -> Answer:
    require(policy.can_create_class, None)
    form = NewClassForm(timezone=current_app.extensions["settings"].default_timezone)
    if request.method == "GET":
        return _new_page(form)
    made = attempt(form, lambda: _create(form))
    if isinstance(made, Refused):
        return _new_page(form, made.reason), 422
    flash(_("The class is there. Next: its programme, its people, its discussions."))
    return redirect(url_for("home.show_class", slug=made.slug), 303)


@blueprint.route("/<slug>/settings", methods=["GET", "POST"])
@login_required
def settings(slug: str) -> Answer:
    training_class = _load(slug)
    form = SettingsForm(obj=training_class, shown=operations.dated(training_class))
    if request.method == "GET":
        return _settings_page(training_class, form)
    shown = form.shown.data or ""
    saved = attempt(form, lambda: operations.edit_class(training_class, shown=shown, **form.said))
    if isinstance(saved, ChangedMeanwhile):
        form.shown.data = operations.dated(training_class)
    if isinstance(saved, Refused):
        return _settings_page(training_class, form, saved.reason), 422
    flash(_("The class is changed."))
    return redirect(url_for(".settings", slug=slug), 303)


@blueprint.post("/<slug>/archive")
@login_required
def archive_class(slug: str) -> Answer:
    operations.archive_class(_load(slug))
    commit()
    flash(_("The class is archived. Its discussions are closed; everything can still be read."))
    return redirect(url_for(".settings", slug=slug), 303)


@blueprint.post("/<slug>/unarchive")
@login_required
def unarchive_class(slug: str) -> Answer:
    operations.unarchive_class(_load(slug))
    commit()
    flash(_("The class is open again. Each discussion is as its own times say."))
    return redirect(url_for(".settings", slug=slug), 303)


def _load(slug: str) -> TrainingClass:
    training_class = found(queries.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def _create(form: NewClassForm) -> TrainingClass:
    """Who makes a class organises it; an administrator, who sees every class anyway, only if they wish."""
    slug = form.slug.data or operations.propose_slug(form.title.data or "")
    training_class = operations.create_class(slug, **form.said)
    if form.takes_part.data or not current_user.is_administrator:
        operations.enrol_member(training_class, current_user, Role.INSTRUCTOR, organises=True)
    return training_class


def _new_page(form: NewClassForm, refusal: str | None = None) -> str:
    return render_template("classes/new.html", form=form, zones=ZONES, refusal=refusal)


def _settings_page(training_class: TrainingClass, form: ClassForm, refusal: str | None = None) -> str:
    return render_template(
        "classes/settings.html", training_class=training_class, form=form, zones=ZONES, refusal=refusal
    )

"""Discussions as organisers set them up: the list of a class, one page for each, and one small view per verb."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum import clock, policy
from forum.classes import queries as classes
from forum.classes.models import TrainingClass
from forum.classes.revisions import ChangedMeanwhile
from forum.db import undo
from forum.discussions import queries, setup
from forum.discussions.models import Discussion
from forum.discussions.rendering import render_typed
from forum.discussions.setup_forms import EXTENSIONS, DiscussionForm, WindowForm, discussion_form
from forum.errors import Refused
from forum.web import attempt, found, page_argument, reads_only, require, takes_text

blueprint = Blueprint("discussion_setup", __name__)

Answer = str | tuple[str, int] | Response


@blueprint.get("/classes/<slug>/discussions")
@login_required
def show_discussions(slug: str) -> Answer:
    return list_page(_load_class(slug))


@blueprint.get("/classes/<slug>/discussions/new")
@login_required
def new_discussion(slug: str) -> Answer:
    """`?activity=` is the item of the programme that it is to belong to."""
    training_class = _load_class(slug)
    return _form_page(training_class, _form(training_class))


@blueprint.post("/classes/<slug>/discussions/new")
@login_required
@takes_text(_l("A discussion will be set up with your text."), _l("Set it up now"))
def add_discussion(slug: str) -> Answer:
    training_class = _load_class(slug)
    form = _form(training_class)
    made = attempt(form, lambda: setup.add_discussion(training_class, **form.said))
    if isinstance(made, Refused):
        return _form_page(training_class, form, refusal=made.reason), 422
    flash(_("The discussion is set up."))
    return redirect(_in_list(slug, made.id), 303)


@blueprint.post("/classes/<slug>/discussions/preview")
@login_required
@reads_only
@takes_text(_l("You will see how your text is going to look."), _l("Preview"))
def preview_new(slug: str) -> Answer:
    training_class = _load_class(slug)
    return _preview(training_class, _form(training_class))


@blueprint.get("/discussions/<int:discussion_id>/settings")
@login_required
def settings(discussion_id: int) -> Answer:
    discussion = load_to_organise(discussion_id)
    return _form_page(discussion.training_class, _form(discussion.training_class, discussion), discussion)


@blueprint.post("/discussions/<int:discussion_id>/settings")
@login_required
@takes_text(_l("Your text will replace that of the discussion."), _l("Save the text"))
def edit_discussion(discussion_id: int) -> Answer:
    discussion = load_to_organise(discussion_id)
    form = _form(discussion.training_class, discussion)
    confirmed, shown = bool(form.confirmed.data), form.shown.data or ""
    saved = attempt(form, lambda: setup.edit_discussion(discussion, confirmed=confirmed, shown=shown, **form.said))
    if isinstance(saved, ChangedMeanwhile):
        form.shown.data = setup.dated(discussion)
    if isinstance(saved, Refused):
        return _form_page(
            discussion.training_class, form, discussion, saved.reason, warns=isinstance(saved, setup.LeavesOut)
        ), 422
    flash(_("The discussion is changed."))
    return redirect(_in_list(discussion.training_class.slug, discussion_id), 303)


@blueprint.post("/discussions/<int:discussion_id>/settings/preview")
@login_required
@reads_only
@takes_text(_l("You will see how your text is going to look."), _l("Preview"))
def preview_edit(discussion_id: int) -> Answer:
    discussion = load_to_organise(discussion_id)
    return _preview(discussion.training_class, _form(discussion.training_class, discussion), discussion)


@blueprint.post("/discussions/<int:discussion_id>/open")
@login_required
def open_discussion(discussion_id: int) -> Answer:
    """For `minutes`, or until `closes_at`; where neither is sent, until the time that is planned."""

    def opened(discussion: Discussion, form: WindowForm) -> None:
        planned = discussion.closes_at if discussion.closes_at and discussion.closes_at > clock.now() else None
        until = form.closes_at.data if "closes_at" in request.form else planned
        setup.open_discussion(discussion, clock.now() + form.by if form.by else until)

    return _change(discussion_id, opened, _("The discussion is open."))


@blueprint.post("/discussions/<int:discussion_id>/extend")
@login_required
def extend_discussion(discussion_id: int) -> Answer:
    """By `minutes`, or until `closes_at`."""

    def extended(discussion: Discussion, form: WindowForm) -> None:
        to = form.by or form.closes_at.data
        if to is None:
            raise Refused(_("Please say until when."))
        setup.extend_discussion(discussion, to)

    return _change(discussion_id, extended, _("The discussion is open longer."))


def _load_class(slug: str) -> TrainingClass:
    training_class = found(classes.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def load_to_organise(discussion_id: int) -> Discussion:
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_organise, discussion.training_class)
    return discussion


def _form(training_class: TrainingClass, discussion: Discussion | None = None) -> DiscussionForm:
    groups, programme = classes.groups_of(training_class), classes.activities_of(training_class)
    proposed = {} if discussion else {"activity_id": page_argument("activity")}
    return discussion_form(training_class, groups, programme, discussion, **proposed)


def _change(discussion_id: int, change: Callable[[Discussion, WindowForm], None], done: str) -> Answer:
    """The straight line of every change to a window; refused, the list comes with what was typed."""
    discussion = load_to_organise(discussion_id)
    training_class = discussion.training_class
    form = WindowForm(obj=discussion, zone=training_class.zone)
    answer = attempt(form, lambda: change(discussion, form))
    if isinstance(answer, Refused):
        reason = " ".join(str(error) for error in form.closes_at.errors) or answer.reason
        return list_page(training_class, about=discussion_id, reason=reason, typed=form.closes_at.raw_data), 422
    flash(done)
    return redirect(_in_list(training_class.slug, discussion_id), 303)


def _in_list(slug: str, discussion_id: int) -> str:
    return url_for(".show_discussions", slug=slug, _anchor=f"discussion-{discussion_id}")


def list_page(
    training_class: TrainingClass, about: int | None = None, reason: str | None = None, typed: list[str] | None = None
) -> str:
    """`reason` is why a change of the discussion with the id `about` was refused, `typed` the time it was to have."""
    return render_template(
        "discussions/setup_list.html",
        training_class=training_class,
        discussions=queries.discussions_to_organise(training_class),
        now=clock.now(),
        extensions=EXTENSIONS,
        about=about,
        reason=reason,
        typed=(typed or [""])[0],
    )


def _preview(training_class: TrainingClass, form: DiscussionForm, discussion: Discussion | None = None) -> Answer:
    """The prompt as it will look: alone for the page's script, else above the form that still holds it."""
    try:
        html = Markup(render_typed(form.body.data or ""))  # noqa: S704 - sanitised there
    except Refused as refused:
        undo()
        return _form_page(training_class, form, discussion, refused.reason), 422
    if request.headers.get("X-Fragment") == "preview":
        return render_template("discussions/_preview.html", html=html)
    return _form_page(training_class, form, discussion, html=html)


def _form_page(
    training_class: TrainingClass,
    form: DiscussionForm,
    discussion: Discussion | None = None,
    refusal: str | None = None,
    html: Markup | None = None,
    warns: bool = False,
) -> str:
    return render_template(
        "discussions/settings.html",
        training_class=training_class,
        form=form,
        discussion=discussion,
        trainees=classes.trainees_by_group(training_class),
        refusal=refusal,
        html=html,
        warns=warns,
    )

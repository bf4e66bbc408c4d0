"""The groups of a class, and putting people into them."""

from collections.abc import Callable, Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.classes import queries
from forum.classes.groups import add_group, assign_group, delete_group, move_group, rename_group
from forum.classes.models import Enrolment, Group, Role, TrainingClass
from forum.classes.setup_forms import GroupForm
from forum.db import commit, undo
from forum.errors import Refused
from forum.web import attempt, found, is_number, page_argument, require

blueprint = Blueprint("groups", __name__, url_prefix="/classes/<slug>/groups")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@login_required
def show_groups(slug: str) -> Answer:
    return _groups_page(_load(slug))


@blueprint.post("")
@login_required
def add(slug: str) -> Answer:
    training_class, form = _load(slug), GroupForm()
    made = attempt(form, lambda: add_group(training_class, form.name.data or ""))
    if isinstance(made, Refused):
        return _groups_page(training_class, form=form, refusal=None if form.errors else made.reason), 422
    flash(_("“%(name)s” is there.", name=made.name))
    return redirect(url_for(".show_groups", slug=slug), 303)


@blueprint.post("/<int:group_id>/rename")
@login_required
def rename(slug: str, group_id: int) -> Answer:
    training_class, form = _load(slug), GroupForm()
    group = found(queries.get_group(training_class, group_id))
    saved = attempt(form, lambda: rename_group(training_class, group, form.name.data or ""))
    if isinstance(saved, Refused):
        reason = " ".join(str(error) for error in form.name.errors) or saved.reason
        return _groups_page(training_class, about=group_id, typed=form.name.data, reason=reason), 422
    flash(_("The group is called “%(name)s” now.", name=group.name))
    return redirect(url_for(".show_groups", slug=slug), 303)


@blueprint.post("/<int:group_id>/up")
@login_required
def move_up(slug: str, group_id: int) -> Answer:
    return _change(slug, group_id, lambda training_class, group: move_group(training_class, group, -1))


@blueprint.post("/<int:group_id>/down")
@login_required
def move_down(slug: str, group_id: int) -> Answer:
    return _change(slug, group_id, lambda training_class, group: move_group(training_class, group, 1))


@blueprint.post("/<int:group_id>/delete")
@login_required
def delete(slug: str, group_id: int) -> Answer:
    return _change(slug, group_id, delete_group)


@blueprint.get("/people")
@login_required
def show_people(slug: str) -> Answer:
    return _people_page(_load(slug))


@blueprint.post("/people")
@login_required
def assign(slug: str) -> Answer:
    training_class = _load(slug)
    target, chosen = request.form.get("group", ""), set(request.form.getlist("member"))
    group = queries.get_group(training_class, int(target)) if is_number(target) else None
    if group is None and target != "none":
        return _people_page(training_class, chosen, target, _("Please choose the group.")), 422
    people = [person for person in _trainees(training_class) if str(person.member_id) in chosen]
    if not people:
        return _people_page(training_class, chosen, target, _("Please choose at least one person.")), 422
    try:
        moved = assign_group(training_class, people, group)
    except Refused as refused:
        undo()
        return _people_page(training_class, chosen, target, refused.reason), 422
    commit()
    flash(ngettext("%(num)s person has moved.", "%(num)s people have moved.", moved))
    return redirect(url_for(".show_groups", slug=slug), 303)


def _load(slug: str) -> TrainingClass:
    training_class = found(queries.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def _change(slug: str, group_id: int, change: Callable[[TrainingClass, Group], None]) -> Answer:
    training_class = _load(slug)
    group = found(queries.get_group(training_class, group_id))
    try:
        change(training_class, group)
    except Refused as refused:
        undo()
        return _groups_page(training_class, about=group_id, reason=refused.reason), 422
    commit()
    return redirect(url_for(".show_groups", slug=slug), 303)


def _groups_page(
    training_class: TrainingClass,
    form: GroupForm | None = None,
    refusal: str | None = None,
    about: int | None = None,
    typed: str | None = None,
    reason: str | None = None,
) -> str:
    """`reason` is why something about the group with the id `about` was refused, `typed` the name it was to have."""
    return render_template(
        "classes/groups.html",
        training_class=training_class,
        groups=queries.groups_of(training_class),
        trainees=queries.trainees_by_group(training_class),
        form=form or GroupForm(formdata=None),
        refusal=refusal,
        about=about,
        typed=typed,
        reason=reason,
    )


def _people_page(
    training_class: TrainingClass, chosen: Collection[str] = (), target: str = "", refusal: str | None = None
) -> str:
    """The trainees by group, those without one first; `?to=` proposes a group."""
    trainees = _trainees(training_class)
    groups = queries.groups_of(training_class)
    sections: list[tuple[Group | None, list[Enrolment]]] = [
        (group, [person for person in trainees if person.group_id == (group.id if group else None)])
        for group in [None, *groups]
    ]
    return render_template(
        "classes/group_people.html",
        training_class=training_class,
        sections=[section for section in sections if section[1]],
        groups=groups,
        chosen=chosen,
        target=target or str(page_argument("to") or ""),
        refusal=refusal,
    )


def _trainees(training_class: TrainingClass) -> list[Enrolment]:
    return [person for person in queries.roster(training_class) if person.role is Role.TRAINEE]

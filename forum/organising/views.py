"""The page of one person of a class, for its organisers: each change is weighed first, then made."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.classes import queries
from forum.classes.accounts import is_correctable
from forum.classes.models import Enrolment, TrainingClass
from forum.classes.slips import ways_in
from forum.db import commit, undo
from forum.errors import Refused
from forum.members.queries import confirmed_step
from forum.organising import operations
from forum.organising.effects import Effects, weigh
from forum.organising.forms import AccountForm, PersonForm, PlaceForm
from forum.statistics.definitions import NAMES
from forum.units.models import SEPARATOR
from forum.units.queries import unit_by_path
from forum.web import found, require

blueprint = Blueprint("organising", __name__, url_prefix="/classes/<slug>/members")

Answer = str | tuple[str, int] | Response


@blueprint.get("/new")
@login_required
def new_person(slug: str) -> Answer:
    training_class = _load_class(slug)
    return _new_page(training_class, PersonForm(queries.groups_of(training_class), formdata=None))


@blueprint.post("/new")
@login_required
def enrol_person(slug: str) -> Answer:
    training_class = _load_class(slug)
    form = PersonForm(queries.groups_of(training_class))
    if not form.validate():
        return _new_page(training_class, form), 422
    try:
        enrolment, was_there = operations.enrol_person(current_user, training_class, form.person, form.place)
    except Refused as refused:
        undo()
        ask = isinstance(refused, operations.AnotherName)
        return _new_page(_load_class(slug), form, refused.reason, ask), 422
    member_id, name = enrolment.member_id, enrolment.member.name
    commit()
    if was_there:
        flash(_("%(name)s had an account already and is enrolled with it. The account is unchanged.", name=name))
    else:
        flash(_("%(name)s is enrolled. The first sign-in is by a one-time link: make it below.", name=name))
    return redirect(url_for(".show_enrolment", slug=slug, member_id=member_id), 303)


@blueprint.get("/<int:member_id>")
@login_required
def show_enrolment(slug: str, member_id: int) -> Answer:
    return _person_page(_load_person(slug, member_id))


@blueprint.post("/<int:member_id>")
@login_required
def correct_enrolment(slug: str, member_id: int) -> Answer:
    enrolment = _load_person(slug, member_id)
    form = PlaceForm(queries.groups_of(enrolment.training_class))
    if not form.validate():
        return _person_page(enrolment, form), 422
    if "again" in request.form:
        return _person_page(enrolment, form)
    wanted, own = form.place, _differences(enrolment, form.place)
    if not own:
        return _person_page(enrolment, form, _("Nothing is different from before. Change something first.")), 422
    return _weigh_or_do(
        enrolment,
        lambda: operations.correct_enrolment(current_user, enrolment, wanted),
        {"own": own, "form": form, "verb": "correct", "title": _("What this correction changes")}
        | _new_unit(enrolment.training_class, wanted.unit_path),
        _("The enrolment is corrected."),
    )


@blueprint.post("/<int:member_id>/account")
@login_required
def correct_account(slug: str, member_id: int) -> Answer:
    enrolment, form = _load_person(slug, member_id), AccountForm()
    if not form.validate():
        return _person_page(enrolment, account=form), 422
    try:
        operations.correct_account(enrolment, form.person)
    except Refused as refused:
        undo()
        return _person_page(_load_person(slug, member_id), account=form, account_refusal=refused.reason), 422
    commit()
    flash(_("The account is corrected."))
    return redirect(url_for(".show_enrolment", slug=slug, member_id=member_id), 303)


@blueprint.post("/<int:member_id>/withdraw")
@login_required
def withdraw_enrolment(slug: str, member_id: int) -> Answer:
    enrolment = _load_person(slug, member_id)
    return _weigh_or_do(
        enrolment,
        lambda: operations.withdraw_enrolment(current_user, enrolment),
        {"verb": "withdraw", "title": _("What withdrawing changes")},
        _("%(name)s is withdrawn from the class.", name=enrolment.member.name),
    )


@blueprint.post("/<int:member_id>/restore")
@login_required
def restore_enrolment(slug: str, member_id: int) -> Answer:
    enrolment = _load_person(slug, member_id)
    return _weigh_or_do(
        enrolment,
        lambda: operations.restore_enrolment(current_user, enrolment),
        {"verb": "restore", "title": _("What bringing back changes")},
        _("%(name)s is back in the class.", name=enrolment.member.name),
    )


def _load_class(slug: str) -> TrainingClass:
    training_class = found(queries.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def _load_person(slug: str, member_id: int) -> Enrolment:
    return found(queries.person_of(_load_class(slug), member_id))


def _weigh_or_do(enrolment: Enrolment, change: Callable[[], None], words: dict[str, Any], done: str) -> Answer:
    """Sent once it shows the effect and saves nothing; sent again with `confirm` it saves."""
    slug, member_id = enrolment.training_class.slug, enrolment.member_id
    try:
        if request.form.get("confirm") != "yes":
            effects = weigh(enrolment.training_class, change)
            undo()
            return _effects_page(_load_person(slug, member_id), effects, **words)
        change()
    except Refused as refused:
        undo()
        return _person_page(_load_person(slug, member_id), words.get("form"), refused.reason), 422
    commit()
    flash(done)
    return redirect(_onward(slug, member_id), 303)


def _onward(slug: str, member_id: int) -> str:
    """Who took the right from themself cannot come back to the page."""
    training_class = queries.get_class(current_user, slug)
    if training_class is None:
        return url_for("home.home")
    if not policy.can_organise(current_user, training_class):
        return url_for("classes.members", slug=slug)
    return url_for(".show_enrolment", slug=slug, member_id=member_id)


def _differences(enrolment: Enrolment, wanted: operations.Place) -> list[tuple[str, str, str]]:
    """What the person will be, and was, in words: label, before, after."""
    roles = {"trainee": _("Trainee"), "instructor": _("Instructor"), "observer": _("Observer")}
    yes = {True: _("yes"), False: _("no")}
    fields = [
        (_("Role"), roles[enrolment.role], roles[wanted.role]),
        (_("Organises the class"), yes[enrolment.organises], yes[wanted.organises]),
        (
            _("Group"),
            enrolment.group.name if enrolment.group else _("No group"),
            wanted.group.name if wanted.group else _("No group"),
        ),
        (_("Unit"), enrolment.unit.path if enrolment.unit else _("No unit"), wanted.unit_path or _("No unit")),
    ]
    return [field for field in fields if field[1] != field[2]]


def _new_unit(training_class: TrainingClass, path: str) -> dict[str, Any]:
    """Where the unit is none so far: its path, and those of the class that may be meant, called so under another."""
    if not path or unit_by_path(path):
        return {}
    name = path.rpartition(SEPARATOR)[2].casefold()
    meant = [unit.path for unit in queries.units_of(training_class) if unit.name.casefold() == name]
    return {"new_unit": path, "meant_units": meant}


def _person_page(
    enrolment: Enrolment,
    form: PlaceForm | None = None,
    refusal: str | None = None,
    account: AccountForm | None = None,
    account_refusal: str | None = None,
) -> str:
    training_class = enrolment.training_class
    if form is None:
        groups = queries.groups_of(training_class)
        form = PlaceForm(groups, formdata=None, data=_place_of(enrolment))
    return render_template(
        "organising/person.html",
        training_class=training_class,
        enrolment=enrolment,
        form=form,
        account_form=account or AccountForm(formdata=None, obj=enrolment.member),
        account_refusal=account_refusal,
        is_correctable=is_correctable(enrolment),
        units=queries.units_of(training_class),
        has_second_step=current_user.is_administrator and confirmed_step(enrolment.member) is not None,
        way=ways_in(current_user, [enrolment])[enrolment.member_id],
        refusal=refusal,
    )


def _place_of(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "role": enrolment.role,
        "organises": enrolment.organises,
        "group": str(enrolment.group_id or ""),
        "unit": enrolment.unit.path if enrolment.unit else "",
    }


def _effects_page(enrolment: Enrolment, effects: Effects, **words: Any) -> str:
    return render_template(
        "organising/effects.html",
        training_class=enrolment.training_class,
        enrolment=enrolment,
        effects=effects,
        names=NAMES,
        **words,
    )


def _new_page(
    training_class: TrainingClass, form: PersonForm, refusal: str | None = None, ask_whether_known: bool = False
) -> str:
    return render_template(
        "organising/new_person.html",
        training_class=training_class,
        form=form,
        units=queries.units_of(training_class),
        refusal=refusal,
        ask_whether_known=ask_whether_known,
    )

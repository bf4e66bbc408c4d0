"""The list of an activity: who is there and who speaks, tapped in the room or sent as one form; the sheet to sign."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.attendance import operations, queries
from forum.attendance.figures import figures_by_activity
from forum.attendance.models import LONGEST_TOPIC, MOST_MINUTES
from forum.attendance.queries import RollEntry
from forum.classes.models import Activity, Role, TrainingClass
from forum.classes.queries import get_activity, get_class, person_of
from forum.classes.search import findable
from forum.db import commit, undo
from forum.errors import Refused
from forum.web import found, is_fetch, is_number, require

blueprint = Blueprint("attendance", __name__, url_prefix="/classes/<slug>/activities/<int:activity_id>/attendance")

Answer = str | tuple[str | dict[str, str], int] | Response
Sections = list[tuple[str, list[RollEntry]]]


@blueprint.get("")
@login_required
def show_roll(slug: str, activity_id: int) -> Answer:
    """`?fragment=state`: its figures and ticks only, as they are by now."""
    training_class, activity = _load(slug, activity_id)
    if request.args.get("fragment") == "state":
        return _state(training_class, activity)
    return _roll_page(training_class, activity)


@blueprint.post("")
@login_required
def record_roll(slug: str, activity_id: int) -> Answer:
    """One tick, sent by script, or the whole form: what is ticked, and what was when the page was shown."""
    training_class, activity = _load(slug, activity_id)
    try:
        operations.record_roll(current_user, training_class, activity, _ticks())
    except Refused as refused:
        undo()
        if is_fetch():
            return {"refused": refused.reason}, 422
        return _roll_page(training_class, activity, refused.reason), 422
    commit()
    if is_fetch():
        return _state(training_class, activity)
    flash(_("The list is saved."))
    return redirect(url_for(".show_roll", slug=slug, activity_id=activity_id), 303)


@blueprint.get("/sheet")
@login_required
def show_sheet(slug: str, activity_id: int) -> Answer:
    training_class, activity = _load(slug, activity_id)
    return render_template(
        "attendance/sheet.html",
        training_class=training_class,
        activity=activity,
        sections=_by_group([entry for entry in queries.roll(activity) if not entry.is_fixed]),
    )


@blueprint.get("/<int:member_id>")
@login_required
def show_person(slug: str, activity_id: int, member_id: int) -> Answer:
    training_class, activity = _load(slug, activity_id)
    return _person_page(training_class, activity, member_id)


@blueprint.post("/<int:member_id>/speeches")
@login_required
def add_speech(slug: str, activity_id: int, member_id: int) -> Answer:
    training_class, activity = _load(slug, activity_id)
    found(person_of(training_class, member_id))
    topic, minutes = request.form.get("topic", ""), request.form.get("minutes", "").strip()
    try:
        # What is no number is refused as one out of bounds is.
        spoken = None if not minutes else int(minutes) if is_number(minutes) else 0
        operations.add_speech(current_user, training_class, activity, member_id, topic, spoken)
    except Refused as refused:
        undo()
        typed = {"topic": topic, "minutes": minutes}
        return _person_page(training_class, activity, member_id, refused.reason, typed), 422
    commit()
    return redirect(url_for(".show_person", slug=slug, activity_id=activity_id, member_id=member_id), 303)


@blueprint.post("/<int:member_id>/speeches/<int:speech_id>/remove")
@login_required
def remove_speech(slug: str, activity_id: int, member_id: int, speech_id: int) -> Answer:
    training_class, activity = _load(slug, activity_id)
    speech = found(queries.get_speech(activity, member_id, speech_id))
    try:
        operations.remove_speech(training_class, activity, speech)
    except Refused as refused:
        undo()
        return _person_page(training_class, activity, member_id, refused.reason), 422
    commit()
    return redirect(url_for(".show_person", slug=slug, activity_id=activity_id, member_id=member_id), 303)


def _load(slug: str, activity_id: int) -> tuple[TrainingClass, Activity]:
    training_class = found(get_class(current_user, slug))
    require(policy.can_record_attendance, training_class)
    return training_class, found(get_activity(training_class, activity_id))


def _ticks() -> operations.Ticks:
    present, spoke = (_ids(request.form.getlist(name)) for name in ("present", "spoke"))
    was_present, was_spoke = (_ids(request.form.get(f"was_{name}", "").split()) for name in ("present", "spoke"))
    return operations.Ticks(present - was_present, was_present - present, spoke - was_spoke, was_spoke - spoke)


def _ids(sent: Iterable[str]) -> set[int]:
    return {int(text) for text in sent if is_number(text)}


def _roll_page(training_class: TrainingClass, activity: Activity, refusal: str | None = None) -> str:
    entries = queries.roll(activity)
    has_groups = any(entry.enrolment.group_id for entry in entries)
    by = "group" if has_groups and request.args.get("by") != "name" else "name"
    return render_template(
        "attendance/roll.html",
        training_class=training_class,
        activity=activity,
        sections=_by_group(entries) if by == "group" else _by_role(entries),
        by=by,
        has_groups=has_groups,
        findable=findable,
        refusal=refusal,
        **_state_of(training_class, activity, entries),
    )


def _state(training_class: TrainingClass, activity: Activity) -> str:
    context = _state_of(training_class, activity, queries.roll(activity))
    return render_template("attendance/_state.html", training_class=training_class, activity=activity, **context)


def _state_of(training_class: TrainingClass, activity: Activity, entries: list[RollEntry]) -> dict[str, Any]:
    trainees = [entry for entry in entries if entry.enrolment.role is Role.TRAINEE and not entry.is_fixed]
    return {
        "entries": entries,
        "figures": figures_by_activity(training_class).get(activity.id),
        "expected": len(trainees),
        "missing": [entry for entry in trainees if not entry.is_present],
    }


def _person_page(
    training_class: TrainingClass,
    activity: Activity,
    member_id: int,
    refusal: str | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    return render_template(
        "attendance/person.html",
        training_class=training_class,
        activity=activity,
        person=found(person_of(training_class, member_id)),
        check_in=queries.check_in_of(activity, member_id),
        speeches=queries.speeches_of(activity, member_id),
        refusal=refusal,
        typed=typed or {},
        LONGEST_TOPIC=LONGEST_TOPIC,
        MOST_MINUTES=MOST_MINUTES,
    )


def _by_role(entries: list[RollEntry]) -> Sections:
    """Trainees, then instructors, then observers."""
    words = {
        Role.TRAINEE: pgettext("people", "Trainees"),
        Role.INSTRUCTOR: _("Instructors and organisers"),
        Role.OBSERVER: _("Observers"),
    }
    sections = [(words[role], [entry for entry in entries if entry.enrolment.role is role]) for role in words]
    return [section for section in sections if section[1]]


def _by_group(entries: list[RollEntry]) -> Sections:
    """The trainees of each group, those without one last; then the others."""
    grouped: dict[tuple[int, int], tuple[str, list[RollEntry]]] = {}
    rest = []
    for entry in entries:
        group = entry.enrolment.group
        if group is None or entry.enrolment.role is not Role.TRAINEE:
            rest.append(entry)
        else:
            grouped.setdefault((group.position, group.id), (group.name, []))[1].append(entry)
    return [grouped[place] for place in sorted(grouped)] + _by_role(rest)

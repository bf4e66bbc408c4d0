"""The class's members, and the way in for who has just got an account."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.classes import queries
from forum.classes.models import Enrolment, Role
from forum.classes.search import findable, matching
from forum.units.models import short_name
from forum.web import found

blueprint = Blueprint("classes", __name__)

People = list[tuple[str, list[Enrolment]]]


@blueprint.get("/classes")
@login_required
def enter() -> Response:
    """To the class, where there is but one; else to all of them."""
    classes = queries.classes_of(current_user)
    if len(classes) == 1:
        return redirect(url_for("home.show_class", slug=classes[0].slug))
    return redirect(url_for("home.home"))


@blueprint.get("/classes/<slug>/members")
@login_required
def members(slug: str) -> str:
    """Everybody stands in the page, those not looked for hidden: so script can look further as one types."""
    training_class = found(queries.get_class(current_user, slug))
    roster = queries.roster(training_class)
    typed = request.args.get("q", "")
    organises = policy.can_organise(current_user, training_class)
    return render_template(
        "classes/members.html",
        training_class=training_class,
        groups_of_people=by_group(roster),
        withdrawn=matching(queries.withdrawn_from(training_class), typed) if organises else [],
        organises=organises,
        typed=typed,
        shown={person.member_id for person in matching(roster, typed)},
        people=len(roster),
        findable=findable,
    )


def by_group(roster: list[Enrolment]) -> People:
    """Instructors first, then the trainees of each group, then observers; names stay in their order."""
    headings: dict[tuple[int, int, int], tuple[str, list[Enrolment]]] = {}
    for enrolment in roster:
        if enrolment.role is Role.TRAINEE:
            group = enrolment.group
            place = (1, group.position, group.id) if group else (1, -1, 0)
            heading = group.name if group else pgettext("people", "Trainees")
        elif enrolment.role is Role.INSTRUCTOR:
            place, heading = (0, 0, 0), _("Instructors and organisers")
        else:
            place, heading = (2, 0, 0), _("Observers")
        headings.setdefault(place, (heading, []))[1].append(enrolment)
    return [headings[place] for place in sorted(headings)]


def by_unit(roster: list[Enrolment]) -> People:
    """The units in their order; who has none comes last."""
    headings: dict[tuple[bool, str], tuple[str, list[Enrolment]]] = {}
    for enrolment in roster:
        unit = enrolment.unit
        place, heading = ((False, unit.sort_key), short_name(unit.path)) if unit else ((True, ""), _("No unit"))
        headings.setdefault(place, (heading, []))[1].append(enrolment)
    return [headings[place] for place in sorted(headings)]

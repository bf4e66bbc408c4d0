"""The class's members."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user, login_required

from forum.classes import queries
from forum.classes.models import Enrolment, Role
from forum.web import found

blueprint = Blueprint("classes", __name__)


@blueprint.get("/classes/<slug>/members")
@login_required
def members(slug: str) -> str:
    training_class = found(queries.get_class(current_user, slug))
    return render_template(
        "classes/members.html",
        training_class=training_class,
        groups_of_people=_by_group(queries.roster(training_class)),
    )


def _by_group(roster: list[Enrolment]) -> list[tuple[str, list[Enrolment]]]:
    """Instructors first, then the trainees of each group, then observers; names stay in their order."""
    headings: dict[tuple[int, int], tuple[str, list[Enrolment]]] = {}
    for enrolment in roster:
        if enrolment.role is Role.TRAINEE:
            group = enrolment.group
            place = (1, group.position if group else 0)
            heading = group.name if group else pgettext("people", "Trainees")
        elif enrolment.role is Role.INSTRUCTOR:
            place, heading = (0, 0), _("Instructors and organisers")
        else:
            place, heading = (2, 0), _("Observers")
        headings.setdefault(place, (heading, []))[1].append(enrolment)
    return [headings[place] for place in sorted(headings)]

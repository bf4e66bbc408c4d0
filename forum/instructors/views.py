"""What the instructors of a class did, as a page."""

from flask import Blueprint, render_template
from flask_login import login_required

from forum.instructors.definitions import DEFINITIONS, NAMES
from forum.instructors.figures import teaching
from forum.statistics.asking_views import asked

blueprint = Blueprint("instructors", __name__)


@blueprint.get("/classes/<slug>/figures/instructors")
@login_required
def show_instructors(slug: str) -> str:
    page = asked("instructors.show_instructors", slug)
    return render_template(
        "instructors/instructors.html",
        **page.for_page(),
        teaching=teaching(page.scope),
        behind=page.rows,
        names=NAMES,
        definitions=DEFINITIONS,
    )

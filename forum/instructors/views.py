"""What the instructors of a class did, as a page."""

from flask import Blueprint, Response, render_template
from flask_login import login_required

from forum.instructors.definitions import DEFINITIONS, NAMES
from forum.instructors.figures import teaching
from forum.statistics.asking_views import Asked, kept_page

blueprint = Blueprint("instructors", __name__)


@blueprint.get("/classes/<slug>/figures/instructors")
@login_required
def show_instructors(slug: str) -> Response:
    return kept_page(_instructors, "instructors.show_instructors", slug)


def _instructors(page: Asked) -> str:
    return render_template(
        "instructors/instructors.html",
        **page.for_page(),
        teaching=teaching(page.scope),
        behind=page.rows,
        names=NAMES,
        definitions=DEFINITIONS,
    )

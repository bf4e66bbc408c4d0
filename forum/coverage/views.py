"""The units of a class and who of them has not been heard, as a page."""

from flask import Blueprint, Response, render_template
from flask_login import login_required

from forum.coverage.figures import coverage
from forum.statistics.asking_views import Asked, kept_page

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/classes/<slug>/figures/units")
@login_required
def show_units(slug: str) -> Response:
    return kept_page(_units, "coverage.show_units", slug, "unit", ("unit",))


def _units(page: Asked) -> str:
    return render_template(
        "coverage/units.html",
        **page.for_page(),
        coverage=coverage(page.scope, page.choices.units),
        behind=page.rows,
    )

"""The matrix trainee x discussion, as a page."""

from flask import Blueprint, Response, render_template, request
from flask_login import login_required

from forum.matrix.figures import matrix
from forum.statistics.asking_views import Asked, kept_page
from forum.web import page_argument

blueprint = Blueprint("matrix", __name__)


@blueprint.get("/classes/<slug>/figures/matrix")
@login_required
def show_matrix(slug: str) -> Response:
    return kept_page(_matrix, "matrix.show_matrix", slug)


def _matrix(page: Asked) -> str:
    silent = request.args.get("silent") == "1"
    return render_template(
        "matrix/matrix.html",
        **page.for_page(),
        silent=silent,
        matrix=matrix(page.scope, page.choices.discussions, silent, page_argument("after")),
        behind=page.rows("posts", "trainee", **{"from": None, "to": None, "discussion": None}),
    )

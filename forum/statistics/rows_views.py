"""The rows behind a figure, as a page."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import login_required

from forum.statistics.asking_views import class_with_figures
from forum.statistics.definitions import DEFINITIONS, NAMES
from forum.statistics.figures import Scope, row_name
from forum.statistics.forms import FiguresQuery, parse_after, parse_figures_query, parse_row_key
from forum.statistics.links import COUNTED_BY, OUT_OF
from forum.statistics.queries import choices_of
from forum.statistics.rows_queries import KINDS, count_behind, first_comments, rows_behind
from forum.web import found

blueprint = Blueprint("figures_rows", __name__)


@blueprint.get("/classes/<slug>/figures/rows")
@login_required
def show_rows(slug: str) -> str:
    training_class = class_with_figures(slug)
    query = parse_figures_query(request.args, choices_of(training_class), Scope(training_class), "discussion")
    figure = found(COUNTED_BY.get(request.args.get("figure", "")))
    scope, name = _chosen_row(query)
    page = rows_behind(figure, scope, parse_after(request.args.get("after", "")))
    out_of = OUT_OF.get(figure)

    def address(**changes: Any) -> str:
        row = {"figure": figure, "row": scope.row.key if scope.row else None}
        return url_for(".show_rows", slug=slug, **query.arguments(**{"sort": None, **row, **changes}))

    return render_template(
        "statistics/rows.html",
        training_class=training_class,
        query=query,
        scope=scope,
        row_name=name,
        figure=figure,
        kind=KINDS[figure],
        page=page,
        out_of=out_of,
        whole=count_behind(out_of, scope) if out_of else None,
        answers=first_comments([row.id for row in page.rows]) if figure == "commented" else {},
        address=address,
        back=url_for("statistics.class_figures", slug=slug, **query.arguments()),
        names=NAMES,
        definitions=DEFINITIONS,
    )


def _chosen_row(query: FiguresQuery) -> tuple[Scope, str | None]:
    """The scope of the row that is asked for, and its name; of the totals where none is. A row that is none is 404."""
    asked = request.args.get("row", "")
    if not asked:
        return query.scope, None
    key = parse_row_key(query.by, asked)
    name = row_name(query.scope, query.by, key) if key is not None else None
    if key is None or name is None:
        abort(404)
    return query.scope.at_row(query.by, key), name

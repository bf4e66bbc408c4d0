"""What an organiser hands in: files of the figures, and a report for paper."""

from io import BytesIO
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, send_file, url_for
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum import clock
from forum.audit.models import Verb
from forum.charts.views import charts_of
from forum.db import undo
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.reports.pdf import as_pdf, makes_pdf
from forum.reports.tables import table_as_csv
from forum.reports.workbook import described, workbook
from forum.statistics.asking_views import Asked, asked
from forum.statistics.definitions import DEFINITIONS, NAMES
from forum.statistics.export import figures_as_json
from forum.statistics.figures import figures_of
from forum.templating import asset_text
from forum.web import put_down

blueprint = Blueprint("reports", __name__, url_prefix="/classes/<slug>")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/figures.xlsx")
@login_required
def download_workbook(slug: str) -> Response:
    """Everything, opened at the table asked for."""
    page = asked("statistics.class_figures", slug)
    book = workbook(page.scope, page.choices.discussions, page.query.by)
    return _attached(page, book, XLSX, "xlsx")


@blueprint.get("/figures.csv")
@login_required
def download_table(slug: str) -> Response:
    page = asked("statistics.class_figures", slug)
    table = table_as_csv(figures_of(page.scope, page.query.by), page.query.by)
    return _attached(page, table, "text/csv; charset=utf-8", "csv")


@blueprint.get("/figures.json")
@login_required
def show_json(slug: str) -> Response:
    """As the API answers."""
    page = asked("statistics.class_figures", slug)
    answer = figures_as_json(figures_of(page.scope, page.query.by))
    put_down(Verb.FILE_TAKEN, class_id=page.training_class.id, file="figures.json")
    return jsonify(answer)


@blueprint.get("/figures/report")
@login_required
def show_report(slug: str) -> str:
    return _report("reports/report.html", asked("reports.show_report", slug), makes_pdf=makes_pdf())


@blueprint.get("/figures.pdf")
@login_required
def download_pdf(slug: str) -> Response:
    page = asked("reports.show_report", slug)
    if not makes_pdf():
        abort(404)
    style, chart_style = (Markup(asset_text(name)) for name in ("paper.css", "paper-chart.css"))  # noqa: S704 - our own
    html = _report("reports/paper.html", page, style=style, chart_style=chart_style)
    undo()
    try:
        return _attached(page, as_pdf(html), "application/pdf", "pdf")
    except Refused as refused:
        flash(refused.reason, "error")
        return redirect(url_for(".show_report", slug=slug, **page.query.arguments(sort=None)), 303)


def _report(template: str, page: Asked, **more: Any) -> str:
    by_unit, by_trainee = (figures_of(page.scope, by).rows for by in ("unit", "trainee"))
    answer = figures_of(page.scope, "discussion")
    return render_template(
        template,
        **more,
        **page.for_page(),
        **charts_of(page),
        totals=answer.totals,
        discussions=answer.rows,
        units=by_unit,
        trainees=by_trainee,
        described=described(page.scope),
        names=NAMES,
        definitions=DEFINITIONS,
    )


def _attached(page: Asked, content: bytes, kind: str, ending: str) -> Response:
    put_down(Verb.FILE_TAKEN, class_id=page.training_class.id, file=f"figures.{ending}")
    today = clock.now().astimezone(page.training_class.zone).date()
    what = _("participation figures")
    name = f"{page.training_class.title} {what} {today}.{ending}"
    answer = send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

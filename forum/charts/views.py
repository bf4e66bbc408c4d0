"""The charts of a class's figures, as a page: each drawn here, each with its table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template
from flask_login import login_required

from forum.charts.queries import posts_by_hour
from forum.charts.shapes import ColumnChart, bar_chart, column_chart, heat_chart
from forum.charts.timeline import Timeline, by_weekday_and_hour, timeline
from forum.classes.models import Activity
from forum.classes.queries import programme
from forum.coverage.figures import coverage
from forum.statistics.asking_views import Asked, kept_page
from forum.units.models import Unit

blueprint = Blueprint("charts", __name__)

MOST_ROWS = 24
# A Monday, for the names of the weekdays.
MONDAY = date(2024, 1, 1)


@blueprint.get("/classes/<slug>/figures/charts")
@login_required
def show_charts(slug: str) -> Response:
    return kept_page(_charts, "charts.show_charts", slug, "unit", ("unit",))


def _charts(page: Asked) -> str:
    return render_template("charts/charts.html", **page.for_page(), **charts_of(page))


def charts_of(page: Asked) -> dict[str, Any]:
    """What the templates of the charts draw."""
    by_hour = posts_by_hour(page.scope)
    line = timeline(by_hour, _events(page))
    grid = by_weekday_and_hour(by_hour)
    scope = page.scope if page.scope.level is not None else replace(page.scope, level=fitting_level(page.choices.units))
    units = coverage(scope, page.choices.units)
    return {
        "line": line,
        "over_time": _over_time(line),
        "coverage": units,
        "level": scope.level,
        "by_unit": bar_chart([(row, row.participants, row.trainees) for row in units.rows]),
        "grid": grid,
        "heat": heat_chart(grid),
        "weekdays": [MONDAY + timedelta(days=day) for day in range(7)],
        "posts": sum(by_hour.values()),
    }


def _events(page: Asked) -> list[tuple[datetime, Activity]]:
    """What the programme has at a time, within the period if there is one."""
    zone, period, found = page.training_class.zone, page.scope.period, []
    for activity in programme(page.training_class):
        if activity.starts_at is None:
            continue
        at = activity.starts_at.astimezone(zone).replace(tzinfo=None)
        if (period.first or date.min) <= at.date() <= (period.last or date.max):
            found.append((at, activity))
    return found


def _over_time(line: Timeline) -> ColumnChart:
    return column_chart(line.counts, [(mark.place, number) for number, mark in enumerate(line.marks, start=1)])


def fitting_level(units: Sequence[Unit]) -> int | None:
    """None if all units fit into a chart as they are, else the deepest level at which they do."""
    depths = [unit.depth for unit in units]
    if len(depths) <= MOST_ROWS:
        return None
    return max((level for level in set(depths) if depths.count(level) <= MOST_ROWS), default=min(depths))

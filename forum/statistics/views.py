"""The figures of a class and of a discussion, as pages."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user, login_required
from markupsafe import Markup

from forum import clock, policy
from forum.attendance.definitions import ROOM_DEFINITIONS, ROOM_NAMES
from forum.attendance.figures import in_the_room
from forum.classes.models import TrainingClass
from forum.closings.differences import Moved, closings_of, moved_since_closing
from forum.closings.queries import has_records
from forum.discussions.models import Stage
from forum.discussions.queries import get_discussion
from forum.statistics.asking_views import class_with_figures, kept_figures
from forum.statistics.counting import heard_either_way
from forum.statistics.definitions import DEFINITIONS, FILTERS, NAMES
from forum.statistics.figures import GROUPINGS, By, ClassFigures, Period, Scope, figures_of, sorted_rows
from forum.statistics.forms import FiguresQuery, parse_figures_query
from forum.statistics.links import COUNTED_BY, changes_since
from forum.statistics.queries import choices_of
from forum.web import found, require

blueprint = Blueprint("statistics", __name__)

Beside = Callable[[FiguresQuery, ClassFigures], dict[str, Any]]


@blueprint.get("/classes/<slug>/figures", endpoint="class_figures")
@login_required
def show_class_figures(slug: str) -> Response:
    training_class = class_with_figures(slug)
    page = partial(_page, "class", Scope(training_class), "discussion", GROUPINGS, {"slug": slug}, _beside_a_class)
    return kept_figures(training_class, page)


@blueprint.get("/discussions/<int:discussion_id>/figures", endpoint="discussion_figures")
@login_required
def show_discussion_figures(discussion_id: int) -> Response:
    discussion = found(get_discussion(current_user, discussion_id))
    require(policy.can_see_figures, discussion.training_class)
    whole = Scope(discussion.training_class, discussion)
    groupings = tuple(by for by in GROUPINGS if by not in ("discussion", "stage"))
    place = {"discussion_id": discussion_id}
    page = partial(
        _page, "discussion", whole, "trainee", groupings, place, lambda *_: {"closings": closings_of(discussion)}
    )
    return kept_figures(discussion.training_class, page)


def _page(
    kind: str,
    whole: Scope,
    default: By,
    groupings: tuple[By, ...],
    place: dict[str, Any],
    beside: Beside,
    own: Mapping[str, Markup],
) -> str:
    """`place` is what the page's address needs, `beside` what stands on it beside the figures."""
    choices = choices_of(whole.training_class)
    query = parse_figures_query(request.args, choices, whole, default, groupings)
    answer = figures_of(query.scope, query.by)
    before = query.scope.period.previous()
    earlier = figures_of(query.scope.with_period(before)).totals if before else None

    def address(**changes: Any) -> str:
        if whole.discussion:
            changes["discussion"] = None
        return url_for(f"statistics.{kind}_figures", **place, **query.arguments(**changes))

    return render_template(
        f"statistics/{kind}_figures.html",
        training_class=whole.training_class,
        discussion=whole.discussion,
        **own,
        **beside(query, answer),
        query=query,
        scope=query.scope,
        whole=whole,
        totals=answer.totals,
        rows=sorted_rows(answer.rows, query.by, query.sort) if query.sort else answer.rows,
        before=before,
        changes=changes_since(earlier, answer.totals) if earlier else {},
        choices=choices,
        stages=list(Stage),
        groupings=groupings,
        presets=presets(whole.training_class),
        address=address,
        behind=rows_address(query),
        counted_by=COUNTED_BY,
        names=NAMES,
        definitions=DEFINITIONS,
        filters=FILTERS,
    )


def rows_address(query: FiguresQuery) -> str:
    """Where the rows behind are: `figure` and `row` are added to it, cell by cell."""
    slug = query.scope.training_class.slug
    return url_for("figures_rows.show_rows", slug=slug, **query.arguments(sort=None))


def presets(training_class: TrainingClass) -> dict[str, Period]:
    """Periods at one tap, in the time zone of the class."""
    monday = clock.monday_of(clock.now().astimezone(training_class.zone).date())
    this_week = Period(monday, monday + timedelta(days=6))
    last_week = this_week.previous()
    assert last_week is not None
    return {"this_week": this_week, "last_week": last_week, "whole": Period()}


def _beside_a_class(query: FiguresQuery, answer: ClassFigures) -> dict[str, Any]:
    """Discussions whose figures are no longer those of their closing; what was said and who was there in person."""
    training_class = query.scope.training_class
    whole = Scope(training_class)
    moved: list[Moved] = []
    if has_records(training_class.id):
        rows = (
            answer.rows if query.scope == whole and query.by == "discussion" else figures_of(whole, "discussion").rows
        )
        moved = moved_since_closing(training_class.id, {row.key: asdict(row) for row in rows})
    room = in_the_room(training_class) if query.scope == whole else None
    return {
        "moved": moved,
        "room": room,
        "heard": heard_either_way(training_class.id) if room and room.activities else None,
        "room_names": ROOM_NAMES,
        "room_definitions": ROOM_DEFINITIONS,
    }

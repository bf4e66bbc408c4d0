"""The figures of a class and of a discussion, as pages."""

from flask import Blueprint, render_template, request
from flask_login import current_user, login_required

from forum import policy
from forum.classes.queries import get_class
from forum.closings.differences import closings_of
from forum.discussions.queries import get_discussion
from forum.statistics.definitions import DEFINITIONS, NAMES
from forum.statistics.figures import GROUPINGS, class_figures
from forum.statistics.forms import parse_figures_query
from forum.web import found, require

blueprint = Blueprint("statistics", __name__)


@blueprint.get("/classes/<slug>/figures", endpoint="class_figures")
@login_required
def show_class_figures(slug: str) -> str:
    training_class = found(get_class(current_user, slug))
    require(policy.can_see_figures, training_class)
    query = parse_figures_query(request.args, default="discussion")
    answer = class_figures(training_class, query.by, query.period)
    return render_template(
        "statistics/class_figures.html",
        training_class=training_class,
        totals=answer.totals,
        rows=answer.rows,
        query=query,
        groupings=GROUPINGS,
        names=NAMES,
        definitions=DEFINITIONS,
    )


@blueprint.get("/discussions/<int:discussion_id>/figures", endpoint="discussion_figures")
@login_required
def show_discussion_figures(discussion_id: int) -> str:
    discussion = found(get_discussion(current_user, discussion_id))
    require(policy.can_see_figures, discussion.training_class)
    query = parse_figures_query(request.args, default="trainee")
    answer = class_figures(discussion.training_class, query.by, query.period, discussion)
    return render_template(
        "statistics/discussion_figures.html",
        training_class=discussion.training_class,
        discussion=discussion,
        closings=closings_of(discussion),
        totals=answer.totals,
        rows=answer.rows,
        query=query,
        groupings=[grouping for grouping in GROUPINGS if grouping != "discussion"],
        names=NAMES,
        definitions=DEFINITIONS,
    )

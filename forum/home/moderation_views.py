"""What was hidden in a class, for its staff: by whom, why, and the way back."""

from flask import Blueprint, render_template
from flask_login import current_user, login_required

from forum import policy
from forum.classes.queries import get_class
from forum.home.queries import hidden_posts
from forum.web import found, page_argument, require

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/classes/<slug>/hidden")
@login_required
def show_hidden(slug: str) -> str:
    training_class = found(get_class(current_user, slug))
    require(policy.can_moderate, training_class)
    page = page_argument("page") or 1
    hidden, more = hidden_posts(training_class, page)
    return render_template("home/hidden.html", training_class=training_class, hidden=hidden, page=page, more=more)

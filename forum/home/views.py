"""The first page and the page of a class."""

from flask import Blueprint, render_template
from flask_login import current_user, login_required

from forum import clock, rooms
from forum.classes.queries import get_class
from forum.home import pages
from forum.web import found

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@login_required
def home() -> str:
    now = clock.now()
    queue = rooms.queue_state() if current_user.is_administrator else ""
    return render_template("home/home.html", now=now, queue=queue, **pages.home_page(now))


@blueprint.get("/classes/<slug>")
@login_required
def show_class(slug: str) -> str:
    training_class = found(get_class(current_user, slug))
    now = clock.now()
    return render_template(
        "home/class.html", training_class=training_class, now=now, **pages.class_page(training_class, now)
    )

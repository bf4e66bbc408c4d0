"""/me: a person's own page."""

from flask import Blueprint, render_template
from flask_login import login_required

from forum import clock
from forum.attendance.definitions import ROOM_DEFINITIONS
from forum.home.own_pages import own_page
from forum.statistics.definitions import DEFINITIONS
from forum.web import page_argument

blueprint = Blueprint("me", __name__)


@blueprint.get("/me")
@login_required
def show_me() -> str:
    now, page = clock.now(), page_argument("page") or 1
    definitions = DEFINITIONS | ROOM_DEFINITIONS
    return render_template("home/me.html", now=now, page=page, definitions=definitions, **own_page(now, page))

"""/me/data: a member takes away what they wrote and what is kept of them, to read or for a program."""

import json
from io import BytesIO

from flask import Blueprint, current_app, render_template, send_file
from flask_babel import gettext as _
from flask_login import current_user, login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum import clock
from forum.audit.models import Verb
from forum.limiting import limited
from forum.takeaway.contents import all_of
from forum.templating import asset_text
from forum.web import put_down

blueprint = Blueprint("takeaway", __name__, url_prefix="/me")


@blueprint.get("/data")
@login_required
def show_ways() -> str:
    return render_template("takeaway/ways.html")


@blueprint.get("/data.json")
@login_required
@limited("takeaway_limit")
def download_json() -> Response:
    everything = all_of(current_user, clock.now())
    whole = json.dumps(everything, ensure_ascii=False, indent=1, default=lambda at: at.isoformat())
    return _attached(whole, "application/json", "json")


@blueprint.get("/data.html")
@login_required
@limited("takeaway_limit")
def download_page() -> Response:
    """One file that needs nothing beside it."""
    settings = current_app.extensions["settings"]
    page = render_template(
        "takeaway/file.html",
        style=Markup(asset_text("takeaway.css")),  # noqa: S704 - our own
        address=settings.base_url,
        zone=settings.default_timezone,
        where=clock.zone(settings.default_timezone),
        **all_of(current_user, clock.now()),
    )
    return _attached(page, "text/html", "html")


def _attached(text: str, kind: str, ending: str) -> Response:
    name = f"{current_user.name} {_('My data')} {clock.now():%Y-%m-%d}.{ending}"
    put_down(Verb.FILE_TAKEN, member_id=current_user.id, file=f"data.{ending}")
    answer = send_file(BytesIO(text.encode()), mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

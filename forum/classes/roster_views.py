"""Roster import in the browser: send a file or paste rows, look at what would happen, then let it happen. Between the
two the rows travel in the page itself, signed, so that nothing must be sent again; the plan is made anew."""

import csv
import io
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as Redirect

from forum import clock, policy
from forum.classes import queries
from forum.classes.models import Role, TrainingClass
from forum.classes.roster import import_roster, plan_roster
from forum.classes.roster_rows import Fault, Roster, RosterRow, read_roster
from forum.classes.sheets import LARGEST_FILE, Sheet, read_sheets, read_text
from forum.db import commit, undo
from forum.errors import Refused
from forum.web import found, reads_only, require, takes_file

blueprint = Blueprint("roster", __name__)

Answer = str | tuple[str, int]

_PREVIEW_LASTS = 2 * 60 * 60
# What a form of ours may hold, with room for the rest of it.
_LARGEST_PARCEL = 1_500_000


@blueprint.get("/classes/<slug>/roster")
@login_required
def show_roster(slug: str) -> str:
    return _roster_page(_organised(slug))


@blueprint.get("/classes/<slug>/roster/template.csv")
@login_required
def download_template(slug: str) -> Response:
    """A header and nobody: an example would be enrolled."""
    _organised(slug)
    stream = io.StringIO()
    columns = [_("Name"), _("Unit"), _("Position"), _("Mobile"), _("E-mail"), _("Group"), _("Role")]
    csv.writer(stream).writerow(columns)
    answer = Response(stream.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="roster.csv"'
    return answer


@blueprint.post("/classes/<slug>/roster")
@login_required
@reads_only
@takes_file(LARGEST_FILE // 1024 // 1024)
def preview_roster(slug: str) -> Answer:
    training_class = _organised(slug)
    try:
        roster = read_roster(_sheets_sent())
        plan = plan_roster(training_class, roster.rows)
        parcel = _pack(training_class, roster)
    except Refused as refused:
        undo()
        return _roster_page(training_class, refused.reason), 422
    words = {"roster": roster, "plan": plan, "parcel": parcel, "bad": _by_row(roster.bad + plan.bad)}
    return _page("preview", training_class, warnings=_by_row(roster.warnings + plan.warnings), **words)


@blueprint.get("/classes/<slug>/roster/apply")
@login_required
def begin_again(slug: str) -> Redirect:
    """For who comes back to the address of what was imported, by a bookmark or a new language."""
    _organised(slug)
    return redirect(url_for(".show_roster", slug=slug))


@blueprint.post("/classes/<slug>/roster/apply")
@login_required
def apply_roster(slug: str) -> Answer:
    training_class = _organised(slug)
    try:
        rows, bad = _unpack(training_class, request.form.get("parcel", ""))
        plan = import_roster(training_class, rows)
    except Refused as refused:
        undo()
        return _roster_page(training_class, refused.reason), 422
    counts = {outcome: len(plan.of(outcome)) for outcome in ("new", "changed", "known")}
    faults = _by_row(bad + plan.bad)
    commit()
    return _page("imported", training_class, counts=counts, bad=faults)


def _organised(slug: str) -> TrainingClass:
    training_class = found(queries.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def _roster_page(training_class: TrainingClass, refusal: str | None = None) -> str:
    """With the pasted rows, where some were sent; a browser does not send a chosen file back into its form."""
    pasted = request.form.get("rows", "").replace("\x00", "")
    return _page("upload", training_class, refusal=refusal, pasted=pasted)


def _page(name: str, training_class: TrainingClass, **context: Any) -> str:
    """A change of language leads to the form: what was sent is not sent again."""
    own = url_for("roster.show_roster", slug=training_class.slug)
    return render_template(f"classes/roster_{name}.html", training_class=training_class, here=own, **context)


def _sheets_sent() -> list[Sheet]:
    """Of the file, or where there is none of the pasted rows."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return read_sheets(file.stream.read(LARGEST_FILE + 1))
    pasted = request.form.get("rows", "")
    if not pasted.strip():
        raise Refused(_("Choose a file, or paste rows from a spreadsheet."))
    return [read_text(pasted)]


def _by_row(faults: list[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: fault.row)


def _pack(training_class: TrainingClass, roster: Roster) -> str:
    content = {
        "for": [training_class.id, current_user.id],
        "until": clock.now().timestamp() + _PREVIEW_LASTS,
        "rows": [asdict(row) for row in roster.rows],
        "bad": [asdict(fault) for fault in roster.bad],
    }
    parcel = str(_serializer().dumps(content))
    if len(parcel) > _LARGEST_PARCEL:
        raise Refused(_("This is too much to look at in one page. Please send the roster in parts."))
    return parcel


def _unpack(training_class: TrainingClass, parcel: str) -> tuple[list[RosterRow], list[Fault]]:
    try:
        content = _serializer().loads(parcel)
    except BadData:
        content = {}
    is_late = clock.now().timestamp() > content.get("until", 0)
    if is_late or content["for"] != [training_class.id, current_user.id]:
        raise Refused(_("The roster was looked at too long ago. Nothing was imported; please send it once more."))
    rows = [RosterRow(**told | {"role": Role(told["role"]) if told["role"] else None}) for told in content["rows"]]
    return rows, [Fault(**fault) for fault in content["bad"]]


def _serializer() -> URLSafeSerializer:
    """It packs what it signs."""
    return URLSafeSerializer(current_app.secret_key or "", salt="forum.roster")

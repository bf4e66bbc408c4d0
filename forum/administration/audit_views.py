"""The audit log, on a page and as a file."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta, tzinfo
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from forum import clock
from forum.administration import audit_queries as queries
from forum.administration.forms import VERBS, AuditForm
from forum.administration.pages import admin_blueprint
from forum.audit.models import Verb
from forum.classes.queries import class_by_slug
from forum.members.queries import member_by_login
from forum.text import defused
from forum.web import is_number, page_argument, put_down

blueprint = admin_blueprint("audit", "/audit")

NOBODY = 0


@blueprint.get("")
def show_log() -> str:
    form = AuditForm(formdata=request.args)
    form.validate()
    rows, more = queries.page_of_entries(_wanted(form), page_argument("before"))
    narrowed: dict[str, Any] = {name: value for name, value in request.args.items() if value and name in form.data}

    def address(**changes: Any) -> str:
        return url_for(".show_log", **{**narrowed, **changes})

    return render_template(
        "administration/audit.html",
        form=form,
        rows=rows,
        more=more,
        verbs=VERBS,
        address=address,
        file=url_for(".download_log", **narrowed),
        zone=_zone(),
        days=current_app.extensions["settings"].audit_days,
    )


@blueprint.get("/audit.csv")
def download_log() -> Response:
    form = AuditForm(formdata=request.args)
    form.validate()
    wanted = _wanted(form)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "private, no-store"}
    table = "".join(_as_csv(queries.all_entries(wanted), _zone()))
    put_down(Verb.FILE_TAKEN, file="audit.csv")
    return Response(table, content_type="text/csv; charset=utf-8", headers=headers)


def _wanted(form: AuditForm) -> queries.Wanted:
    """What names nobody and no class finds nothing."""
    slug = form.slug.data or ""
    training_class = class_by_slug(slug) if slug else None
    day, zone = form.day.data, _zone()
    return queries.Wanted(
        _person(form.person.data or ""),
        form.verb.data or None,
        None if not slug else training_class.id if training_class else NOBODY,
        clock.start_of(day, zone) if day else None,
        clock.start_of(day + timedelta(days=1), zone) if day else None,
    )


def _person(typed: str) -> int | None:
    """By the number of the account, or by what they sign in with."""
    if not typed:
        return None
    if is_number(typed) and len(typed) < 7:
        return int(typed)
    member = member_by_login(typed)
    return member.id if member else NOBODY


def _zone() -> tzinfo:
    return clock.zone(current_app.extensions["settings"].default_timezone)


def _as_csv(rows: Iterable[Any], zone: tzinfo) -> Iterator[str]:
    """With the mark by which spreadsheets know UTF-8."""
    yield "\ufeff"
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([_("Time"), _("Who"), _("What"), _("Whom"), _("Class"), _("Details"), _("Address")])
    for entry, actor, whom, title, _slug in rows:
        texts = (actor, VERBS.get(entry.verb, entry.verb), whom, title, _details(entry.details), entry.address)
        moment = entry.at.astimezone(zone).isoformat(" ", "seconds")
        writer.writerow([moment, *(defused(str(text or "")) for text in texts)])
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()
    yield stream.getvalue()


def _details(details: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in details.items())

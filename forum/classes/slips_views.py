"""First sign-in: who has not come in yet, slips with one-time links for them, the invitation for a chat group."""

import csv
import io
from collections import Counter
from datetime import datetime

from babel.lists import format_list
from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required

from forum import clock, policy
from forum.audit.models import Verb
from forum.classes import queries, slips
from forum.classes.archive import require_not_archived
from forum.classes.models import Enrolment, TrainingClass
from forum.classes.search import matching
from forum.classes.views import by_group, by_unit
from forum.db import commit, undo
from forum.errors import Refused
from forum.i18n import language
from forum.members.queries import password_links, working_links
from forum.qr import qr_svg
from forum.templating import day
from forum.text import defused
from forum.web import found, is_number, put_down, reads_only, require

blueprint = Blueprint("slips", __name__, url_prefix="/classes/<slug>/slips")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@login_required
def show_slips(slug: str) -> Answer:
    return _slips_page(_load_class(slug))


@blueprint.post("")
@login_required
def make_slips(slug: str) -> Answer:
    """The page with the links, which are shown this once: only their hashes are kept. Sent once more, by reloading
    it, the form asks before it ends the links just made."""
    training_class = _load_class(slug)
    try:
        made = _make(training_class, request.form.get("whom", ""), request.form.get("again", ""))
    except slips.StillWork as still:
        undo()
        return _again_page(_load_class(slug), still.held), 422
    except Refused as refused:
        undo()
        return _slips_page(_load_class(slug), refused.reason), 422
    commit()
    training_class = _load_class(slug)
    page = render_template(
        "classes/slips_made.html",
        training_class=training_class,
        sheets=[made.made[start : start + 8] for start in range(0, len(made.made), 8)],
        slips=made,
        link_of=lambda slip: _link_of(training_class, slip.token),
        qr=qr_svg,
    )
    return Response(page, headers={"Cache-Control": "no-store"})


@blueprint.post("/file")
@login_required
@reads_only
def slips_file(slug: str) -> Answer:
    """The slips just made, as a table: the page sends their tokens along, since nobody else has them. Only those that
    still open an account of this class come into the file."""
    training_class = _load_class(slug)
    tokens = password_links(request.form.get("tokens", "").split()[: slips.MOST_SLIPS], clock.now())
    accounts = {int(text) for text in request.form.get("accounts", "").split() if is_number(text)}
    chosen = [
        slips.slip_of(person, tokens.get(person.member_id))
        for person in slips.in_order(queries.roster(training_class))
        if person.member_id in tokens or person.member_id in accounts
    ]
    table, class_id, name = _as_csv(training_class, chosen), training_class.id, training_class.slug
    put_down(Verb.FILE_TAKEN, class_id=class_id, file="slips.csv", people=len(chosen))
    headers = {
        "Content-Disposition": f'attachment; filename="slips-{name}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(table, content_type="text/csv; charset=utf-8", headers=headers)


def _load_class(slug: str) -> TrainingClass:
    training_class = found(queries.get_class(current_user, slug))
    require(policy.can_organise, training_class)
    return training_class


def _make(training_class: TrainingClass, whom: str, again: str) -> slips.Slips:
    """`whom`: "all", "group-3", "unit-7" of those not yet in; or "member-12", whoever that is."""
    require_not_archived(training_class)
    kind, _dash, number = whom.partition("-")
    roster = queries.roster(training_class)
    if kind == "member":
        person = next((person for person in roster if str(person.member_id) == number), None)
        if person is None:
            raise Refused(_("That person is not in the class any more."))
        return slips.make_slip(current_user, person, again)
    chosen = [
        person
        for person in slips.not_yet_in(roster)
        if whom == "all"
        or (kind == "group" and str(person.group_id) == number)
        or (kind == "unit" and str(person.unit_id) == number)
    ]
    if not chosen:
        raise Refused(_("Nobody of those is still to come in. Choose others."))
    return slips.make_slips(current_user, chosen, again)


def _again_page(training_class: TrainingClass, held: slips.Held) -> str:
    first, last = _day_of(training_class, held.first), _day_of(training_class, held.last)
    return render_template(
        "classes/slips_again.html",
        training_class=training_class,
        held=held,
        days=first if first == last else _("%(first)s to %(last)s", first=first, last=last),
        whom=request.form.get("whom", ""),
        WITHOUT=slips.WITHOUT,
    )


def _day_of(training_class: TrainingClass, moment: datetime) -> str:
    return day(moment.astimezone(training_class.zone).date())


def _slips_page(training_class: TrainingClass, refusal: str | None = None) -> str:
    roster = queries.roster(training_class)
    waiting = slips.not_yet_in(roster)
    typed = request.args.get("q", "")
    shown = matching(waiting, typed)
    links = working_links([person.member_id for person in waiting], clock.now())
    by = "unit" if request.args.get("by") == "unit" or not any(person.group for person in roster) else "group"
    return render_template(
        "classes/slips.html",
        training_class=training_class,
        people=len(roster),
        waiting=waiting,
        ways=slips.ways_in(current_user, waiting),
        made_on={member_id: _day_of(training_class, made) for member_id, (_link, made) in links.items()},
        typed=typed,
        shown=len(shown),
        by=by,
        has_groups=any(person.group for person in roster),
        groups_of_people=by_unit(shown) if by == "unit" else by_group(shown),
        choices=_choices(waiting),
        invitation=_invitation(training_class, roster),
        refusal=refusal,
    )


def _choices(waiting: list[Enrolment]) -> dict[str, list[tuple[str, str, int]]]:
    """Groups and units with somebody still to come: the value to send, the name, how many."""
    groups = Counter((one.group.position, one.group.id, one.group.name) for one in waiting if one.group)
    units = Counter((one.unit.sort_key, one.unit.id, one.unit.path) for one in waiting if one.unit)
    return {
        "group": [(f"group-{key}", name, groups[place]) for place in sorted(groups) for _order, key, name in [place]],
        "unit": [(f"unit-{key}", name, units[place]) for place in sorted(units) for _order, key, name in [place]],
    }


def _address(path: str) -> str:
    return f"{current_app.extensions['settings'].base_url}{path}"


def _link_of(training_class: TrainingClass, token: str | None) -> str:
    """Of the account; without a token, of the class: who has an account signs in there."""
    if token is None:
        return _address(url_for("home.show_class", slug=training_class.slug))
    return _address(url_for("members.set_password", token=token))


def _as_csv(training_class: TrainingClass, chosen: list[slips.Slip]) -> str:
    """With the mark by which spreadsheets know UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([_("Name"), _("Group"), _("Unit"), _("Position"), _("Phone"), _("Link")])
    for slip in chosen:
        texts = (slip.name, slip.group, slip.unit, slip.position, slip.phone, _link_of(training_class, slip.token))
        writer.writerow([defused(text) for text in texts])
    return "\ufeff" + stream.getvalue()


def _invitation(training_class: TrainingClass, roster: list[Enrolment]) -> str:
    """To paste where the class chats."""
    first, last = day(training_class.starts_on), day(training_class.ends_on)
    days = first if first == last else _("%(first)s to %(last)s", first=first, last=last)
    lines = [
        _("“%(title)s”, %(days)s: our online discussions are here.", title=training_class.title, days=days),
        _link_of(training_class, None),
        _("The first time: scan the code on your slip, or open the link on it, and choose a password."),
        _("After that: open the address above and sign in with your phone number or e-mail address."),
    ]
    organisers = [person.member.name for person in roster if person.organises]
    if organisers:
        names = format_list(organisers, style="or", locale=language())
        lines.append(_("No slip, or something does not work? Ask %(names)s.", names=names))
    return "\n".join(lines)

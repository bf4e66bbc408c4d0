"""Members: found among all, added, changed, kept out, let in, retired."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum import clock
from forum.administration import operations, queries
from forum.administration.forms import MemberForm
from forum.administration.pages import admin_blueprint
from forum.administration.retiring import retire_member
from forum.db import commit, undo
from forum.errors import Refused
from forum.members.models import Member
from forum.members.operations import add_member, issue_password_link, sign_out_everywhere
from forum.members.queries import confirmed_step
from forum.qr import qr_svg
from forum.units.operations import ensure_unit
from forum.web import attempt, found, page_argument

blueprint = admin_blueprint("admin_members", "/members")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
def show_members() -> str:
    typed, shown = request.args.get("q", "")[:100], request.args.get("show", "")
    people, more = queries.members_found(typed, shown, page_argument("after"))
    return render_template("administration/members.html", people=people, more=more, typed=typed, shown=shown)


@blueprint.get("/new")
def new_member() -> str:
    return render_template("administration/new_member.html", form=MemberForm(formdata=None))


@blueprint.post("/new")
def add_account() -> Answer:
    form = MemberForm()
    member = attempt(form, lambda: _add(**form.said))
    if isinstance(member, Refused):
        return render_template("administration/new_member.html", form=form, refusal=member.reason), 422
    flash(_("The account is made. The first sign-in is by a one-time link: make it below."))
    return _back(member.id)


@blueprint.get("/<int:member_id>")
def show_member(member_id: int) -> str:
    return _member_page(_load(member_id))


@blueprint.post("/<int:member_id>")
def change_member(member_id: int) -> Answer:
    member, form = _load(member_id), MemberForm()
    done = attempt(form, lambda: operations.change_member(current_user, member, **form.said))
    if isinstance(done, Refused):
        return _member_page(_load(member_id), form, done.reason), 422
    flash(_("The account is changed."))
    return _back(member_id)


@blueprint.post("/<int:member_id>/link")
def issue_link(member_id: int) -> Answer:
    """Shown this once: only the digest is kept."""
    member = _load(member_id)
    if member.closed_at is not None or (member.is_administrator and member.id != current_user.id):
        words = _("No link is made to a closed account, nor to another administrator’s.")
        return _member_page(member, refusal=words), 422
    token = issue_password_link(member)
    name, base = member.name, current_app.extensions["settings"].base_url
    commit()
    link = base + url_for("members.set_password", token=token)
    page = render_template("administration/link.html", name=name, member_id=member_id, link=link, code=qr_svg(link))
    return Response(page, headers={"Cache-Control": "no-store"}, mimetype="text/html")


@blueprint.post("/<int:member_id>/close")
def close_account(member_id: int) -> Answer:
    return _do(member_id, operations.close_account, _("The account is closed: nobody comes in with it."))


@blueprint.post("/<int:member_id>/reopen")
def reopen_account(member_id: int) -> Answer:
    return _do(member_id, operations.reopen_account, _("The account is open again."))


@blueprint.post("/<int:member_id>/sign-out")
def end_sessions(member_id: int) -> Answer:
    return _do(member_id, sign_out_everywhere, _("Signed out on every device."))


@blueprint.post("/<int:member_id>/give")
def give_administrator(member_id: int) -> Answer:
    return _do(member_id, operations.give_administrator, _("This member is an administrator now."))


@blueprint.post("/<int:member_id>/take")
def take_administrator(member_id: int) -> Answer:
    return _do(member_id, operations.take_administrator, _("This member is no administrator any more."))


@blueprint.get("/<int:member_id>/retire")
def show_retiring(member_id: int) -> str:
    return _retiring_page(_load(member_id))


@blueprint.post("/<int:member_id>/retire")
def retire(member_id: int) -> Answer:
    """The name is typed once more, since nothing brings it back."""
    member, erases = _load(member_id), request.form.get("texts") == "erase"
    if " ".join(request.form.get("name", "").split()) != member.name or member.retired_at is not None:
        return _retiring_page(member, _("Please type the name exactly as it stands above."), erases), 422
    try:
        retire_member(member, erases)
    except Refused as refused:
        undo()
        return _retiring_page(_load(member_id), refused.reason, erases), 422
    commit()
    flash(_("The member is retired."))
    return _back(member_id)


def _load(member_id: int) -> Member:
    return found(queries.get_member(member_id))


def _add(unit: str, **said: Any) -> Member:
    return add_member(**said, unit=ensure_unit(unit) if unit else None)


def _do(member_id: int, change: Callable[[Member], None], words: str) -> Answer:
    member = _load(member_id)
    try:
        change(member)
    except Refused as refused:
        undo()
        return _member_page(_load(member_id), refusal=refused.reason), 422
    commit()
    flash(words)
    return _back(member_id)


def _back(member_id: int) -> Response:
    return redirect(url_for(".show_member", member_id=member_id), 303)


def _member_page(member: Member, form: MemberForm | None = None, refusal: str | None = None) -> str:
    kept = {name: getattr(member, name) for name in ("name", "phone", "email", "position")}
    kept["unit"] = member.unit.path if member.unit else ""
    return render_template(
        "administration/member.html",
        member=member,
        form=form or MemberForm(formdata=None, data=kept),
        enrolments=queries.enrolments_of(member),
        has_second_step=confirmed_step(member) is not None,
        last_sign_in=queries.last_sign_in(member),
        refusal=refusal,
        zone=clock.zone(current_app.extensions["settings"].default_timezone),
    )


def _retiring_page(member: Member, refusal: str | None = None, erases: bool = False) -> str:
    left = queries.left_behind(member)
    return render_template("administration/retire.html", member=member, left=left, refusal=refusal, erases=erases)

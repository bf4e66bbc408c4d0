"""The organisation tree, a level a page."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.administration import tree
from forum.administration import units_queries as queries
from forum.administration.forms import PathForm, UnitForm
from forum.administration.pages import admin_blueprint
from forum.errors import Refused
from forum.forms import Form
from forum.units.models import Unit
from forum.web import attempt, found

blueprint = admin_blueprint("admin_units", "/units")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
def show_units() -> str:
    return _page(None)


@blueprint.post("")
def add_root() -> Answer:
    form = UnitForm()
    return _do(None, form, lambda: tree.add_unit(None, form.name.data or ""), _("The unit is added."))


@blueprint.get("/<int:unit_id>")
def show_unit(unit_id: int) -> str:
    return _page(_load(unit_id))


@blueprint.post("/<int:unit_id>")
def add_unit(unit_id: int) -> Answer:
    unit, form = _load(unit_id), UnitForm()
    return _do(unit, form, lambda: tree.add_unit(unit, form.name.data or ""), _("The unit is added."))


@blueprint.post("/<int:unit_id>/rename")
def rename_unit(unit_id: int) -> Answer:
    unit, form = _load(unit_id), UnitForm()
    return _do(unit, form, lambda: tree.rename_unit(unit, form.name.data or ""), _("The unit has its new name."))


@blueprint.post("/<int:unit_id>/move")
def move_unit(unit_id: int) -> Answer:
    unit, form = _load(unit_id), PathForm()
    return _do(unit, form, lambda: tree.move_unit(unit, form.path.data or ""), _("The unit is moved."))


@blueprint.post("/<int:unit_id>/merge")
def merge_unit(unit_id: int) -> Answer:
    unit, form = _load(unit_id), PathForm()
    return _do(unit, form, lambda: tree.merge_unit(unit, form.path.data or ""), _("The two units are one."))


def _load(unit_id: int) -> Unit:
    return found(queries.get_unit(unit_id))


def _do(unit: Unit | None, form: Form, change: Callable[[], Unit | None], words: str) -> Answer:
    """On to the unit that it made or left."""
    unit_id = unit.id if unit else None
    done = attempt(form, change)
    if isinstance(done, Refused):
        marked = " ".join(error for errors in form.errors.values() for error in errors)
        return _page(_load(unit_id) if unit_id else None, marked or done.reason), 422
    flash(words)
    onward = done.id if done is not None else unit_id
    return redirect(url_for(".show_unit", unit_id=onward), 303)


def _page(unit: Unit | None, refusal: str | None = None) -> str:
    return render_template(
        "administration/units.html",
        unit=unit,
        above=queries.ancestors_of(unit) if unit else [],
        people=queries.people_at(unit) if unit else (0, 0),
        units=queries.units_under(unit),
        refusal=refusal,
    )

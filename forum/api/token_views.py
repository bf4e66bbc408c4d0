"""One's own tokens: made, shown once, revoked."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as BaseResponse

from forum import clock
from forum.api import operations, queries
from forum.api.models import Scope
from forum.api.token_forms import TokenForm
from forum.db import commit
from forum.errors import Refused
from forum.web import attempt, found

blueprint = Blueprint("tokens", __name__, url_prefix="/me/tokens")


@blueprint.get("")
@login_required
def show_tokens() -> str:
    return _tokens_page(TokenForm(formdata=None))


@blueprint.post("")
@login_required
def add_token() -> str | tuple[str, int] | Response:
    form = TokenForm()
    made = attempt(form, lambda: operations.add_token(current_user, form.name.data or "", Scope(form.scope.data)))
    if isinstance(made, Refused):
        return _tokens_page(form, refusal=made.reason), 422
    page = make_response(_tokens_page(TokenForm(formdata=None), secret=made, name=form.name.data), 201)
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.post("/<int:token_id>/revoke")
@login_required
def revoke_token(token_id: int) -> BaseResponse:
    token = found(queries.get_token(current_user, token_id))
    operations.revoke_token(token)
    name = token.name
    commit()
    flash(_("“%(name)s” is revoked: nothing gets in with it any more.", name=name))
    return redirect(url_for(".show_tokens"), 303)


def _tokens_page(form: TokenForm, **made: Any) -> str:
    zone = clock.zone(current_app.extensions["settings"].default_timezone)
    return render_template("api/tokens.html", form=form, tokens=queries.tokens_of(current_user), zone=zone, **made)

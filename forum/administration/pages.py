"""The pages of the area are there for administrators alone: for everybody else each is a 404."""

from typing import Any

from flask import Blueprint, abort
from flask_login import current_user

from forum import policy
from forum.extensions import login_manager


def admin_blueprint(name: str, path: str = "") -> Blueprint:
    blueprint = Blueprint(name, __name__, url_prefix=f"/admin{path}")
    blueprint.before_request(_admit)
    return blueprint


def _admit() -> Any:
    if not current_user.is_authenticated:
        return login_manager.unauthorized()
    if not policy.can_administer(current_user):
        abort(404)
    return None

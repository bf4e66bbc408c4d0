"""Closing a discussion by hand: its figures are recorded with it."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum.closings import operations
from forum.db import commit, undo
from forum.discussions.setup_views import list_page, load_to_organise
from forum.errors import Refused

blueprint = Blueprint("closings", __name__)


@blueprint.post("/discussions/<int:discussion_id>/close")
@login_required
def close_discussion(discussion_id: int) -> tuple[str, int] | Response:
    discussion = load_to_organise(discussion_id)
    training_class = discussion.training_class
    try:
        operations.close_discussion(current_user, discussion)
    except Refused as refused:
        undo()
        return list_page(training_class, about=discussion_id, reason=refused.reason), 422
    slug = training_class.slug
    commit()
    flash(_("The discussion is closed, and its figures are recorded."))
    anchor = f"discussion-{discussion_id}"
    return redirect(url_for("discussion_setup.show_discussions", slug=slug, _anchor=anchor), 303)

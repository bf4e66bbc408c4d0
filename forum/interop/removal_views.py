"""Deleting a discussion in which nobody has written, from the organisers' list."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from forum.db import commit, undo
from forum.discussions.setup_views import list_page, load_to_organise
from forum.errors import Refused
from forum.interop import removal

blueprint = Blueprint("removal", __name__)


@blueprint.post("/discussions/<int:discussion_id>/delete")
@login_required
def delete_discussion(discussion_id: int) -> tuple[str, int] | Response:
    discussion = load_to_organise(discussion_id)
    training_class, title = discussion.training_class, discussion.title
    try:
        removal.delete_discussion(discussion)
    except Refused as refused:
        undo()
        return list_page(training_class, about=discussion_id, reason=refused.reason), 422
    slug = training_class.slug
    commit()
    flash(_("“%(title)s” is deleted.", title=title))
    return redirect(url_for("discussion_setup.show_discussions", slug=slug), 303)

"""The files of posts: added while a text is being written, shown with its post, removed from it."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.attachments.models import Attachment
from forum.attachments.queries import file_of_post, waiting_files
from forum.attachments.views import file_answer, receive_files, ticked_files
from forum.db import commit, undo
from forum.discussions import operations, post_pages, queries
from forum.discussions.views import load_post
from forum.errors import Refused
from forum.web import found, onward, require, require_sender, takes_file

blueprint = Blueprint("files", __name__, url_prefix="/discussions")

Answer = str | tuple[str, int] | tuple[dict[str, str], int] | Response


@blueprint.get("/<int:discussion_id>/files")
@login_required
def show_waiting(discussion_id: int) -> Answer:
    """Those of `?file-N&file-M` that wait for their post, as the composer lists them."""
    _require_writer(discussion_id)
    return _listed(discussion_id, waiting_files(current_user.id, ticked_files(request.args)))


@blueprint.post("/<int:discussion_id>/files")
@login_required
@takes_file("upload_post_mb")
def add_files(discussion_id: int) -> Answer:
    """For the page's script, as soon as they are chosen; without script they come with the text."""
    _require_writer(discussion_id)
    require_sender()
    received = receive_files()
    if received.refused or not received.kept:
        return {"refused": received.refused or _("Please choose a file first.")}, 422
    return _listed(discussion_id, waiting_files(current_user.id, received.kept)), 201


@blueprint.get("/<int:discussion_id>/files/<int:file_id>")
@login_required
def show_waiting_file(discussion_id: int, file_id: int) -> Response:
    """One's own, until it has a post."""
    _require_writer(discussion_id)
    return file_answer(found(next(iter(waiting_files(current_user.id, [file_id])), None)))


@blueprint.get("/<int:discussion_id>/posts/<int:number>/files/<int:file_id>")
@login_required
def show_file(discussion_id: int, number: int, file_id: int) -> Response:
    """For whoever may read the post, at this moment; of a hidden one, for whoever still sees its text."""
    post = load_post(discussion_id, number)
    found(post if post.is_visible or policy.can_see_why(current_user, post) else None)
    return file_answer(found(file_of_post(post.id, file_id)))


@blueprint.post("/<int:discussion_id>/posts/<int:number>/files/<int:file_id>/remove")
@login_required
def remove_file(discussion_id: int, number: int, file_id: int) -> Answer:
    post = load_post(discussion_id, number)
    require(policy.can_remove_file, post)
    file = found(file_of_post(post.id, file_id))
    name = file.name
    try:
        operations.remove_file(current_user, post, file)
    except Refused as refused:
        undo()
        return post_pages.refused_post_page(load_post(discussion_id, number), refused.reason, None), 422
    commit()
    flash(_("“%(name)s” is removed.", name=name))
    return onward(url_for("discussions.show_post", discussion_id=discussion_id, number=number))


def _require_writer(discussion_id: int) -> None:
    require(policy.can_post, found(queries.get_discussion(current_user, discussion_id)))


def _listed(discussion_id: int, files: list[Attachment]) -> str:
    return render_template("attachments/_chosen.html", chosen=files, discussion_id=discussion_id)

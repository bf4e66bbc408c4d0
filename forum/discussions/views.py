"""The discussion page, the page of one post, and one small view per verb."""

from datetime import tzinfo
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum import policy
from forum.attachments.queries import waiting_files
from forum.attachments.views import Received, receive_files
from forum.db import commit, expect_reading, undo
from forum.discussions import operations, pages, post_pages, queries, read_marks
from forum.discussions.forms import EditForm, PostForm, ReasonForm, new_token, require_valid
from forum.discussions.models import Post
from forum.discussions.rendering import render_typed
from forum.discussions.standing_queries import reader_of, writer_of
from forum.errors import Refused
from forum.web import (
    found,
    greet,
    is_fetch,
    number_argument,
    onward,
    page_argument,
    reads_only,
    require,
    require_sender,
    takes_file,
    takes_text,
)

blueprint = Blueprint("discussions", __name__, url_prefix="/discussions")

_DONE = {
    "edit_post": _l("Your text is changed."),
    "delete_post": _l("The post is deleted."),
    "hide_post": _l("The post is hidden. Its author sees your reason."),
    "restore_post": _l("The post is back in its place."),
    "feature_post": _l("The post is featured."),
    "unfeature_post": _l("The post is no longer featured."),
}

Answer = str | tuple[str | dict[str, Any], int] | Response


@blueprint.before_request
def meet_reader() -> Response | None:
    """Who reads, or posts, and what, in one statement. Of a page that is kept, asking the database is the most: there
    it is asked for as little as the page depends on."""
    discussion_id, session_id = (request.view_args or {}).get("discussion_id"), session.get("_user_id")
    if not discussion_id or not session_id:
        return None
    if request.endpoint == "discussions.show_discussion" and (page := pages.kept_page(session_id, discussion_id)):
        return page
    if request.method == "GET":
        greet(reader_of(session_id, discussion_id))
    elif request.endpoint == "discussions.publish_post":
        greet(writer_of(session_id, discussion_id))
    return None


@blueprint.get("/<int:discussion_id>")
@login_required
def show_discussion(discussion_id: int) -> Answer:
    return pages.discussion_page(found(queries.get_discussion(current_user, discussion_id)))


@blueprint.get("/<int:discussion_id>/posts/<int:number>")
@login_required
def show_post(discussion_id: int, number: int) -> Answer:
    return post_pages.post_page(load_post(discussion_id, number))


@blueprint.get("/<int:discussion_id>/posts")
@login_required
def posts_since(discussion_id: int) -> Answer:
    """What is new or changed since revision `?since=R`, as the page's own articles."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_read_posts, discussion)
    return pages.posts_since(discussion, page_argument("since") or 0)


@blueprint.post("/<int:discussion_id>/read")
@login_required
def mark_read(discussion_id: int) -> Answer:
    """Up to the number in the form, the reader has seen the discussion: told as the page is left, or by a button."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_read_posts, discussion)
    if number := number_argument(request.form, "number"):
        read_marks.mark_read(current_user, discussion, number)
        commit()
    if request.headers.get("Sec-Fetch-Mode") == "navigate" or "from_page" in request.form:
        return redirect(url_for(".show_discussion", discussion_id=discussion_id), 303)
    return Response(status=204)


@blueprint.post("/<int:discussion_id>/posts")
@login_required
@takes_text(_l("Your text will be posted in the discussion."), _l("Post it now"))
@takes_file("upload_post_mb")
def publish_post(discussion_id: int) -> Answer:
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    form = PostForm()
    require_sender()
    files = receive_files()
    try:
        _require_taken(form, files)
        post = operations.publish_post(
            current_user,
            discussion,
            form.body.data or "",
            form.parent_number,
            form.token.data or new_token(),
            number_argument(request.form, "draft") or 0,
            files.all,
        )
    except Refused as refused:
        return _refused_fragment(refused) if is_fetch() else _refused_page(discussion_id, form, refused, files)
    number, revision, zone = post.number, post.revision, discussion.training_class.zone
    said = _("Your comment is posted.") if post.is_comment else _("Your text is posted.")
    commit()
    if is_fetch():
        return _post_fragment(discussion_id, number, zone, {"X-Revision": str(revision)})
    return onward(_in_discussion(discussion_id, number), said)


@blueprint.post("/<int:discussion_id>/preview")
@login_required
@reads_only
@takes_text(_l("You will see how your text is going to look."), _l("Preview"))
@takes_file("upload_post_mb")
def preview_post(discussion_id: int) -> Answer:
    """The text as it will look: alone for the page's script, else above the composer that still holds it."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    form = PostForm()
    files = receive_files()
    try:
        _require_taken(form, files)
        html = Markup(render_typed(form.body.data or ""))  # noqa: S704 - sanitised there
    except Refused as refused:
        return _refused_page(discussion_id, form, refused, files)
    if request.headers.get("X-Fragment") == "preview":
        return render_template("discussions/_preview.html", html=html)
    words = {"form": form, "role": pages.role(discussion), "chosen": waiting_files(current_user.id, files.all)}
    return render_template("discussions/preview.html", discussion=discussion, html=html, **words)


@blueprint.post("/<int:discussion_id>/posts/<int:number>/edit")
@login_required
@takes_text(_l("Your text will replace that of your post."), _l("Save the text"))
def edit_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_edit, operations.edit_post, EditForm())


@blueprint.post("/<int:discussion_id>/posts/<int:number>/delete")
@login_required
def delete_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_delete, operations.delete_post)


@blueprint.post("/<int:discussion_id>/posts/<int:number>/hide")
@login_required
def hide_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_hide, operations.hide_post, ReasonForm())


@blueprint.post("/<int:discussion_id>/posts/<int:number>/restore")
@login_required
def restore_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_restore, operations.restore_post)


@blueprint.post("/<int:discussion_id>/posts/<int:number>/feature")
@login_required
def feature_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_feature, operations.feature_post)


@blueprint.post("/<int:discussion_id>/posts/<int:number>/unfeature")
@login_required
def unfeature_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_unfeature, operations.unfeature_post)


@blueprint.post("/<int:discussion_id>/posts/<int:number>/like")
@login_required
def like_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_like, operations.like_post)


@blueprint.post("/<int:discussion_id>/posts/<int:number>/unlike")
@login_required
def unlike_post(discussion_id: int, number: int) -> Answer:
    return _change(discussion_id, number, policy.can_like, operations.unlike_post)


def load_post(discussion_id: int, number: int) -> Post:
    """A post that the person may see: under *post first* one's own only, until one has posted; a deleted one not."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    post = found(queries.get_post(discussion, number))
    readable = post.author_id == current_user.id or policy.can_read_posts(current_user, discussion)
    return found(post if readable and post.deleted_at is None else None)


def _change(
    discussion_id: int, number: int, rule: Any, operation: Any, form: EditForm | ReasonForm | None = None
) -> Answer:
    """The straight line of every change to one post: load, require, operate, commit, answer."""
    post = load_post(discussion_id, number)
    require(rule, post)
    try:
        if form is None:
            operation(current_user, post)
        else:
            require_valid(form)
            operation(current_user, post, form.text)
    except Refused as refused:
        undo()
        return post_pages.refused_post_page(load_post(discussion_id, number), refused.reason, form), 422
    gone, zone = post.deleted_at is not None, post.discussion.training_class.zone
    commit()
    if is_fetch():
        return post_pages.post_fragment(discussion_id, number, zone)
    if done := _DONE.get(operation.__name__):
        flash(str(done))
    if gone:
        return redirect(url_for(".show_discussion", discussion_id=discussion_id), 303)
    return onward(url_for(".show_post", discussion_id=discussion_id, number=number))


def _post_fragment(discussion_id: int, number: int, zone: tzinfo, headers: dict[str, str]) -> Answer:
    expect_reading(True)
    html = post_pages.post_fragment(discussion_id, number, zone)
    return Response(html, 201, {"X-Post-Number": str(number), **headers}, mimetype="text/html")


def _refused_fragment(refused: Refused) -> Answer:
    undo()
    return {"refused": refused.reason, "can_answer": not isinstance(refused, operations.CannotAnswer)}, 422


def _require_taken(form: PostForm, files: Received) -> None:
    require_valid(form)
    if files.refused:
        raise Refused(files.refused)


def _refused_page(discussion_id: int, form: PostForm, refused: Refused, files: Received) -> Answer:
    """The page again with the text and the files in its composer, and a new token: the next try is a new post. Where
    only the post that was to be answered stands in the way, it is let go."""
    undo()
    # Who posted was met without what a page shows of them.
    greet(reader_of(session["_user_id"], discussion_id))
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    form.token.data, reason = new_token(), refused.reason
    if isinstance(refused, operations.CannotAnswer):
        form.parent.data = ""
        reason = _("%(reason)s It can be posted as a reflection of its own.", reason=reason)
    return pages.refused_page(discussion, form, reason, waiting_files(current_user.id, files.all)), 422


def _in_discussion(discussion_id: int, number: int) -> str:
    return url_for(".show_discussion", discussion_id=discussion_id, show=number, _anchor=f"post-{number}")

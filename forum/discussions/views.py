"""The discussion page, the page of one post, and one small view per verb."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum import clock, policy
from forum.classes.queries import get_enrolment
from forum.db import commit, undo
from forum.discussions import figures, operations, queries
from forum.discussions.forms import EditForm, PostForm, ReasonForm, new_token, require_valid
from forum.discussions.models import Discussion, Post, State
from forum.discussions.rows import PostRow
from forum.errors import Refused
from forum.fragments import blank, fragments
from forum.web import found, page_argument, reads_only, require, takes_text

blueprint = Blueprint("discussions", __name__, url_prefix="/discussions")

_DONE = {
    "edit_post": _l("Your text is changed."),
    "delete_post": _l("The post is deleted."),
    "hide_post": _l("The post is hidden. Its author sees your reason."),
    "restore_post": _l("The post is back in its place."),
    "feature_post": _l("The post is featured."),
    "unfeature_post": _l("The post is no longer featured."),
}

Answer = str | tuple[str, int] | Response


@blueprint.get("/<int:discussion_id>")
@login_required
def show_discussion(discussion_id: int) -> Answer:
    return _kept_page(found(queries.get_discussion(current_user, discussion_id)))


@blueprint.get("/<int:discussion_id>/posts/<int:number>")
@login_required
def show_post(discussion_id: int, number: int) -> Answer:
    return _post_page(_load_post(discussion_id, number))


@blueprint.get("/<int:discussion_id>/posts")
@login_required
def posts_since(discussion_id: int) -> Answer:
    """What is new or changed since revision `?since=R`, as the page's own articles."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_read_posts, discussion)
    rows = queries.posts_since(discussion.id, page_argument("since") or 0)
    return render_template(
        "discussions/_posts_since.html", posts=rows, discussion=discussion, zone=discussion.training_class.zone
    )


@blueprint.post("/<int:discussion_id>/posts")
@login_required
@takes_text(_l("Your text will be posted in the discussion."), _l("Post it now"))
def publish_post(discussion_id: int) -> Answer:
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    form = PostForm()
    try:
        require_valid(form)
        post = operations.publish_post(
            current_user, discussion, form.body.data or "", form.parent_number, form.token.data or new_token()
        )
    except Refused as refused:
        return _refused_page(discussion_id, form, refused)
    number = post.number
    commit()
    return redirect(_in_discussion(discussion_id, number), 303)


@blueprint.post("/<int:discussion_id>/preview")
@login_required
@reads_only
@takes_text(_l("You will see how your text is going to look."), _l("Preview"))
def preview_post(discussion_id: int) -> Answer:
    """The text as it will look: alone for the page's script, else above the composer that still holds it."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    form = PostForm()
    try:
        require_valid(form)
        html = Markup(operations.render_typed(form.body.data or ""))  # noqa: S704 - sanitised there
    except Refused as refused:
        return _refused_page(discussion_id, form, refused)
    if request.headers.get("X-Fragment") == "preview":
        return render_template("discussions/_preview.html", html=html)
    return render_template(
        "discussions/preview.html", discussion=discussion, html=html, form=form, role=_role(discussion)
    )


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


def _load_post(discussion_id: int, number: int) -> Post:
    """A post that the person may see: under *post first* one's own only, until one has posted; a deleted one not."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    post = found(queries.get_post(discussion, number))
    readable = post.author_id == current_user.id or policy.can_read_posts(current_user, discussion)
    return found(post if readable and post.deleted_at is None else None)


def _change(
    discussion_id: int, number: int, rule: Any, operation: Any, form: EditForm | ReasonForm | None = None
) -> Answer:
    """The straight line of every change to one post: load, require, operate, commit, answer."""
    post = _load_post(discussion_id, number)
    require(rule, post)
    try:
        if form is None:
            operation(current_user, post)
        else:
            require_valid(form)
            operation(current_user, post, form.text)
    except Refused as refused:
        undo()
        return _post_page(_load_post(discussion_id, number), refused.reason, form), 422
    gone = post.deleted_at is not None
    commit()
    flash(str(_DONE[operation.__name__]))
    if gone:
        return redirect(url_for(".show_discussion", discussion_id=discussion_id), 303)
    return redirect(url_for(".show_post", discussion_id=discussion_id, number=number), 303)


def _kept_page(discussion: Discussion) -> Answer:
    """The page as everybody gets it who may do the same, with the person's own filled in."""
    if "_flashes" in session:
        return _discussion_page(discussion)
    may = [
        policy.can_read_posts(current_user, discussion),
        policy.can_post(current_user, discussion),
        policy.can_see_figures(current_user, discussion.training_class),
    ]
    key = ("page", request.full_path, *_dated(discussion), *may, _role(discussion), discussion.state_at(clock.now()))

    def render() -> str:
        own = {name: blank(name) for name in ("account", "viewer_id")}
        return _discussion_page(discussion, _new_form(token=blank("token")), **own)

    who = ("account", current_user.id, current_user.name, current_user.position)
    account = fragments().page(who, lambda: render_template("layouts/_account.html"), {})
    own = {b"account": account, b"viewer_id": b"%d" % current_user.id, b"token": new_token().encode()}
    return Response(fragments().page(key, render, own), mimetype="text/html")


def _dated(discussion: Discussion) -> tuple[int, int, int]:
    return discussion.id, discussion.revision, discussion.training_class.roster_revision


def _discussion_page(
    discussion: Discussion, form: PostForm | None = None, refusal: str | None = None, **own: str
) -> str:
    """The page around the list of posts and the figures, which are the same for everybody at one revision."""
    may_read = policy.can_read_posts(current_user, discussion)
    may_post = policy.can_post(current_user, discussion)
    dated = _dated(discussion)
    page_of = (page_argument("after"), page_argument("before"), page_argument("show"))
    threads: Markup | None = None
    if may_read:
        threads = fragments().get(("threads", *dated, *page_of), lambda: _render_threads(discussion, *page_of))
    rail = fragments().get(("rail", *dated), lambda: _render_rail(discussion))
    return render_template(
        "discussions/discussion.html",
        discussion=discussion,
        now=clock.now(),
        threads=threads,
        rail=rail,
        may_read=may_read,
        form=(form or _new_form()) if may_post else None,
        refusal=refusal,
        reply_to=_answered(discussion, form) if may_read else None,
        role=_role(discussion),
        **own,
    )


def _answered(discussion: Discussion, form: PostForm | None) -> PostRow | None:
    number = form.parent_number if form else None
    return queries.post_row(discussion.id, number) if number else None


def _render_threads(discussion: Discussion, after: int | None, before: int | None, show: int | None) -> str:
    return render_template(
        "discussions/_threads.html",
        page=queries.page_of_threads(discussion.id, after, before, show),
        discussion_id=discussion.id,
        zone=discussion.training_class.zone,
    )


def _render_rail(discussion: Discussion) -> str:
    return render_template("discussions/_rail.html", figures=figures.discussion_summary(discussion))


def _post_page(post: Post, refusal: str | None = None, refused: EditForm | ReasonForm | None = None) -> str:
    """With the form that was refused, as it was filled in."""
    discussion = post.discussion
    row = found(queries.post_row(discussion.id, post.number))
    may_reply = policy.can_reply(current_user, post)
    verbs = ("edit", "delete", "hide", "restore", "feature", "unfeature")
    may = {verb: getattr(policy, f"can_{verb}")(current_user, post) for verb in verbs}
    if discussion.state_at(clock.now()) is not State.OPEN:
        may |= {"edit": False, "delete": False}
    typed = refused.text if isinstance(refused, EditForm) else ""
    may["edit"] = may["edit"] or bool(typed)
    replies = None
    if post.is_reflection and policy.can_read_posts(current_user, discussion):
        replies = queries.page_of_replies(discussion.id, post.id, page_argument("after") or 0)
    return render_template(
        "discussions/post.html",
        discussion=discussion,
        now=clock.now(),
        post=row,
        replies=replies,
        form=_new_form(post.number) if may_reply else None,
        refusal=refusal,
        role=_role(discussion),
        typed_reason=refused.text if isinstance(refused, ReasonForm) else "",
        own_reason=post.hidden_reason if policy.can_see_why(current_user, post) else None,
        own_html=post.html if not post.is_visible and policy.can_see_why(current_user, post) else None,
        source=(typed or post.body) if may["edit"] else None,
        may=may,
    )


def _refused_page(discussion_id: int, form: PostForm, refused: Refused) -> Answer:
    """The page again with the text in its composer, and a new token: the next try is a new post. Where only the post
    that was to be answered stands in the way, it is let go."""
    undo()
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    form.token.data, reason = new_token(), refused.reason
    if isinstance(refused, operations.CannotAnswer):
        form.parent.data = ""
        reason = _("%(reason)s It can be posted as a reflection of its own.", reason=reason)
    return _discussion_page(discussion, form, reason), 422


def _new_form(parent: int | None = None, token: str | None = None) -> PostForm:
    return PostForm(formdata=None, parent=str(parent) if parent else "", token=token or new_token())


def _role(discussion: Discussion) -> str | None:
    enrolment = get_enrolment(current_user, discussion.class_id)
    return enrolment.role.value if enrolment and enrolment.is_active else None


def _in_discussion(discussion_id: int, number: int) -> str:
    return url_for(".show_discussion", discussion_id=discussion_id, show=number, _anchor=f"post-{number}")

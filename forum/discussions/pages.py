"""What a discussion shows: its page, kept for everybody who may do the same there, and the page of one post."""

from flask import Response, render_template, request, session
from flask_login import current_user
from markupsafe import Markup

from forum import clock, policy
from forum.classes.queries import get_enrolment
from forum.discussions import figures, threads
from forum.discussions.forms import EditForm, PostForm, ReasonForm, new_token
from forum.discussions.models import Discussion, Post, State
from forum.discussions.rows import PostRow
from forum.fragments import blank, fragments
from forum.web import found, page_argument


def kept_page(discussion: Discussion) -> str | Response:
    """The page as everybody gets it who may do the same, with the person's own filled in."""
    if "_flashes" in session:
        return discussion_page(discussion)
    may = [
        policy.can_read_posts(current_user, discussion),
        policy.can_post(current_user, discussion),
        policy.can_see_figures(current_user, discussion.training_class),
    ]
    key = ("page", request.full_path, *_dated(discussion), *may, role(discussion), discussion.state_at(clock.now()))

    def render() -> str:
        own = {name: blank(name) for name in ("account", "viewer_id")}
        return discussion_page(discussion, new_form(token=blank("token")), **own)

    who = ("account", current_user.id, current_user.name, current_user.position)
    account = fragments().page(who, lambda: render_template("layouts/_account.html"), {})
    own = {b"account": account, b"viewer_id": b"%d" % current_user.id, b"token": new_token().encode()}
    return Response(fragments().page(key, render, own), mimetype="text/html")


def _dated(discussion: Discussion) -> tuple[int, int, int]:
    return discussion.id, discussion.revision, discussion.training_class.roster_revision


def discussion_page(
    discussion: Discussion, form: PostForm | None = None, refusal: str | None = None, **own: str
) -> str:
    """The page around the list of posts and the figures, which are the same for everybody at one revision."""
    may_read = policy.can_read_posts(current_user, discussion)
    may_post = policy.can_post(current_user, discussion)
    dated = _dated(discussion)
    page_of = (page_argument("after"), page_argument("before"), page_argument("show"))
    listed: Markup | None = None
    if may_read:
        listed = fragments().get(("threads", *dated, *page_of), lambda: _render_threads(discussion, *page_of))
    rail = fragments().get(("rail", *dated), lambda: _render_rail(discussion))
    return render_template(
        "discussions/discussion.html",
        discussion=discussion,
        now=clock.now(),
        threads=listed,
        rail=rail,
        may_read=may_read,
        form=(form or new_form()) if may_post else None,
        refusal=refusal,
        reply_to=_answered(discussion, form) if may_read else None,
        role=role(discussion),
        **own,
    )


def _answered(discussion: Discussion, form: PostForm | None) -> PostRow | None:
    number = form.parent_number if form else None
    return threads.post_row(discussion.id, number) if number else None


def _render_threads(discussion: Discussion, after: int | None, before: int | None, show: int | None) -> str:
    return render_template(
        "discussions/_threads.html",
        page=threads.page_of_threads(discussion.id, after, before, show),
        discussion_id=discussion.id,
        zone=discussion.training_class.zone,
    )


def _render_rail(discussion: Discussion) -> str:
    return render_template("discussions/_rail.html", figures=figures.discussion_summary(discussion))


def post_page(post: Post, refusal: str | None = None, refused: EditForm | ReasonForm | None = None) -> str:
    """With the form that was refused, as it was filled in."""
    discussion = post.discussion
    row = found(threads.post_row(discussion.id, post.number))
    may_reply = policy.can_reply(current_user, post)
    verbs = ("edit", "delete", "hide", "restore", "feature", "unfeature")
    may = {verb: getattr(policy, f"can_{verb}")(current_user, post) for verb in verbs}
    if discussion.state_at(clock.now()) is not State.OPEN:
        may |= {"edit": False, "delete": False}
    typed = refused.text if isinstance(refused, EditForm) else ""
    may["edit"] = may["edit"] or bool(typed)
    replies = None
    if post.is_reflection and policy.can_read_posts(current_user, discussion):
        replies = threads.page_of_replies(discussion.id, post.id, page_argument("after") or 0)
    return render_template(
        "discussions/post.html",
        discussion=discussion,
        now=clock.now(),
        post=row,
        replies=replies,
        form=new_form(post.number) if may_reply else None,
        refusal=refusal,
        role=role(discussion),
        typed_reason=refused.text if isinstance(refused, ReasonForm) else "",
        own_reason=post.hidden_reason if policy.can_see_why(current_user, post) else None,
        own_html=post.html if not post.is_visible and policy.can_see_why(current_user, post) else None,
        source=(typed or post.body) if may["edit"] else None,
        may=may,
    )


def new_form(parent: int | None = None, token: str | None = None) -> PostForm:
    return PostForm(formdata=None, parent=str(parent) if parent else "", token=token or new_token())


def role(discussion: Discussion) -> str | None:
    enrolment = get_enrolment(current_user, discussion.class_id)
    return enrolment.role.value if enrolment and enrolment.is_active else None

"""The page of one post: all that its reader may do with it; of a reflection, all its replies."""

from collections.abc import Mapping
from datetime import tzinfo

from flask import render_template, request, session
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum import clock, policy
from forum.attachments.queries import files_of_posts, removed_files
from forum.discussions import threads
from forum.discussions.forms import EditForm, ReasonForm
from forum.discussions.models import Post, State
from forum.discussions.pages import blanks, dated, kept, liked, new_form, role
from forum.discussions.queries import draft_versions, versions_of
from forum.fragments import blank, fragments
from forum.text import quotation
from forum.web import found, page_argument


def post_page(post: Post) -> str | Response:
    """Kept for everybody who may do the same with the post, the reply that quotes it apart."""
    quoted = quotation(post.html) if "quote" in request.args and post.is_visible else ""
    if quoted or "_flashes" in session:
        return _post_page(post, quoted=quoted)
    discussion = post.discussion
    may = (*_may(post).values(), policy.can_reply(current_user, post), policy.can_read_posts(current_user, discussion))
    state = (discussion.state_at(clock.now()), discussion.training_class.is_archived)
    key = ("post", request.full_path, *dated(discussion), post.number, *may, role(discussion), *state)
    own = {b"likes": liked(discussion).encode(), b"drafts": draft_versions(current_user, discussion).encode()}
    left = blanks() | {name: blank(name) for name in ("likes", "drafts")}
    return kept(key, lambda: _post_page(post, token=blank("token"), own=left), own)


def post_fragment(discussion_id: int, number: int, zone: tzinfo) -> str:
    """The post as every page shows it."""
    post = found(threads.post_row(discussion_id, number))
    return render_template("discussions/_post.html", post=post, discussion_id=discussion_id, zone=zone)


def refused_post_page(post: Post, refusal: str, form: EditForm | ReasonForm | None) -> str:
    """With the form that was refused, as it was filled in."""
    return _post_page(post, refusal, form)


def _post_page(
    post: Post,
    refusal: str | None = None,
    refused: EditForm | ReasonForm | None = None,
    *,
    quoted: str = "",
    token: str | None = None,
    own: Mapping[str, str] | None = None,
) -> str:
    discussion = post.discussion
    may = _may(post)
    typed = refused.text if isinstance(refused, EditForm) else ""
    may["edit"] = may["edit"] or bool(typed)
    may_read = policy.can_read_posts(current_user, discussion)
    replies = _replies(post) if post.is_reflection and may_read else None
    return render_template(
        "discussions/post.html",
        discussion=discussion,
        now=clock.now(),
        post=found(threads.post_row(discussion.id, post.number)),
        replies=replies,
        may_read=may_read,
        form=new_form(post.number, token, quoted) if policy.can_reply(current_user, post) else None,
        refusal=refusal,
        role=role(discussion),
        typed_reason=refused.text if isinstance(refused, ReasonForm) else "",
        own_reason=post.hidden_reason if may["see_why"] else None,
        own_html=post.html if not post.is_visible and may["see_why"] else None,
        own_files=files_of_posts([post.id]).get(post.id) if not post.is_visible and may["see_why"] else None,
        removed_files=removed_files(post.id) if may["see_history"] else [],
        source=(typed or post.body) if may["edit"] else None,
        versions=versions_of(post) if may["see_history"] and post.edited_at else [],
        may=may,
        **(own or {"likes": liked(discussion)}),
    )


def _replies(reflection: Post) -> Markup:
    """The same for everybody at one revision, as the list of reflections is."""
    discussion, after = reflection.discussion, page_argument("after") or 0

    def render() -> str:
        return render_template(
            "discussions/_replies.html",
            replies=threads.page_of_replies(discussion.id, reflection.id, after),
            reflection=reflection.number,
            discussion_id=discussion.id,
            zone=discussion.training_class.zone,
        )

    return fragments().get(("replies", *dated(discussion), reflection.id, after), render)


def _may(post: Post) -> dict[str, bool]:
    """What the person may do with the post, and can do now."""
    verbs = (
        "edit",
        "delete",
        "hide",
        "restore",
        "feature",
        "unfeature",
        "like",
        "remove_file",
        "see_why",
        "see_history",
    )
    may = {verb: bool(getattr(policy, f"can_{verb}")(current_user, post)) for verb in verbs}
    likes = str(post.number) in liked(post.discussion).split()
    may |= {"like": may["like"] and not likes, "unlike": may["like"] and likes}
    if post.discussion.state_at(clock.now()) is not State.OPEN:
        may |= {"edit": False, "delete": False, "remove_file": may["remove_file"] and post.author_id != current_user.id}
    return may

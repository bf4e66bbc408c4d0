"""Changing posts. Each change holds the discussion's row first: number, revision and count rest on that."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from forum import clock
from forum.attachments import operations as attachments
from forum.attachments.models import Attachment
from forum.attachments.queries import are_those_of
from forum.audit.models import Verb
from forum.audit.operations import record
from forum.classes.models import Role
from forum.classes.queries import get_enrolment
from forum.db import after_commit, db
from forum.discussions import broadcasts, notices, queries
from forum.discussions.counting import recount, recount_files, recount_likes
from forum.discussions.drafts import drop_draft
from forum.discussions.indexing import index_anew, index_post, unindex_post
from forum.discussions.models import LONGEST_BODY, BodyFormat, Discussion, Like, Post, PostVersion, State
from forum.discussions.rendering import render_typed
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.broadcasts import access_changed
from forum.members.models import Member
from forum.text import clean_source, count_characters, is_blank

LONGEST_REASON = 500


class CannotAnswer(Refused):
    """Only the post that was to be answered stands in the way: the text can still be posted by itself."""


class TokenSpent(Refused):
    """The once-only token came before, with another text or for a post that is deleted since."""


def publish_post(
    author: Member,
    discussion: Discussion,
    body: str,
    parent_number: int | None,
    token: str | None,
    draft: int = 0,
    files: Collection[int] = (),
) -> Post:
    """A reflection, or a reply to the post with `parent_number`, in the author's role now. Sent again with the same
    token, the same text gives the first post. The text's own draft goes, that of version `draft` at the latest; with
    the post go the `files` of these numbers, which its author has uploaded."""
    held = queries.lock_discussion(discussion.id)
    body = clean_source(body)
    first, answered = queries.posts_beside(author, token, held, parent_number)
    if first:
        if first.deleted_at is not None:
            raise TokenSpent(_("You had posted this and deleted it since. Send it once more to post it again."))
        parent = first.parent.number if first.parent else None
        same = (first.discussion_id, parent, first.body) == (held.id, parent_number, body)
        if same and are_those_of(first.id, files):
            return first
        raise TokenSpent(_("This form has been sent already, with another text. Your text is still here."))
    enrolment = get_enrolment(author, held.class_id)
    if enrolment is None or not enrolment.is_active or enrolment.role is Role.OBSERVER:
        raise Refused(_("Your role in this class does not include posting."))
    now = clock.now()
    _require_open(held, now)
    _require_text(body)
    if parent_number is not None:
        _require_answerable(author, held, answered, enrolment.role)
    post = Post(
        class_id=held.class_id,
        author_id=author.id,
        role=enrolment.role,
        token=token,
        created_at=now,
        late=held.is_late_at(now),
        root_id=(answered.root_id or answered.id) if answered else None,
        parent_id=answered.id if answered else None,
        depth=answered.depth + 1 if answered else 0,
        discussion_id=held.id,
    )
    _write(post, body)
    _add(held, post)
    _recount(held, post)
    after_commit(broadcasts.post_published, held.class_id, held.id, post.number, held.training_class.zone)
    if files:
        post.file_count = attachments.take_files(author.id, files, post.id)
    if answered:
        notices.post_answered(answered, post)
    index_post(post)
    drop_draft(author.id, held.id, parent_number or 0, draft, body)
    return post


def edit_post(editor: Member, post: Post, body: str) -> None:
    """The author's text anew; it stays a post of when it was written, and the text before is kept for the staff."""
    held, body = _hold(post), clean_source(body)
    _require_open(held, clock.now())
    _require_standing(post)
    _require_text(body)
    now = clock.now()
    db.session.add(
        PostVersion(
            post_id=post.id,
            body=post.body,
            html=post.html,
            written_at=post.edited_at or post.created_at,
            replaced_at=now,
        )
    )
    _write(post, body)
    post.edited_at = now
    _settle(held, post)
    index_anew(post)


def delete_post(member: Member, post: Post) -> None:
    """Only while nobody has answered it."""
    held = _hold(post)
    _require_open(held, clock.now())
    _require_standing(post)
    if queries.is_answered(post):
        raise Refused(_("Somebody has answered this post, so it stays. You can still edit it."))
    post.deleted_at, post.deleted_by_id = clock.now(), member.id
    _settle(held, post)
    unindex_post(post.id)


def hide_post(member: Member, post: Post, reason: str) -> None:
    """The author sees the reason. Visible replies to it stay and count."""
    held = _hold(post)
    _require_standing(post)
    if is_blank(reason):
        raise Refused(_("Please say why: the author will read it."))
    post.hidden_at, post.hidden_by_id, post.hidden_reason = clock.now(), member.id, reason.strip()
    _settle(held, post)
    record(Verb.POST_HIDDEN, post.author_id, post.class_id, discussion=held.id, number=post.number)
    unindex_post(post.id)


def restore_post(member: Member, post: Post) -> None:
    held = _hold(post)
    if post.hidden_at is None:
        raise Refused(_("Somebody has restored this post meanwhile."))
    post.hidden_at = post.hidden_by_id = post.hidden_reason = None
    _settle(held, post)
    record(Verb.POST_RESTORED, post.author_id, post.class_id, discussion=held.id, number=post.number)
    index_anew(post)


def feature_post(member: Member, post: Post) -> None:
    held = _hold(post)
    _require_standing(post)
    post.featured_at, post.featured_by_id = clock.now(), member.id
    _settle(held, post)
    notices.post_featured(post)


def unfeature_post(member: Member, post: Post) -> None:
    held = _hold(post)
    post.featured_at = post.featured_by_id = None
    _settle(held, post)


def remove_file(member: Member, post: Post, file: Attachment) -> None:
    """Its author as long as the text can be changed, the staff at any time."""
    held = _hold(post)
    if post.author_id == member.id:
        _require_open(held, clock.now())
    _require_standing(post)
    attachments.remove_file(member, file)
    if post.author_id != member.id:
        where = {"discussion": held.id, "number": post.number}
        record(Verb.FILE_REMOVED, post.author_id, post.class_id, **where, file=file.id)
    recount_files(post)
    _stamp(held, post)


def like_post(member: Member, post: Post) -> None:
    """Once, however often it is asked for."""
    held = _hold_to_like(post)
    if db.session.get(Like, (post.id, member.id)) is None:
        db.session.add(Like(post_id=post.id, member_id=member.id, created_at=clock.now()))
        _settle_likes(held, post)


def unlike_post(member: Member, post: Post) -> None:
    held = _hold_to_like(post)
    if like := db.session.get(Like, (post.id, member.id)):
        db.session.delete(like)
        _settle_likes(held, post)


def _hold(post: Post) -> Discussion:
    """Its discussion, held, and the post as others have left it: what was read before may be old by now."""
    held = queries.lock_discussion(post.discussion_id)
    db.session.refresh(post)
    return held


def _hold_to_like(post: Post) -> Discussion:
    held = _hold(post)
    if held.training_class.is_archived:
        raise Refused(_("This class is archived meanwhile, so nothing changes there any more."))
    _require_standing(post)
    return held


def _settle_likes(discussion: Discussion, post: Post) -> None:
    recount_likes(post)
    _stamp(discussion, post)


def _require_open(discussion: Discussion, now: datetime) -> None:
    if discussion.training_class.is_archived:
        raise Refused(_("This class is archived, so nothing more can be posted. Your text is still here."))
    state = discussion.state_at(now)
    if state is State.UPCOMING:
        raise Refused(_("This discussion has not opened yet. Your text is still here."))
    if state is State.CLOSED:
        raise Refused(_("This discussion has closed, so your text was not posted. It is still here."))


def _require_standing(post: Post) -> None:
    if not post.is_visible:
        raise Refused(_("Somebody has hidden or deleted this post meanwhile."))


def _require_text(body: str) -> None:
    if is_blank(body):
        raise Refused(_("Please write something first."))
    if len(body) > LONGEST_BODY:
        raise Refused(_("This text is longer than a post can be. Please send it in parts."))


def _require_answerable(author: Member, discussion: Discussion, answered: Post | None, role: Role) -> None:
    if answered is None or not answered.is_visible:
        raise CannotAnswer(_("The post you are answering is no longer there. Your text is still here."))
    if discussion.post_first and role is Role.TRAINEE and not queries.has_spoken(author, discussion):
        raise CannotAnswer(_("Please post your own reflection first; then you can answer others."))


def _add(held: Discussion, post: Post) -> None:
    """Its next post. As a flush would, in a third of the time: a live discussion peaks in its last minutes."""
    post.number, post.revision = held.last_number + 1, held.revision + 1
    place = {"last_number": post.number, "revision": post.revision}
    db.session.execute(_placing(), {"held": held.id, **place})
    row = {name: value for name, value in vars(post).items() if name in Post.__table__.c}
    post.id = db.session.scalars(_adding(), row).one()
    make_transient_to_detached(post)
    db.session.add(post)
    for name, value in place.items():
        set_committed_value(held, name, value)


@cache
def _placing() -> Any:
    table: Any = Discussion.__table__
    return sa.update(table).where(table.c.id == sa.bindparam("held"))


@cache
def _adding() -> Any:
    table: Any = Post.__table__
    return sa.insert(table).returning(table.c.id)


def _write(post: Post, body: str) -> None:
    post.body = body
    post.html = render_typed(body, post.format or BodyFormat.MARKDOWN)
    post.characters = count_characters(post.html)


def _settle(discussion: Discussion, post: Post) -> None:
    """Stamp the change and recount its author."""
    _stamp(discussion, post)
    _recount(discussion, post)


def _recount(discussion: Discussion, post: Post) -> None:
    if post.role is Role.TRAINEE:
        recount(post.author_id, discussion.id)
    if discussion.post_first:
        # Who has spoken reads the others; who no longer has a post that stands does not.
        after_commit(access_changed, post.author_id)


def _stamp(discussion: Discussion, post: Post) -> None:
    """The change is the discussion's next revision, and who listens is told."""
    discussion.revision += 1
    post.revision = discussion.revision
    db.session.flush()
    zone = discussion.training_class.zone
    after_commit(broadcasts.post_changed, discussion.class_id, discussion.id, post.number, zone)

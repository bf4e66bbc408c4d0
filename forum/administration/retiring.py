"""Retiring a person: the name is gone everywhere, and with it all that leads to them; what they wrote stays, or is
erased too. No figure moves: posts keep their place, their role, their time and their count of characters."""

from collections.abc import Sequence

import sqlalchemy as sa

from forum import clock
from forum.administration import queries
from forum.api.models import ApiToken
from forum.attachments.operations import erase_files_of
from forum.attendance.models import Speech
from forum.audit.models import Verb
from forum.audit.operations import record
from forum.classes.revisions import touch_rosters_of
from forum.db import after_commit, db
from forum.discussions.broadcasts import discussion_changed
from forum.discussions.indexing import Written, erase_entries, index_posts
from forum.discussions.models import DeskMark, Discussion, Draft, Post, PostVersion, ReadMark
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member, PasswordLink, RecoveryCode, SecondStep
from forum.members.operations import sign_out_everywhere
from forum.members.queries import lock_members
from forum.notifications.models import MutedKind, Notification, NotificationSetting

# Their own business alone: nothing of it is left.
OWN = (
    PasswordLink, SecondStep, RecoveryCode, ApiToken, Draft, ReadMark, DeskMark,
    Notification, NotificationSetting, MutedKind,
)  # fmt: skip
_AS_IT_IS = {"synchronize_session": False}
# Sorts behind every name.
_LAST = "~"


def retire_member(member: Member, erases_texts: bool) -> None:
    """Cannot be undone."""
    discussions = queries.lock_discussions_of(member)
    lock_members([member.id])
    if member.is_administrator:
        raise Refused(_("An administrator is not retired. Take the right away first."))
    if member.retired_at is not None:
        raise Refused(_("This member has been retired: there is no account any more."))
    touch_rosters_of(member)
    for model in OWN:
        db.session.execute(sa.delete(model).where(model.member_id == member.id), execution_options=_AS_IT_IS)
    if erases_texts:
        _erase_texts(member)
    _erase_name(member)
    _show_anew(member, discussions)
    record(Verb.MEMBER_RETIRED, member.id, erased_texts=erases_texts)


def _erase_name(member: Member) -> None:
    now = clock.now()
    member.name, member.sort_key, member.position = "", _LAST, ""
    member.email = member.phone = member.password_hash = member.unit_id = member.locale = None
    # Nobody waits for their first sign-in any more.
    member.first_signed_in_at = member.first_signed_in_at or now
    member.closed_at, member.retired_at = member.closed_at or now, now
    sign_out_everywhere(member)
    db.session.flush()
    db.session.refresh(member)


def _erase_texts(member: Member) -> None:
    """Of posts, whatever has become of them, their earlier texts and files, and what speeches were about."""
    standing = [Written(*text) for text in queries.standing_texts_of(member)]
    erase_entries(standing)
    own = Post.author_id == member.id
    db.session.execute(
        sa.update(Post).where(own).values(body="", html="", file_count=0, erased_at=clock.now()),
        execution_options=_AS_IT_IS,
    )
    db.session.execute(
        sa.delete(PostVersion).where(PostVersion.post_id.in_(queries.post_ids_of(member))), execution_options=_AS_IT_IS
    )
    db.session.execute(
        sa.update(Speech).where(Speech.member_id == member.id).values(topic=""), execution_options=_AS_IT_IS
    )
    erase_files_of(member.id)
    index_posts([post._replace(html="") for post in standing])


def _show_anew(member: Member, discussions: Sequence[Discussion]) -> None:
    """Their posts, and those that answer them by name, are of the discussion's next revision."""
    for discussion in discussions:
        discussion.revision += 1
        after_commit(discussion_changed, discussion.id)
    db.session.flush()
    revision = queries.revision_of_discussion()
    db.session.execute(
        sa.update(Post).where(Post.id.in_(queries.posts_naming(member))).values(revision=revision),
        execution_options=_AS_IT_IS,
    )

"""Texts under way, kept on the server: what a device has not seen, it does not overwrite."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from forum import clock
from forum.db import db, insert_into
from forum.discussions.models import LONGEST_BODY, Discussion, Draft
from forum.discussions.queries import drafts_before, get_draft
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.text import clean_source, is_blank

_AT_ONCE = 1000
# Versions begin at the seconds since then, so that a draft begun anew is newer than the one before it, too.
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class NewerDraft(Refused):
    """The server has another text, in a version that the sender has not seen."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_("Another device has another text here."))
        self.draft = draft


def keep_draft(member: Member, discussion: Discussion, parent: int, body: str, version: int) -> Draft | None:
    """The draft as it is kept now; an empty text drops it. `version` is the one that the text goes on from, 0: none."""
    body = clean_source(body)
    if len(body) > LONGEST_BODY:
        raise Refused(_("This text is longer than a post can be. Please send it in parts."))
    if not 0 <= parent <= discussion.last_number:
        raise Refused(_("The post you are answering could not be identified."))
    if is_blank(body):
        drop_draft(member.id, discussion.id, parent, version)
    else:
        _write(member.id, discussion.id, parent, body, version)
    draft = get_draft(member, discussion, parent)
    if draft is not None and draft.body != body:
        raise NewerDraft(draft)
    return draft


def drop_draft(member_id: int, discussion_id: int, parent: int, version: int, body: str | None = None) -> None:
    """Up to the version; with a `body`, also where that is its text."""
    named = {"of_member": member_id, "of_discussion": discussion_id, "of_parent": parent}
    db.session.execute(_dropping_one(), named | {"seen": version, "text": body})


@cache
def _dropping_one() -> Any:
    table: Any = Draft.__table__
    of_member = table.c.member_id == sa.bindparam("of_member")
    of_place = sa.and_(
        table.c.discussion_id == sa.bindparam("of_discussion"), table.c.parent == sa.bindparam("of_parent")
    )
    seen = sa.or_(table.c.version <= sa.bindparam("seen"), table.c.body == sa.bindparam("text"))
    return sa.delete(table).where(of_member, of_place, seen)


def drop_drafts_before(moment: datetime) -> None:
    """Those that were kept before it and not again, some at a time."""
    key = sa.tuple_(Draft.member_id, Draft.discussion_id, Draft.parent)
    gone = sa.delete(Draft).where(key.in_(drafts_before(moment, _AT_ONCE)), Draft.kept_at < moment)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _write(member_id: int, discussion_id: int, parent: int, body: str, version: int) -> None:
    """In one statement: nobody comes between looking and writing."""
    first = max(version + 1, int((clock.now() - _BEGINNING).total_seconds()))
    draft = insert_into(Draft).values(
        member_id=member_id,
        discussion_id=discussion_id,
        parent=parent,
        body=body,
        version=first,
        kept_at=clock.now(),
    )
    db.session.execute(
        draft.on_conflict_do_update(
            index_elements=[Draft.member_id, Draft.discussion_id, Draft.parent],
            set_={"body": draft.excluded.body, "version": Draft.version + 1, "kept_at": draft.excluded.kept_at},
            where=sa.and_(Draft.version == version, Draft.body != body),
        )
    )

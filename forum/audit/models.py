"""AuditEntry, and the verbs it knows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Model, UTCDateTime


class Verb(StrEnum):
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    PASSWORD_SET = "password_set"  # noqa: S105
    SECOND_STEP_BEGUN = "second_step_begun"
    SECOND_STEP_ENDED = "second_step_ended"
    LINK_ISSUED = "link_issued"
    MEMBER_ADDED = "member_added"
    MEMBER_CHANGED = "member_changed"
    MEMBER_RETIRED = "member_retired"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_REOPENED = "account_reopened"
    ADMINISTRATOR_GIVEN = "administrator_given"
    ADMINISTRATOR_TAKEN = "administrator_taken"
    ENROLLED = "enrolled"
    ENROLMENT_CHANGED = "enrolment_changed"
    WITHDRAWN = "withdrawn"
    BROUGHT_BACK = "brought_back"
    ROSTER_IMPORTED = "roster_imported"
    THREADS_IMPORTED = "threads_imported"
    CLASS_CREATED = "class_created"
    CLASS_CHANGED = "class_changed"
    CLASS_ARCHIVED = "class_archived"
    CLASS_UNARCHIVED = "class_unarchived"
    DISCUSSION_ADDED = "discussion_added"
    DISCUSSION_CHANGED = "discussion_changed"
    DISCUSSION_OPENED = "discussion_opened"
    DISCUSSION_CLOSED = "discussion_closed"
    DISCUSSION_EXTENDED = "discussion_extended"
    DISCUSSION_DELETED = "discussion_deleted"
    ANNOUNCEMENT_CHANGED = "announcement_changed"
    ANNOUNCEMENT_WITHDRAWN = "announcement_withdrawn"
    POST_HIDDEN = "post_hidden"
    POST_RESTORED = "post_restored"
    FILE_REMOVED = "file_removed"
    UNIT_CHANGED = "unit_changed"
    SETTINGS_CHANGED = "settings_changed"
    FILE_TAKEN = "file_taken"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105


class AuditEntry(Model):
    """`details` hold ids, names of fields and values of settings, never what a person wrote or is called. Nothing is
    bound to the rows it speaks of: it outlives them. `verb` is a `Verb` of this version or of an earlier one."""

    __tablename__ = "audit_entries"
    __table_args__ = tuple(sa.Index(None, column, "id") for column in ("actor_id", "member_id", "class_id", "verb"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(sa.String(40))
    member_id: Mapped[int | None]
    class_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    address: Mapped[str] = mapped_column(sa.String(64))

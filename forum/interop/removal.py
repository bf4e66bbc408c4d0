"""Taking away what nobody has written in, together with what imports remember of it."""

import sqlalchemy as sa

from forum.db import db
from forum.discussions import setup
from forum.discussions.models import Discussion
from forum.interop.models import ImportedRecord, RecordKind


def delete_discussion(discussion: Discussion) -> None:
    """The next import of the same file sets it up again, and never takes another that got its id for it."""
    setup.delete_discussion(discussion)
    db.session.execute(
        sa.delete(ImportedRecord).where(
            ImportedRecord.class_id == discussion.class_id,
            ImportedRecord.kind == RecordKind.DISCUSSION,
            ImportedRecord.local_id == discussion.id,
        )
    )

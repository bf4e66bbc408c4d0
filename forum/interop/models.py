"""ImportedRecord: which row of the database an id of an imported file became."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Model, one_of

LONGEST_KEY = 200


class RecordKind(StrEnum):
    MEMBER = "member"
    DISCUSSION = "discussion"
    POST = "post"


class ImportedRecord(Model):
    """Ids are the file's own and belong to the class; `rows` shortens those longer than the key. `digest` tells whether
    the same id comes again with another content."""

    __tablename__ = "imported_records"

    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(one_of(RecordKind), primary_key=True)
    external_id: Mapped[str] = mapped_column(sa.String(LONGEST_KEY), primary_key=True)
    local_id: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))

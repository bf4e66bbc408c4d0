"""Attachment: a picture or a document of a post or of an activity."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Model, UTCDateTime, one_of
from forum.members.models import Member

LONGEST_NAME = 200
MOST_FILES = 10
# What belongs to nothing yet waits so long for its post.
WAITS = timedelta(days=1)


class FileType(StrEnum):
    """By the ending that its name gets."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    TXT = "txt"
    CSV = "csv"


IMAGES = frozenset({FileType.JPEG, FileType.PNG, FileType.WEBP})
_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WEBP: "image/webp",
    FileType.PDF: "application/pdf",
    FileType.DOCX: _OFFICE + "wordprocessingml.document",
    FileType.XLSX: _OFFICE + "spreadsheetml.sheet",
    FileType.PPTX: _OFFICE + "presentationml.presentation",
    FileType.DOC: "application/msword",
    FileType.XLS: "application/vnd.ms-excel",
    FileType.PPT: "application/vnd.ms-powerpoint",
    FileType.TXT: "text/plain",
    FileType.CSV: "text/csv",
}


class Attachment(Model):
    """Of a post, of an activity, or of neither: a member's upload that waits for its post. `key` names it in the
    storage and is empty once it is gone from there, which it is some time after `drop_at`."""

    __tablename__ = "attachments"
    __table_args__ = (
        sa.CheckConstraint("post_id IS NULL OR activity_id IS NULL", name="one_place"),
        sa.Index(None, "member_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"))
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    type: Mapped[FileType] = mapped_column(one_of(FileType))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drop_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))

    removed_by: Mapped[Member | None] = relationship(foreign_keys=[removed_by_id])

    @property
    def is_image(self) -> bool:
        return self.type in IMAGES

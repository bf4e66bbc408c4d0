"""ClosingRecord: what a discussion counted when it closed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Model, UTCDateTime
from forum.discussions.models import Discussion
from forum.members.models import Member


class ClosingRecord(Model):
    """One for each closing time that has passed; never changed. `closed_by_id` is who closed it by hand, None where
    the time passed by itself. `counted` is what the figures were made of (`Snapshot.as_json`), `figures` by name."""

    __tablename__ = "closing_records"
    __table_args__ = (sa.UniqueConstraint("discussion_id", "closed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("classes.id", ondelete="CASCADE"), index=True)
    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("discussions.id", ondelete="CASCADE"))
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counted: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(sa.JSON)

    discussion: Mapped[Discussion] = relationship()
    closed_by: Mapped[Member | None] = relationship()

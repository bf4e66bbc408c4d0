"""ApiToken: lets a program in as its member. Only the digest of the token is kept."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Model, UTCDateTime, one_of
from forum.members.models import Member

LONGEST_NAME = 80


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"


class ApiToken(Model):
    """`session_stamp` is the member's when it was made: what signs the member out everywhere ends the token too."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scope: Mapped[Scope] = mapped_column(one_of(Scope))
    session_stamp: Mapped[str] = mapped_column(sa.String(32))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    member: Mapped[Member] = relationship()

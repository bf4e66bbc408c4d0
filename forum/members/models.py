"""Member, and the one-time link with which a password is set."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_login import UserMixin
from markupsafe import Markup, escape
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum import clock
from forum.db import Model, SortKey, UTCDateTime
from forum.i18n import gettext as _
from forum.units.models import Unit


class FormerMember(str):
    """What stands for the name of who has been retired: where it is shown, in the language of that page, since one row
    may be rendered in both; else in the language it was read in."""

    def __html__(self) -> Markup:
        return escape(_("Former member"))

    def __str__(self) -> str:
        return _("Former member")


class PersonName(sa.types.TypeDecorator[str]):
    """Kept empty, which no name is, for who has been retired: no query has to think of it."""

    impl = sa.String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return FormerMember(_("Former member")) if value == "" else value


class Member(UserMixin, Model):
    """`closed_at`: kept out until the account is opened again. `retired_at`: gone for good, the name with it."""

    __tablename__ = "members"
    __table_args__ = (sa.Index(None, "sort_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(PersonName(120))
    sort_key: Mapped[str] = mapped_column(SortKey)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    position: Mapped[str] = mapped_column(sa.String(200), default="")
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    session_stamp: Mapped[str] = mapped_column(sa.String(32))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str | None] = mapped_column(sa.String(10))
    first_signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=lambda: clock.now())

    unit: Mapped[Unit | None] = relationship()

    def get_id(self) -> str:
        """What the session cookie holds: a new stamp signs out everywhere."""
        return f"{self.id}.{self.session_stamp}"

    @property
    def has_no_login(self) -> bool:
        """Neither phone number nor address: nothing to sign in with a second time."""
        return self.phone is None and self.email is None

    @property
    def enrolments_seen(self) -> dict[int, Any]:
        """The enrolments already looked up in this request, by class; None where there is none."""
        seen: dict[int, Any] = self.__dict__.setdefault("_enrolments_seen", {})
        return seen


class PasswordLink(Model):
    """A one-time link to set or reset a password; only the hash of its token is kept."""

    __tablename__ = "password_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    member: Mapped[Member] = relationship()


class SecondStep(Model):
    """The app that shows a member's codes; asked for at sign-in once it is confirmed. `last_count` is the time step of
    the last code used."""

    __tablename__ = "second_steps"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(200))
    last_count: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCode(Model):
    """In place of the app, once; only the hash is kept."""

    __tablename__ = "recovery_codes"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)

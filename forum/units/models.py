"""Unit: a node of the organisation tree, of any depth."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Model, SortKey

SEPARATOR = " / "


def short_name(path: str) -> str:
    """A unit as it is called within its association: "District 1"; deeper down with the unit above it, since every
    district has a "First branch"."""
    names = path.split(SEPARATOR)
    return SEPARATOR.join(names[-2:] if len(names) > 2 else names[-1:])


class Unit(Model):
    """`path` is the name from the root down ("City / District 1"): unique, and what a person reads in tables."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    path: Mapped[str] = mapped_column(sa.String(500), unique=True)
    depth: Mapped[int]
    sort_key: Mapped[str] = mapped_column(SortKey, index=True)

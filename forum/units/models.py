"""Unit: a node of the organisation tree, of any depth."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Model, SortKey

SEPARATOR = " / "
LONGEST_NAME, LONGEST_PATH = 120, 500


def short_name(path: str) -> str:
    """A unit as it is called within its association: "District 1"; deeper down with the unit above it, since every
    district has a "First branch"."""
    names = path.split(SEPARATOR)
    return SEPARATOR.join(names[-2:] if len(names) > 2 else names[-1:])


def unit_path(typed: str) -> str:
    """As it will be kept; empty where no name is in it."""
    names = (" ".join(part.split()) for part in typed.split(SEPARATOR.strip()))
    return SEPARATOR.join(name for name in names if name)


class Unit(Model):
    """`path` is the name from the root down ("City / District 1"): unique, and what a person reads in tables."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    path: Mapped[str] = mapped_column(sa.String(LONGEST_PATH), unique=True)
    depth: Mapped[int]
    sort_key: Mapped[str] = mapped_column(SortKey, index=True)

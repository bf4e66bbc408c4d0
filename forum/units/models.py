"""Unit: a node of the organisation tree, of any depth."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Model, SortKey

SEPARATOR = " / "


class Unit(Model):
    """`path` is the name from the root down ("City / District 1"): unique, and what a person reads in tables."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    path: Mapped[str] = mapped_column(sa.String(500), unique=True)
    depth: Mapped[int]
    sort_key: Mapped[str] = mapped_column(SortKey, index=True)

"""ChangedSettings: a single row."""

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Model

ONLY = 1


class ChangedSettings(Model):
    """`texts`, by the names of settings: what the environment would say. What is not in it is as it was delivered."""

    __tablename__ = "settings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)

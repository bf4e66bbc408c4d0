"""What administrators have changed."""

from sqlalchemy import select

from forum.db import db
from forum.settings.models import ONLY, ChangedSettings


def changed_texts() -> dict[str, str]:
    return db.session.scalar(select(ChangedSettings.texts).where(ChangedSettings.id == ONLY)) or {}


def locked_row() -> ChangedSettings | None:
    return db.session.get(ChangedSettings, ONLY, with_for_update=True, populate_existing=True)

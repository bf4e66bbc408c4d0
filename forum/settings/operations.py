"""Changing settings while the forum runs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from forum.audit.models import Verb
from forum.audit.operations import record
from forum.classes.revisions import digest_of, require_unchanged
from forum.config import CHANGEABLE, SettingsError
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.settings import queries
from forum.settings.models import ONLY, ChangedSettings


def dated(texts: Mapping[str, str]) -> str:
    """What a form begins with, so that it overwrites nothing that it has not shown."""
    return digest_of(sorted(texts.items()))


def change_settings(shown: str, said: Mapping[str, str]) -> None:
    """`said`: texts by the names of settings, as the environment would say them; an empty one, or the one it is
    delivered with, takes a change back. What is not named stays."""
    row = queries.locked_row()
    before = dict(row.texts) if row else {}
    require_unchanged(shown, dated(before))
    after = {name: text for name, text in before.items() if name not in said}
    after |= {name: text for name, text in said.items() if _differs(name, text)}
    changed: dict[str, Any] = {
        name: after.get(name, "") for name in sorted(before | after) if before.get(name) != after.get(name)
    }
    if not changed:
        return
    if row is None:
        _add_row(shown, after)
    else:
        row.texts = after
    record(Verb.SETTINGS_CHANGED, **changed)


def _differs(name: str, text: str) -> bool:
    """Whether it says anything else than what is delivered."""
    if not text:
        return False
    try:
        value = CHANGEABLE[name].metadata["read"](f"FORUM_{name.upper()}", text)
    except SettingsError as error:
        raise Refused(_(error.sentence, **error.values)) from None
    return bool(value != CHANGEABLE[name].default)


def _add_row(shown: str, texts: dict[str, str]) -> None:
    db.session.add(ChangedSettings(id=ONLY, texts=texts))
    try:
        db.session.flush()
    except IntegrityError:
        # Somebody was the first at the same moment.
        require_unchanged(shown, "")

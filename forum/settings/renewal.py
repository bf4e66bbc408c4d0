"""The settings in force: as the service was started, with what administrators have changed since."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from forum.config import CHANGEABLE, Settings, SettingsError
from forum.db import expect_reading, undo
from forum.settings.queries import changed_texts

log = logging.getLogger(__name__)

# Seconds for which a process goes on as it is before it looks again.
PAUSE = 5.0


class Renewal:
    """Of one application. Whoever is served when it is time looks for all others of the process."""

    def __init__(self, app: Flask, pause: float = PAUSE, now: Callable[[], float] = time.monotonic) -> None:
        self._app, self._started = app, app.extensions["settings"]
        self.pause, self._now, self._looked_at = pause, now, float("-inf")

    def keep(self) -> None:
        """Look, if it is time; before a transaction has begun."""
        if self._now() >= self._looked_at + self.pause:
            self.look()

    def look(self) -> None:
        """While the database is away, it stays as it was."""
        self._looked_at = self._now()
        expect_reading(True)
        try:
            texts = changed_texts()
        except SQLAlchemyError as error:
            log.warning("The settings stay as they are, since the database does not tell: %s", type(error).__name__)
        else:
            self._app.extensions["settings"] = changed(self._started, texts)
        undo()
        expect_reading(False)


def init_renewal(app: Flask) -> None:
    app.extensions["renewal"] = Renewal(app)


def renewal() -> Renewal:
    kept: Renewal = current_app.extensions["renewal"]
    return kept


def changed(settings: Settings, texts: Mapping[str, str]) -> Settings:
    """What the environment says stays; so does what this version does not know, or no longer understands."""
    values: dict[str, Any] = {}
    for name in sorted((CHANGEABLE.keys() & texts.keys()) - settings.fixed):
        try:
            values[name] = CHANGEABLE[name].metadata["read"](f"FORUM_{name.upper()}", texts[name])
        except SettingsError as error:
            log.warning("%s", error)
    return replace(settings, **values) if values else settings

"""Words in both languages, and which of the two a person gets."""

import gettext as catalogues
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flask_babel
from flask import has_app_context
from flask_babel import get_locale, ngettext
from werkzeug.datastructures import LanguageAccept

from forum.config import LOCALES

__all__ = ["choose_locale", "gettext", "language", "locale_of_environment", "ngettext"]

_TRANSLATIONS = Path(__file__).parent / "translations"
# What click says of itself comes from here too: it asks Python's default domain.
catalogues.bindtextdomain("messages", _TRANSLATIONS)


def gettext(sentence: str, **values: Any) -> str:
    """The sentence in the language of what is being answered; before there is an application, in the terminal's."""
    if has_app_context():
        return str(flask_babel.gettext(sentence, **values))
    spoken = [locale_of_environment(os.environ)]
    translated = catalogues.translation("messages", _TRANSLATIONS, spoken, fallback=True).gettext(sentence)
    return translated % values if values else translated


def choose_locale(chosen: str | None, accepted: LanguageAccept, default: str) -> str:
    """The person's choice comes first, then the browser's, then the default."""
    if chosen in LOCALES:
        return str(chosen)
    for tag in accepted.values():
        if (primary := tag.split("-")[0].lower()) in LOCALES:
            return primary
    return default


def locale_of_environment(environ: Mapping[str, str]) -> str:
    """Of somebody at a terminal."""
    spoken = environ.get("LANGUAGE") or environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh" if spoken.startswith("zh") else "en"


def language() -> str:
    """The language of what is being answered: "en" or "zh"."""
    locale = get_locale()
    return locale.language if locale else "en"

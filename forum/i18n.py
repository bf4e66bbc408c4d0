"""Words in both languages, and which of the two a person gets."""

from collections.abc import Mapping

from flask_babel import get_locale, gettext, lazy_gettext, ngettext
from werkzeug.datastructures import LanguageAccept

from forum.config import LOCALES

__all__ = ["choose_locale", "gettext", "language", "lazy_gettext", "locale_of_environment", "ngettext"]


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
    spoken = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh" if spoken.startswith("zh") else "en"


def language() -> str:
    """The language of what is being answered: "en" or "zh"."""
    locale = get_locale()
    return locale.language if locale else "en"

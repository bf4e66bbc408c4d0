"""Every setting: typed, read once from the environment (prefix FORUM_)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

LOCALES = ("en", "zh")
# The connections to the database that one process may hold.
CONNECTIONS = 16
# Requests of one token, and requests without a working token from one address.
API_LIMIT, API_FAILURES = "600/minute", "60/minute"


class SettingsError(Exception):
    """The environment does not make a runnable configuration; the sentence says what to do."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


def N_(sentence: str) -> str:
    return sentence


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    secret_key: str
    database_url: str
    base_url: str
    default_locale: str
    default_timezone: str
    redis_url: str = ""
    mail_url: str = ""
    mail_from: str = ""
    api_limit: str = API_LIMIT
    api_failures: str = API_FAILURES

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        data = Path(environ.get("FORUM_DATA") or "forum-data").absolute()
        url = environ.get("FORUM_DATABASE_URL") or f"sqlite:///{data / 'forum.sqlite3'}"
        locale = environ.get("FORUM_DEFAULT_LOCALE") or "zh"
        if locale not in LOCALES:
            sentence = N_("FORUM_DEFAULT_LOCALE is “%(found)s”; it must be one of %(known)s.")
            raise SettingsError(sentence, found=locale, known=", ".join(LOCALES))
        base_url = (environ.get("FORUM_BASE_URL") or "http://127.0.0.1:5000").rstrip("/")
        mail_url = _checked_mail_url(environ.get("FORUM_MAIL_URL") or "")
        return cls(
            data=data,
            secret_key=environ.get("FORUM_SECRET_KEY") or _kept_secret(data),
            database_url=_checked_url(url),
            base_url=base_url,
            default_locale=locale,
            default_timezone=environ.get("FORUM_DEFAULT_TIMEZONE") or "Asia/Shanghai",
            redis_url=_checked_redis_url(environ.get("FORUM_REDIS_URL") or ""),
            mail_url=mail_url,
            mail_from=environ.get("FORUM_MAIL_FROM") or _usual_sender(mail_url, base_url),
            api_limit=_checked_limit(environ, "FORUM_API_LIMIT", API_LIMIT),
            api_failures=_checked_limit(environ, "FORUM_API_FAILURES", API_FAILURES),
        )

    def for_flask(self) -> dict[str, Any]:
        secure = self.base_url.startswith("https://")
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": secure,
            "REMEMBER_COOKIE_DURATION": timedelta(days=90),
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": secure,
            "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,
            "WTF_CSRF_TIME_LIMIT": None,
            # Every message of our forms is our own; WTForms would read its catalogues with each form.
            "WTF_I18N_ENABLED": False,
            "BABEL_DEFAULT_LOCALE": self.default_locale,
            "BABEL_DEFAULT_TIMEZONE": self.default_timezone,
            "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        }


def _checked_url(url: str) -> str:
    """The address of a database; a fault in it is said without quoting it, since it may hold a password."""
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        known = False
    else:
        known = parsed.get_backend_name() in ("sqlite", "postgresql") and "@" not in (parsed.host or "")
    if not known:
        sentence = N_(
            "FORUM_DATABASE_URL is no address of a database: postgresql://user:password@host/name or sqlite:///file. "
            "In a password, @ is written %40, / is written %2F, and : is written %3A."
        )
        raise SettingsError(sentence)
    return url


def _checked_redis_url(url: str) -> str:
    """Empty, or the address of a Redis server; a fault in it is said without quoting it either."""
    if not url:
        return ""
    import redis

    try:
        redis.ConnectionPool.from_url(url)
    except ValueError:
        raise SettingsError(N_("FORUM_REDIS_URL is no address of a Redis server: redis://host:6379/0.")) from None
    return url


def _checked_mail_url(url: str) -> str:
    """Empty, or the address of a mail server; it may hold a password, so a fault in it is said without quoting it."""
    try:
        parsed = urlsplit(url)
        known = not url or (parsed.scheme in ("smtp", "smtps") and parsed.hostname and parsed.port != 0)
    except ValueError:
        known = False
    if not known:
        sentence = N_(
            "FORUM_MAIL_URL is no address of a mail server: smtp://user:password@host:587 or "
            "smtps://user:password@host. In a user name or a password, @ is written %40, / is written %2F, and : is "
            "written %3A."
        )
        raise SettingsError(sentence)
    return url


def _usual_sender(mail_url: str, base_url: str) -> str:
    """The account at the mail server where that is an address, else one at the forum's own host."""
    user = unquote(urlsplit(mail_url).username or "")
    return user if "@" in user else f"forum@{urlsplit(base_url).hostname}"


def _checked_limit(environ: Mapping[str, str], name: str, default: str) -> str:
    import limits

    limit = environ.get(name) or default
    try:
        limits.parse(limit)
    except ValueError:
        sentence = N_("%(name)s is “%(found)s”; it must be a number of requests and a time, as in 600/minute.")
        raise SettingsError(sentence, name=name, found=limit) from None
    return limit


def _engine_options(url: str) -> dict[str, Any]:
    pool = {"pool_size": CONNECTIONS, "max_overflow": 2, "pool_timeout": 20}
    if url.startswith("sqlite"):
        return pool | {"connect_args": {"isolation_level": None, "timeout": 20}}
    return pool | {"pool_pre_ping": True, "connect_args": {"options": "-c jit=off -c timezone=UTC -c lock_timeout=20s"}}


def _kept_secret(data: Path) -> str:
    """A secret made once and kept beside the data, readable by its owner only."""
    file = data / "secret-key"
    if not file.exists():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return file.read_text().strip()
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return file.read_text().strip()

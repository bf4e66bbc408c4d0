"""How a setting is declared, and how its text in the environment is read."""

from collections.abc import Callable
from dataclasses import field
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from forum import clock

LOCALES = ("en", "zh")
Reader = Callable[[str, str], Any]
Networks = tuple[IPv4Network | IPv6Network, ...]


class SettingsError(Exception):
    """The environment does not make a runnable configuration; the sentence says what to do."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


def N_(sentence: str) -> str:
    return sentence


def plain(_name: str, text: str) -> str:
    return text


def setting(meaning: str, usual: Any, read: Reader = plain, shown: str = "", changes: bool = False) -> Any:
    """`usual` is what it is where nothing is set, or makes that from the settings above it; `shown` says so in
    docs/settings.md, as `meaning` says the rest. `read` is given the variable's name and its text. What `changes` may
    be changed by administrators while the forum runs, where the environment says nothing of it."""
    told = {"meaning": meaning, "usual": usual, "read": read, "shown": shown or f"`{usual}`", "changes": changes}
    return field(metadata=told) if callable(usual) else field(default=usual, metadata=told)


def folder(_name: str, text: str) -> Path:
    return Path(text).absolute()


def locale(_name: str, text: str) -> str:
    if text not in LOCALES:
        sentence = N_("FORUM_DEFAULT_LOCALE is “%(found)s”; it must be one of %(known)s.")
        raise SettingsError(sentence, found=text, known=", ".join(LOCALES))
    return text


def time_zone(name: str, text: str) -> str:
    try:
        clock.zone(text)
    except ValueError:
        sentence = N_("%(name)s is “%(found)s”; it must be a time zone, as in Asia/Shanghai or +08:00.")
        raise SettingsError(sentence, name=name, found=text) from None
    return text


def log_format(name: str, text: str) -> str:
    if text not in ("text", "json"):
        raise SettingsError(N_("%(name)s is “%(found)s”; it must be text or json."), name=name, found=text)
    return text


def address(_name: str, text: str) -> str:
    return text.rstrip("/")


def database_address(_name: str, url: str) -> str:
    """A fault in it is said without quoting it, since it may hold a password."""
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


def redis_address(_name: str, url: str) -> str:
    """A fault in it is said without quoting it either."""
    import redis

    try:
        redis.ConnectionPool.from_url(url)
    except ValueError:
        raise SettingsError(N_("FORUM_REDIS_URL is no address of a Redis server: redis://host:6379/0.")) from None
    return url


def mail_address(_name: str, url: str) -> str:
    """Of a mail server; it may hold a password, so a fault in it is said without quoting it."""
    try:
        parsed = urlsplit(url)
        known = parsed.scheme in ("smtp", "smtps") and parsed.hostname and parsed.port != 0
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


def bucket(_name: str, url: str) -> str:
    """It holds a secret: a fault in it is said without quoting it."""
    try:
        parsed = urlsplit(url)
        named = parsed.hostname and parsed.username and parsed.password and parsed.path.strip("/") and parsed.port != 0
    except ValueError:
        named = None
    if not named or parsed.scheme not in ("s3", "s3+http"):
        sentence = N_(
            "FORUM_UPLOADS_URL is no address of a bucket: s3://key:secret@host/bucket?region=name. In the key and the "
            "secret, / is written %2F and + is written %2B."
        )
        raise SettingsError(sentence)
    if find_spec("boto3") is None:
        raise SettingsError(N_("FORUM_UPLOADS_URL needs what the extra [s3] brings: pip install 'training-forum[s3]'."))
    return url


def megabytes(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= 1000):
        sentence = N_("%(name)s is “%(found)s”; it must be megabytes, from 1 to 1000.")
        raise SettingsError(sentence, name=name, found=text)
    return int(text)


def seconds(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise SettingsError(N_("%(name)s is “%(found)s”; it must be a number of seconds."), name=name, found=text)
    return int(text)


def at_most(most: int) -> Reader:
    def read(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= most):
            sentence = N_("%(name)s is “%(found)s”; it must be a whole number from 0 to %(most)s.")
            raise SettingsError(sentence, name=name, found=text, most=str(most))
        return int(text)

    return read


def days(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text)):
        sentence = N_("%(name)s is “%(found)s”; it must be a number of days, as in 365.")
        raise SettingsError(sentence, name=name, found=text)
    return int(text)


def networks(name: str, text: str) -> Networks:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        sentence = N_("%(name)s is “%(found)s”; it must be addresses and networks, as in 127.0.0.1, 10.0.0.0/8.")
        raise SettingsError(sentence, name=name, found=text) from None


def limit(name: str, text: str) -> str:
    import limits

    try:
        limits.parse(text)
    except ValueError:
        sentence = N_("%(name)s is “%(found)s”; it must be a number of requests and a time, as in 600/minute.")
        raise SettingsError(sentence, name=name, found=text) from None
    return text

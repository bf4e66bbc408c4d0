"""Every setting: typed, read at the start from the environment (prefix FORUM_). docs/settings.md is made from this
file."""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from forum.environment import (
    LOCALES,
    N_,
    Networks,
    SettingsError,
    address,
    at_most,
    bucket,
    database_address,
    days,
    folder,
    limit,
    locale,
    log_format,
    mail_address,
    megabytes,
    networks,
    redis_address,
    seconds,
    setting,
    time_zone,
)

__all__ = ["CHANGEABLE", "CONNECTIONS", "LOCALES", "N_", "Settings", "SettingsError"]

# The connections to the database that one process may hold.
CONNECTIONS = 16
# Seconds; what ends the server waits for longer (deploy/).
LONGEST_DRAIN = 60
Values = Mapping[str, Any]


def _own_folder(_above: Values) -> Path:
    return Path("forum-data").absolute()


def _file_of_its_own(above: Values) -> str:
    return f"sqlite:///{above['data'] / 'forum.sqlite3'}"


def _kept_secret(above: Values) -> str:
    """A secret made once and kept beside the data, readable by its owner only."""
    file = above["data"] / "secret-key"
    if not file.exists():
        above["data"].mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return str(file.read_text().strip())
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return str(file.read_text().strip())


def _usual_sender(above: Values) -> str:
    """The account at the mail server where that is an address, else one at the forum's own host."""
    user = unquote(urlsplit(above["mail_url"]).username or "")
    return user if "@" in user else f"forum@{urlsplit(above['base_url']).hostname}"


def _usual_log(above: Values) -> str:
    return "text" if is_of_this_machine(above["base_url"]) else "json"


def is_of_this_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is FORUM_ and its name in capitals."""

    data: Path = setting(
        "where the SQLite database, the kept secret and, without Redis, the queue of jobs are",
        _own_folder, folder, "`forum-data` in the current folder",
    )  # fmt: skip
    database_url: str = setting(
        "`postgresql://user:password@host/name` for PostgreSQL, `sqlite:////path/to/file` for another file",
        _file_of_its_own, database_address, "an SQLite file in `FORUM_DATA`",
    )  # fmt: skip
    secret_key: str = setting(
        "signs sessions; `forum serve` asks for it once `FORUM_DATABASE_URL` is set",
        _kept_secret, shown="made once and kept in `FORUM_DATA`, readable by its owner only",
    )  # fmt: skip
    redis_url: str = setting(
        "`redis://host:6379/0`, by which several processes tell each other what is new and what is to be done later "
        "(`forum jobs`); `forum serve --workers` with more than one asks for it",
        "", redis_address, "empty: one process",
    )  # fmt: skip
    base_url: str = setting(
        "the address people use; with `https://` cookies are sent over HTTPS only. Any other than this machine's own "
        "means production: `forum serve` then asks for `https://`, a strong secret and `FORUM_TRUSTED_PROXIES`",
        "http://127.0.0.1:5000", address,
    )  # fmt: skip
    mail_url: str = setting(
        "the mail server, `smtp://user:password@host:587` or `smtps://user:password@host`; with `smtp://` the "
        "connection is encrypted where the server offers it, and a password is never sent unencrypted but to this "
        "machine itself",
        "", mail_address, "empty: no mail",
    )  # fmt: skip
    mail_from: str = setting(
        "whom mail comes from", _usual_sender,
        shown="the account at the mail server where that is an address, else `forum@` and the host of `FORUM_BASE_URL`",
    )  # fmt: skip
    api_limit: str = setting(
        "how many requests one token of the API has: a number and `second`, `minute`, `hour` or `day`; counted in "
        "Redis where there is one, else in each process",
        "600/minute", limit, changes=True,
    )  # fmt: skip
    api_failures: str = setting(
        "how many requests without a token that works one address has; tokens that work are not held to it",
        "60/minute", limit,
    )  # fmt: skip
    sign_in_failures: str = setting(
        "how many tries to sign in to one account may fail from one address, or from a device that has signed in to it "
        "before",
        "10/15 minutes", limit,
    )  # fmt: skip
    address_failures: str = setting(
        "how many may fail from one address at all accounts together, wrong one-time links among them; an office of "
        "120 people behind one address signs in within it",
        "200/5 minutes", limit,
    )  # fmt: skip
    account_failures: str = setting(
        "how many may fail at one account from everywhere before a new address has a single try in the time of "
        "`FORUM_SIGN_IN_FAILURES`; docs/decisions/0015-tries-at-the-door.md says why there are three",
        "50/hour", limit,
    )  # fmt: skip
    reset_limit: str = setting("how many links to set a new password one account is sent by mail", "3/hour", limit)
    post_limit: str = setting(
        "how many texts one person may send (posts, edits, previews)", "60/minute", limit, changes=True
    )
    search_limit: str = setting("how often one person may search", "60/minute", limit, changes=True)
    takeaway_limit: str = setting("how often one person may take away their data", "20/hour", limit, changes=True)
    uploads_url: str = setting(
        "the bucket that uploaded files are kept in, `s3://key:secret@host/bucket?region=name`, or `s3+http://` where "
        "the way there is private; needs the extra `[s3]`",
        "", bucket, "empty: `uploads` in `FORUM_DATA`",
    )  # fmt: skip
    upload_mb: int = setting("how many megabytes one uploaded file may have", 20, megabytes, changes=True)
    upload_post_mb: int = setting("how many the files of one post may have together", 50, megabytes, changes=True)
    upload_day_mb: int = setting(
        "how many the files that one person adds within a day may have", 200, megabytes, changes=True
    )
    upload_limit: str = setting(
        "how often one person may send files, up to ten at once", "60/minute", limit, changes=True
    )
    default_locale: str = setting(
        "`zh` or `en`, for people who have chosen no language and whose browser speaks neither",
        "zh",
        locale,
        changes=True,
    )
    default_timezone: str = setting(
        "the time zone of new classes: an IANA name or an offset such as `+08:00`",
        "Asia/Shanghai",
        time_zone,
        changes=True,
    )
    trusted_proxies: Networks = setting(
        "the addresses and networks of the proxies before the forum, as in `127.0.0.1, 10.0.0.0/8`: only from them "
        "`X-Forwarded-For`, `-Proto` and `-Host` are believed",
        (), networks, "empty: nobody",
    )  # fmt: skip
    lock_timeout: int = setting(
        "how many seconds a change waits for another that holds the same rows; then the page says that the forum is "
        "busy, and keeps the text",
        20, seconds,
    )  # fmt: skip
    statement_timeout: int = setting(
        "how many seconds PostgreSQL works on one question of `forum serve`, and twice as many on a transaction that "
        "asks nothing; then the page says so as above. 0: as long as it takes, as for every other command",
        30, seconds,
    )  # fmt: skip
    backups: Path | None = setting(
        "the folder into which the server, beside PostgreSQL `forum jobs`, takes a backup a day", None, folder,
        "empty: none is taken",
    )  # fmt: skip
    backup_hour: int = setting(
        "the hour of the day, in `FORUM_DEFAULT_TIMEZONE`, at which that is", 3, at_most(23), changes=True
    )
    backup_days: int = setting("of how many days on which any were taken the last backup stays", 7, at_most(9999))
    backup_weeks: int = setting("of how many weeks on which any were taken the last backup stays", 4, at_most(9999))
    log: str = setting(
        "`text` or `json`: lines for machines, one for each request, without anything personal; docs/watching.md",
        _usual_log, log_format, "`json` in production, else `text`",
    )  # fmt: skip
    slow_query_ms: int = setting(
        "a statement that takes longer, in milliseconds, is logged with its text, without its values",
        500, at_most(99_999), changes=True,
    )  # fmt: skip
    metrics_token: str = setting("who sends it as a bearer token may read `/metrics`", "", shown="empty: nobody")
    draft_days: int = setting("how many days a draft is kept that nobody has come back to", 365, days, changes=True)
    audit_days: int = setting("how many days the audit log is kept", 365, days)
    drain: int = setting(
        "how many seconds, 60 at most, `/readyz` answers 503 before a server that was told to stop takes no more "
        "requests, so that a load balancer sends them elsewhere first; half a minute for what is being answered comes "
        "on top",
        0, at_most(LONGEST_DRAIN),
    )  # fmt: skip
    # The names of those that the environment says: nobody changes them while the forum runs.
    fixed: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        values: dict[str, Any] = {}
        for field in declared():
            name, usual = f"FORUM_{field.name.upper()}", field.metadata["usual"]
            if text := environ.get(name):
                values[field.name] = field.metadata["read"](name, text)
            else:
                values[field.name] = usual(values) if callable(usual) else usual
        return cls(**values, fixed=frozenset(name for name in values if environ.get(f"FORUM_{name.upper()}")))

    @property
    def uploads(self) -> Path:
        """What people upload, where it is not in a bucket."""
        return self.data / "uploads"

    @property
    def is_local(self) -> bool:
        """People use it on this machine only, as far as its address tells."""
        return is_of_this_machine(self.base_url)

    def for_flask(self) -> dict[str, Any]:
        secure = self.base_url.startswith("https://")
        # No other host, nor a page without encryption, can plant a cookie of such a name; plain HTTP cannot have it.
        prefix = "__Host-" if secure else ""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self),
            "SESSION_COOKIE_NAME": f"{prefix}session",
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": secure,
            "REMEMBER_COOKIE_NAME": f"{prefix}remember_token",
            "REMEMBER_COOKIE_DURATION": timedelta(days=90),
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": secure,
            "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,
            "WTF_CSRF_TIME_LIMIT": None,
            # Every message of our forms is our own; WTForms would read its catalogues with each form.
            "WTF_I18N_ENABLED": False,
            "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        }


def declared() -> Iterator[Field[Any]]:
    return (field for field in fields(Settings) if "read" in field.metadata)


# Those that administrators may change while the forum runs, by their names.
CHANGEABLE = {field.name: field for field in declared() if field.metadata["changes"]}


def _engine_options(settings: Settings) -> dict[str, Any]:
    pool = {"pool_size": CONNECTIONS, "max_overflow": 2, "pool_timeout": 20, "hide_parameters": True}
    if settings.database_url.startswith("sqlite"):
        return pool | {"connect_args": {"isolation_level": None, "timeout": settings.lock_timeout}}
    session = {
        "jit": "off",
        "timezone": "UTC",
        "lock_timeout": f"{settings.lock_timeout}s",
        "statement_timeout": f"{settings.statement_timeout}s",
        "idle_in_transaction_session_timeout": f"{2 * settings.statement_timeout}s",
    }
    options = " ".join(f"-c {name}={value}" for name, value in session.items())
    # The last one that was laid down is the first to be picked up: it knows the statements that are asked now.
    return pool | {"pool_use_lifo": True, "connect_args": {"options": options, "autocommit": True}}

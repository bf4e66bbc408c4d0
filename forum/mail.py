"""Sending mail through the server of FORUM_MAIL_URL."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from forum.config import Settings
from forum.i18n import gettext as _

# Seconds for which a server may be silent.
PATIENCE = 20
_HERE = ("localhost", "127.0.0.1", "::1")


class MailError(Exception):
    """As a person may read it; `for_log` names nobody, as the mail server's words do."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.for_log = _without_address(error)


class Undeliverable(MailError):
    """The server takes no mail for this address: another try will not help."""


class MailFailed(MailError):
    """The server is not there, or does not do what it should: to be tried again."""


class Postbox:
    """An open connection to the mail server."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def send(self, letter: EmailMessage) -> None:
        try:
            self._server.send_message(letter)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
            raise Undeliverable(error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailed(error) from error


def _without_address(error: Exception) -> str:
    """What the server says stands beside the address that it says it of, and may repeat it."""
    codes: list[int] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _words in error.recipients.values()})
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    elif not isinstance(error, smtplib.SMTPException):
        return str(error)
    return " ".join([type(error).__name__, *map(str, codes)])


class Whole(UnstructuredHeader):
    """A header whose address stays in one piece: the library would encode a long one, and no mail program finds it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_HEADERS = HeaderRegistry()
for _name in ("List-Unsubscribe", "Message-ID"):
    _HEADERS.map_to_type(_name, Whole)  # type: ignore[arg-type]
_MANNERS = SMTP.clone(header_factory=_HEADERS)


def addressed(settings: Settings, subject: str, to: tuple[str, str], now: datetime) -> EmailMessage:
    """A letter without words yet; `to` is a name and an address."""
    made = EmailMessage(policy=_MANNERS)
    made["Subject"] = subject
    made["From"] = formataddr((_("Training Forum"), settings.mail_from))
    made["To"] = formataddr(to)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=urlsplit(settings.base_url).hostname)
    made["Auto-Submitted"] = "auto-generated"
    return made


@contextmanager
def postbox(settings: Settings) -> Iterator[Postbox]:
    try:
        server = _connect(settings)
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(error) from error
    try:
        yield Postbox(server)
    finally:
        # It may have hung up already.
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    url, name = urlsplit(settings.mail_url), urlsplit(settings.base_url).hostname
    host, context = url.hostname or "", ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, name, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 25, name, timeout=PATIENCE)
    try:
        is_private = url.scheme == "smtps" or host in _HERE or _encrypt(server, context)
        if url.username:
            if not is_private:
                raise smtplib.SMTPException("it offers no encryption, so it is sent no password")
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _encrypt(server: smtplib.SMTP, context: ssl.SSLContext) -> bool:
    """Whether the server offers to."""
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=context)
    return True

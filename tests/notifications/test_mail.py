"""The mail server's address, and when it is sent a password."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from forum import mail
from forum.config import Settings, SettingsError
from forum.mail import MailFailed, Undeliverable
from tests.cast import NOW
from tests.databases import settings_for
from tests.inbox.post_office import PostOffice


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()


def environment(folder: Path, **values: str) -> dict[str, str]:
    return {"FORUM_DATA": str(folder), "FORUM_BASE_URL": "https://forum.example.org", **values}


@pytest.mark.parametrize("url", ["", "smtp://host", "smtps://user%40example.org:p%40ss@host:465", "smtp://[::1]:25"])
def test_an_address_of_a_mail_server(url: str, tmp_path: Path) -> None:
    assert Settings.from_environment(environment(tmp_path, FORUM_MAIL_URL=url)).mail_url == url


@pytest.mark.parametrize("url", ["host", "http://host", "smtp://", "smtp://user:secret@host:port", "smtp://[::1"])
def test_what_is_none_is_said_without_quoting_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as found:
        Settings.from_environment(environment(tmp_path, FORUM_MAIL_URL=url))
    assert "secret" not in str(found.value)


def test_whom_mail_comes_from(tmp_path: Path) -> None:
    def sender(**values: str) -> str:
        return Settings.from_environment(environment(tmp_path, **values)).mail_from

    assert sender() == "forum@forum.example.org"
    assert sender(FORUM_MAIL_URL="smtp://post%40example.org:p@host") == "post@example.org"
    assert sender(FORUM_MAIL_URL="smtp://post:p@host", FORUM_MAIL_FROM="desk@example.org") == "desk@example.org"


def test_no_password_goes_out_unencrypted(office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on this machine; taken for another, it is sent nothing."""
    monkeypatch.setattr(mail, "_HERE", ())
    settings = settings_for("sqlite://", tmp_path, mail_url=f"smtp://user:secret@127.0.0.1:{office.port}")
    with pytest.raises(mail.MailFailed, match="no encryption"), mail.postbox(settings):
        pytest.fail("it was opened")
    assert office.logins == 0


def test_on_this_machine_a_password_is_sent(office: PostOffice, tmp_path: Path) -> None:
    settings = settings_for("sqlite://", tmp_path, mail_url=f"smtp://user:p%40ss@127.0.0.1:{office.port}")
    with mail.postbox(settings):
        pass
    assert office.logins == 1


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """Whom this machine trusts, and nobody else."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


@contextmanager
def encrypting(kind: str, signer: trustme.CA) -> Iterator[tuple[str, PostOffice]]:
    """A server that encrypts from the first byte (`smtps`) or when it is asked to: its address, and the server."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    signer.issue_cert("127.0.0.1").configure_cert(context)
    office = PostOffice(**{"ssl_context" if kind == "smtps" else "tls_context": context})
    office.open()
    yield f"{kind}://user:p%40ss@127.0.0.1:{office.port}", office
    office.close()


@pytest.mark.parametrize("kind", ["smtps", "smtp"])
def test_a_letter_goes_out_encrypted(
    kind: str, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_HERE", ())
    with encrypting(kind, authority) as (address, office):
        settings = settings_for("sqlite://", tmp_path, mail_url=address)
        letter = mail.addressed(settings, "Encrypted", ("Tina", "tina@example.org"), NOW)
        letter.set_content("Words")
        with mail.postbox(settings) as post:
            post.send(letter)
        assert [one["Subject"] for one in office.letters] == ["Encrypted"]
        assert office.logins == 1


@pytest.mark.parametrize("kind", ["smtps", "smtp"])
def test_to_a_server_that_shows_a_forged_certificate_nothing_goes(
    kind: str, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_HERE", ())
    with encrypting(kind, trustme.CA()) as (address, office):
        settings = settings_for("sqlite://", tmp_path, mail_url=address)
        with pytest.raises(mail.MailFailed, match="CERTIFICATE_VERIFY_FAILED"), mail.postbox(settings):
            pytest.fail("it was opened")
        assert office.logins == 0


def test_the_log_is_told_why_and_not_to_whom() -> None:
    refused = smtplib.SMTPRecipientsRefused({"tina@example.org": (550, b"no tina@example.org here")})
    assert "tina@example.org" in str(Undeliverable(refused))
    assert Undeliverable(refused).for_log == "SMTPRecipientsRefused 550"
    assert MailFailed(smtplib.SMTPSenderRefused(451, b"not from tina", "a@b")).for_log == "SMTPSenderRefused 451"
    assert MailFailed(ConnectionRefusedError(111, "Connection refused")).for_log == "[Errno 111] Connection refused"

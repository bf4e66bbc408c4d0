"""The mail server's address, and when it is sent a password."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum import mail
from forum.config import Settings, SettingsError
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

"""What `forum serve` and `forum check --settings` say of settings, and whom the forum believes about visitors."""

import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from forum.config import Settings, SettingsError
from forum.environment import networks
from forum.production import faults
from forum.proxies import init_proxies
from tests.databases import settings_for
from tests.test_cli import Terminal, bare, terminal

__all__ = ["bare", "terminal"]

FIT = {
    "FORUM_BASE_URL": "https://forum.example.org",
    "FORUM_SECRET_KEY": secrets.token_urlsafe(48),
    "FORUM_TRUSTED_PROXIES": "127.0.0.1",
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"FORUM_SECRET_KEY": "short"}, ["FORUM_SECRET_KEY"]),
        ({"FORUM_SECRET_KEY": "ab" * 40}, ["FORUM_SECRET_KEY"]),
        ({"FORUM_SECRET_KEY": "ChangeMe-" + secrets.token_urlsafe(48)}, ["FORUM_SECRET_KEY"]),
        ({"FORUM_BASE_URL": "http://forum.example.org"}, ["does not begin with https://"]),
        ({"FORUM_BASE_URL": "http://localhost:8000"}, ["FORUM_BASE_URL is an address of this machine"]),
        ({"FORUM_TRUSTED_PROXIES": "", "FORUM_SECRET_KEY": "x"}, ["FORUM_SECRET_KEY", "FORUM_TRUSTED_PROXIES"]),
        ({"FORUM_TRUSTED_PROXIES": "127.0.0.1, 0.0.0.0/0"}, ["trusts every address"]),
        ({"FORUM_TRUSTED_PROXIES": "::/0"}, ["trusts every address"]),
        ({"FORUM_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8"}, []),
    ],
)
def test_each_fault_is_said(changed: dict[str, str], words: list[str], tmp_path: Path) -> None:
    found = list(faults(Settings.from_environment({"FORUM_DATA": str(tmp_path), **FIT, **changed})))
    assert [part in sentence for part, sentence in zip(words, found, strict=True)] == [True] * len(words)


def test_a_server_for_others_does_not_start_with_a_fault(terminal: Terminal) -> None:
    assert "does not begin with https://" in terminal.fails(1, "serve", FORUM_BASE_URL="http://forum.example.org")
    assert "FORUM_SECRET_KEY is easy" in terminal.fails(1, "serve", **{**FIT, "FORUM_SECRET_KEY": "x"})
    assert terminal.run("serve", "--trial", **FIT).exit_code == 0
    assert terminal.run("serve", "--trial").exit_code == 0, "on this machine alone it may be as it is"


def test_a_trial_finds_an_old_schema(bare: Terminal) -> None:
    assert "forum upgrade" in bare.fails(1, "serve", "--trial", **FIT)


def test_check_says_the_same_a_line_each(terminal: Terminal) -> None:
    told = terminal.run("check", "--settings")
    assert told.exit_code == 1
    assert [line.split()[0] for line in told.stdout.splitlines()[:-1]] == [
        "FORUM_SECRET_KEY", "FORUM_BASE_URL", "FORUM_TRUSTED_PROXIES",
    ]  # fmt: skip
    fit = terminal.run("check", "--settings", **FIT)
    assert (fit.exit_code, fit.stdout.splitlines()) == (0, ["Every figure agrees with the posts."])


@pytest.mark.parametrize("text", ["proxy", "10.0.0.1/8", "127.0.0.1;::1"])
def test_networks_that_are_none_are_said(text: str) -> None:
    with pytest.raises(SettingsError, match="FORUM_TRUSTED_PROXIES is “"):
        networks("FORUM_TRUSTED_PROXIES", text)


@pytest.mark.parametrize(
    ("peer", "said", "seen"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        # What the visitor made up stands before what the proxies add.
        ("10.1.1.1", "198.51.100.1, 203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.1.1.1", "10.2.2.2", "10.2.2.2"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_proxies_are_believed_only_where_they_are_trusted(peer: str, said: str, seen: str, tmp_path: Path) -> None:
    app = Flask(__name__)
    trusted = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))
    init_proxies(app, settings_for("sqlite://", tmp_path, trusted_proxies=trusted))

    @app.get("/")
    def answer() -> dict[str, Any]:
        return {"from": request.remote_addr, "at": request.host_url, "said": "X-Forwarded-Host" in request.headers}

    headers = {"X-Forwarded-For": said, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "forum.example.org"}
    found = app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": peer}).json
    is_believed = seen != peer
    assert found == {
        "from": seen,
        "at": "https://forum.example.org/" if is_believed else "http://localhost/",
        "said": is_believed,
    }

"""`forum token add` and `forum openapi`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from forum.api.document import document
from tests.api.conftest import Program
from tests.databases import inside
from tests.test_cli import Terminal


@pytest.fixture
def terminal(scratch_database: Callable[..., str], tmp_path: Path) -> Terminal:
    terminal = Terminal(scratch_database("sqlite"), tmp_path)
    terminal.ok("member", "add", "tina@example.org", "--name", "Tina")
    return terminal


@pytest.mark.parametrize(("options", "scope"), [((), "write"), (("--scope", "read"), "read")])
def test_a_token_is_printed_alone_and_works(options: tuple[str, ...], scope: str, terminal: Terminal) -> None:
    secret = terminal.ok("token", "add", "Tina@example.org", "--name", "A script", *options).removesuffix("\n")
    with inside(terminal.url, terminal.data) as app:
        answer = Program(app, secret).get("/me").json
    assert (answer["name"], answer["token"]) == ("Tina", {"name": "A script", "scope": scope})


def test_a_token_for_nobody_is_refused_in_one_line(terminal: Terminal) -> None:
    assert "no account" in terminal.fails(1, "token", "add", "nobody@example.org", "--name", "A script")
    assert "give the token a name" in terminal.fails(1, "token", "add", "tina@example.org", "--name", " ")
    terminal.fails(2, "token", "add", "tina@example.org")


def test_the_document_is_printed_whatever_the_terminal_speaks(terminal: Terminal) -> None:
    printed = json.loads(terminal.ok("openapi"))
    assert (printed["openapi"], printed["paths"]["/me"]["get"]["summary"]) == ("3.1.0", "The member")
    document.cache_clear()
    assert json.loads(terminal.run("openapi", LC_ALL="zh_CN.UTF-8").stdout) == printed

"""What is written in deploy/ and in the documents about it: commands, settings and times are those of the forum."""

import json
import re
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from forum import jobs, serving
from forum.cli import main
from forum.config import LONGEST_DRAIN, Settings, declared
from forum.production import faults
from tests.realtime.process import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
UNIT, COMPOSE = DEPLOY / "systemd" / "forum@.service", yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCUMENTS = [CHECKOUT / "docs" / f"{name}.md" for name in ("deploy", "backup", "watching")]
# What the proxies are told, not the forum.
OF_PROXIES = {"FORUM_HOST", "FORUM_UPSTREAM"}
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "training-forum"}
# For a process that ends to say so.
A_MOMENT = 10


def require_command(words: list[str]) -> None:
    """UsageError unless the forum has such a command, with such options. A file that is named is there."""
    command: Any = main
    words = [__file__ if word.startswith("/") else word for word in words]
    while isinstance(command, click.Group):
        name, command, words = command.resolve_command(click.Context(command), words)
    command.make_context(name, words)


def unit() -> dict[str, str]:
    parser = RawConfigParser(strict=False, comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT)
    return dict(parser["Service"])


def environment_file(uncommented: bool = False) -> dict[str, str]:
    lines = (DEPLOY / "forum.env").read_text().splitlines()
    lines = [line.lstrip("#") if uncommented else line for line in lines]
    return dict(line.split("=", 1) for line in lines if re.match("[A-Z_]+=", line))


def said_commands() -> Iterator[str]:
    """Those of the documents, a line each, as they are typed on a server or in its containers."""
    for document in DOCUMENTS:
        for block in re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL):
            for line in block.splitlines():
                if found := re.match(r"(?:docker compose (?:exec|run .*) serve )?forum (.+?)(?:\s+#.*)?$", line):
                    yield found[1].replace('"Your Name"', "Name").replace("FILE", __file__)
        yield from re.findall(r"ExecStart=\S+/forum (\w[^`]*)`", document.read_text())


def test_units_containers_and_documents_name_commands_that_there_are() -> None:
    start = unit()["ExecStart"]
    assert start == "/opt/forum/current/bin/forum %i"
    instances = set(re.findall(r"forum@(\w+)", (CHECKOUT / "docs" / "deploy.md").read_text()))
    assert instances == {"serve", "jobs"}
    container = re.search(r"^CMD (.+)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert container
    said = [command.split() for command in said_commands()]
    assert len(said) > 5
    commands = [service["command"] for service in OURS.values()] + [json.loads(container[1])]
    for program, *words in [*commands, *(["forum", name] for name in instances), *(["forum", *each] for each in said)]:
        assert program == "forum"
        require_command(words)
    for wrong in (["serv"], ["serve", "--hots", "x"], ["member", "ad"]):
        with pytest.raises(click.UsageError):
            require_command(wrong)


def test_every_setting_that_is_named_is_one() -> None:
    known = {f"FORUM_{field.name.upper()}" for field in declared()} | OF_PROXIES
    for file in [*DOCUMENTS, *(file for file in DEPLOY.rglob("*") if file.is_file())]:
        assert set(re.findall(r"\bFORUM_[A-Z_]+\b", file.read_text())) <= known, file


def test_the_settings_of_a_small_server_are_fit_and_its_unit_lets_it_write_where_they_say(tmp_path: Path) -> None:
    told, service = environment_file(), unit()
    assert list(faults(Settings.from_environment(told | {"FORUM_DATA": str(tmp_path)}))) == []
    assert told["FORUM_DATA"] == f"/var/lib/{service['StateDirectory']}" == service["WorkingDirectory"]
    assert service["ReadWritePaths"] == f"-{told['FORUM_BACKUPS']}"
    everything = environment_file(uncommented=True)
    assert len(everything) > len(told)
    Settings.from_environment(everything | {"FORUM_DATA": str(tmp_path)})


def test_the_settings_of_the_containers_are_fit(tmp_path: Path) -> None:
    secrets_ = {"FORUM_HOST": "forum.example.org", "FORUM_SECRET_KEY": "Qm9vbSBnb2VzIHRoZSBkcnVtLCBzbG93bHk5"}
    for service in OURS.values():
        told = {
            name: re.sub(r"\$\{(\w+):[?-]\}", lambda found: secrets_.get(found[1], ""), value)
            for name, value in service["environment"].items()
        }
        assert list(faults(Settings.from_environment(told | {"FORUM_DATA": str(tmp_path)}))) == []
        [network] = COMPOSE["networks"]["default"]["ipam"]["config"]
        assert told["FORUM_TRUSTED_PROXIES"] == network["subnet"]
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])


def test_whoever_ends_the_server_waits_for_as_long_as_it_may_take() -> None:
    longest = LONGEST_DRAIN + serving.PATIENCE + A_MOMENT
    assert int(unit()["TimeoutStopSec"]) >= longest
    assert int(OURS["serve"]["stop_grace_period"].removesuffix("s")) >= longest
    assert int(OURS["jobs"]["stop_grace_period"].removesuffix("s")) >= jobs.PATIENCE + A_MOMENT


def test_the_proxies_ask_at_the_port_that_is_served() -> None:
    port = next(option.default for option in main.commands["serve"].params if option.name == "port")
    assert f"EXPOSE {port}\n" in (DEPLOY / "Containerfile").read_text()
    assert f"server 127.0.0.1:{port};" in (DEPLOY / "nginx.conf").read_text()
    assert f"FORUM_UPSTREAM:127.0.0.1:{port}}}" in (DEPLOY / "Caddyfile").read_text()
    assert COMPOSE["services"]["proxy"]["environment"]["FORUM_UPSTREAM"] == f"serve:{port}"


def test_the_proxies_let_go_of_a_connection_before_the_forum_does() -> None:
    for file, said in (("nginx.conf", r"keepalive_timeout (\d+)s;"), ("Caddyfile", r"keepalive (\d+)s\n")):
        found = re.search(said, (DEPLOY / file).read_text())
        assert found
        assert 0 < int(found[1]) < serving.KEPT_ALIVE


def test_an_image_is_built_from_what_git_has() -> None:
    """The file that says what is left out lets through what is copied, and of that nothing which was built."""
    containerfile = (DEPLOY / "Containerfile").read_text()
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.+) \S+$", containerfile, re.MULTILINE) for name in line.split()
    }
    lines = [line for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == copied
    assert all((CHECKOUT / name).exists() for name in copied)
    ignored = {line.strip("/") for line in (CHECKOUT / ".gitignore").read_text().splitlines()}
    assert {name for name in ignored if name.startswith("static/")} <= set(lines)

"""What monitors, logs and metrics tell, and what they must not."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from forum import health
from forum.db import db
from forum.logs import JSONLines
from tests.cast import Browser, World

pytestmark = pytest.mark.one_database

TOKEN = "a token for whoever gathers figures"
SECRETS = ("words-nobody-else-reads", "somebody@example.net", "Penelope", "link-from-a-slip", "what-was-sought")


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """All that the process logs meanwhile, as lines of JSON."""
    kept = io.StringIO()
    handler, root, access = logging.StreamHandler(kept), logging.getLogger(), logging.getLogger("forum.access")
    handler.setFormatter(JSONLines())
    root.addHandler(handler)
    before, access.level = access.level, logging.INFO
    access.setLevel(logging.INFO)
    yield kept
    access.setLevel(before)
    root.removeHandler(handler)


def lines(kept: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in kept.getvalue().splitlines()]


def set_to(world: World, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
    kept = world.app.extensions["settings"]
    monkeypatch.setitem(world.app.extensions, "settings", replace(kept, **settings))


def test_a_request_has_a_name_and_a_line(world: World, said: io.StringIO) -> None:
    answer = world.app.test_client().get("/sign-in?next=/what-was-sought")
    [line] = [line for line in lines(said) if line["logger"] == "forum.access"]
    assert line["request"] == answer.headers["X-Request-ID"]
    told = {name: line[name] for name in ("endpoint", "method", "status", "statements")}
    assert told == {"endpoint": "members.sign_in", "method": "GET", "status": 200, "statements": 0}
    assert line["ms"] >= line["database_ms"]


def test_a_proxy_that_is_trusted_may_name_it_and_nobody_else(world: World) -> None:
    proxy, headers = world.app.wsgi_app, {"X-Request-ID": "abcdef-0123456789"}
    client = world.app.test_client()
    assert client.get("/healthz", headers=headers).headers["X-Request-ID"] != headers["X-Request-ID"]
    trusted = pytest.MonkeyPatch()
    trusted.setattr(proxy, "_trusts", lambda _address: True)
    with trusted.context():
        assert client.get("/healthz", headers=headers).headers["X-Request-ID"] == headers["X-Request-ID"]
        odd = client.get("/healthz", headers={"X-Request-ID": "a b<script>"}).headers["X-Request-ID"]
    trusted.undo()
    assert re.fullmatch(r"[0-9a-f]{16}", odd)


def test_nothing_personal_is_logged(world: World, said: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    words, email, name, link, sought = SECRETS
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    tina.publish(discussion_id, words)
    tina.get(f"/search?q={sought}")
    Browser(world.app).sign_in(email, words)
    Browser(world.app).get(f"/password/{link}")
    monkeypatch.setattr("forum.discussions.operations.index_post", lambda post: fail(post.body, name))
    world.app.testing, before = False, world.app.testing
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    assert tina.publish(discussion_id, words + " again").status == 500
    world.app.testing = before
    text = said.getvalue()
    assert [secret for secret in SECRETS if secret in text] == []
    [fault] = [line for line in lines(said) if "fault" in line]
    assert (fault["fault"], fault["message"]) == ("IntegrityError", "fault in POST discussions.publish_post")
    assert any("publish_post" in place for place in fault["at"])


def fail(words: str, name: str) -> None:
    """As a database does, which quotes what it was given."""
    db.session.execute(
        sa.text("INSERT INTO units (id, name, path) VALUES (1, :words, :name)"), [{"words": words, "name": name}]
    )
    db.session.execute(
        sa.text("INSERT INTO units (id, name, path) VALUES (1, :words, :name)"), [{"words": words, "name": name}]
    )


def test_the_page_of_a_fault_names_its_request(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(world.app, "testing", False)
    monkeypatch.setitem(world.app.view_functions, "home.home", lambda: 1 / 0)
    page = world.client_of(world.cast.tina).get("/")
    assert page.status == 500
    assert page.headers["X-Request-ID"] in page.words


def test_a_slow_statement_is_told_without_its_values(
    world: World, said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    tina = world.client_of(world.cast.tina)
    set_to(world, monkeypatch, slow_query_ms=-1)
    tina.get("/search?q=what-was-sought")
    slow = [line for line in lines(said) if line["message"] == "slow statement"]
    assert {line["endpoint"] for line in slow} == {"search.search"}
    assert any("FROM posts" in line["sql"] for line in slow)
    assert "sought" not in said.getvalue()


def test_a_monitor_is_told_what_is_wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.app.test_client()
    assert client.get("/healthz").json == {"alive": True}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["schema"], answer.json["disk"]) == (200, "current", "ok")
    monkeypatch.setattr(health, "LITTLE", 1 << 60)
    assert client.get("/readyz").json["disk"] == "low"
    monkeypatch.setattr(health, "expected_revisions", lambda: {"another"})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["schema"]) == (503, "old")


def test_metrics_are_there_for_whoever_has_the_token_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.app.test_client()
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=right).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    set_to(world, monkeypatch, metrics_token=TOKEN)
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert client.get("/metrics", headers=headers).status_code == 404
    assert client.get("/metrics", headers=right).status_code == 200


def test_metrics_count_by_endpoint_never_by_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(world, monkeypatch, metrics_token=TOKEN)
    client, right = world.app.test_client(), {"Authorization": f"Bearer {TOKEN}"}

    def count() -> float:
        found = re.search(
            r'forum_requests_total\{endpoint="discussions.show_discussion",method="GET",status="302"\} (\S+)',
            client.get("/metrics", headers=right).text,
        )
        return float(found[1]) if found else 0.0

    before = count()
    for number in (1, 2, 3):
        client.get(f"/discussions/{number}")
    assert count() == before + 3
    text = client.get("/metrics", headers=right).text
    assert "/discussions" not in text
    assert re.search(r"^forum_jobs_up 0\.0$", text, re.MULTILINE)
    assert re.search(r"^forum_backup_age_seconds -1\.0$", text, re.MULTILINE)


def test_an_administrator_sees_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = world.client_of(world.cast.ada)
    world.app.extensions["jobs"].sweep()
    assert "Everything runs as it should." in ada.get("/admin").words
    monkeypatch.setattr(health, "LITTLE", 1 << 60)
    assert "needs your attention" in ada.get("/admin").words


def test_the_disk_is_looked_at_before_there_is_a_folder(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_to(world, monkeypatch, data=tmp_path / "not" / "yet")
    assert world.app.test_client().get("/readyz").json["disk"] in ("ok", "low")

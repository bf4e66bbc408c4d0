"""What goes wrong under /api/v1: a problem document each, limits, and a counter that is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import limits
import pytest
from sqlalchemy.exc import OperationalError

from forum.api import queries
from forum.config import Settings, SettingsError
from forum.problems import PROBLEMS
from forum.throttle import Throttle
from tests.api.conftest import Program
from tests.cast import World
from tests.realtime.process import Redis

pytestmark = pytest.mark.one_database

ProgramOf = Callable[..., Program]


def assert_problem(answer: Any, status: int, name: str) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (answer.json["type"], answer.json["status"]) == (f"/api#{name}", status)
    assert answer.json["title"]
    assert answer.json["detail"]


def test_an_address_that_leads_nowhere(nobody: Program) -> None:
    assert_problem(nobody.get("/nowhere"), 404, "not-found")
    assert_problem(nobody.get("/classes/a%00b"), 404, "not-found")


def test_a_method_that_an_address_does_not_take(nobody: Program) -> None:
    answer = nobody.post("/me", {})
    assert_problem(answer, 405, "method")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_number_too_large_for_any_database(world: World, program_of: ProgramOf) -> None:
    ivan = program_of(world.cast.ivan)
    for number in ("2147483648", "9" * 30):
        assert_problem(ivan.get(f"/discussions/{number}/posts"), 404, "not-found")
        assert_problem(ivan.post(f"/discussions/{number}/posts", {"body": "x"}), 404, "not-found")


def test_a_fault_of_ours(world: World, program_of: ProgramOf, monkeypatch: pytest.MonkeyPatch) -> None:
    tina = program_of(world.cast.tina)
    monkeypatch.setattr(queries, "page_of_classes", lambda *_: 1 / 0)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(logging.getLogger("forum"), "disabled", True)
    assert_problem(tina.get("/classes"), 500, "failed")


def test_a_database_that_others_hold(world: World, program_of: ProgramOf, monkeypatch: pytest.MonkeyPatch) -> None:
    tina = program_of(world.cast.tina)
    held = Exception()
    held.sqlite_errorcode = 5  # type: ignore[attr-defined]

    def wait(*_arguments: Any) -> None:
        raise OperationalError("BEGIN IMMEDIATE", None, held)

    monkeypatch.setattr(queries, "page_of_classes", wait)
    answer = tina.get("/classes")
    assert_problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "5"


def test_every_problem_has_its_place_on_the_page(world: World, program_of: ProgramOf) -> None:
    page = world.client_of(world.cast.tina).get("/api")
    assert {entry.get("id") for entry in page.all("dt")} >= set(PROBLEMS)
    assert {article.get("id") for article in page.all("article")} >= {"listPosts", "addPost", "Post", "Figures"}


def test_the_page_is_for_everybody(nobody: Program) -> None:
    answer = nobody.client.get("/api")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.fixture
def strict(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(world.app.extensions["settings"], api_limit="3/hour", api_failures="2/hour")
    monkeypatch.setitem(world.app.extensions, "settings", settings)


@pytest.mark.usefixtures("strict")
def test_each_token_has_so_many_requests(world: World, program_of: ProgramOf) -> None:
    tina, tom = program_of(world.cast.tina), program_of(world.cast.tom)
    answers = [tina.get("/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"3"}
    assert_problem(answers[-1], 429, "too-many")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 3600
    assert tom.get("/me").status_code == 200


@pytest.mark.usefixtures("strict")
def test_who_guesses_is_stopped_and_nobody_else_at_the_address(
    world: World, program_of: ProgramOf, nobody: Program
) -> None:
    guesses = [Program(world.app, f"forum_{number}").get("/me").status_code for number in range(3)]
    assert guesses == [401, 401, 429]
    assert nobody.get("/me").status_code == 429
    assert program_of(world.cast.tina).get("/me").status_code == 200


def test_without_redis_each_process_counts_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    throttle, limit = Throttle("redis://127.0.0.1:1/0"), limits.parse("1/hour")
    assert [throttle.take(limit, "token", "1").is_allowed for _ in range(2)] == [True, False]
    assert "Redis does not count" in caplog.text


def test_redis_counts_for_all_processes_together(tmp_path: Path) -> None:
    redis, limit = Redis(tmp_path), limits.parse("2/hour")
    try:
        taken = [Throttle(redis.url).take(limit, "token", "1") for _process in range(3)]
        assert [(left.is_allowed, left.remaining) for left in taken] == [(True, 1), (True, 0), (False, 0)]
    finally:
        redis.stop()


def test_a_limit_that_is_none_is_said_at_the_start(tmp_path: Any) -> None:
    environment = {"FORUM_DATA": str(tmp_path), "FORUM_API_LIMIT": "many"}
    with pytest.raises(SettingsError, match="FORUM_API_LIMIT is “many”"):
        Settings.from_environment(environment)
    assert Settings.from_environment(environment | {"FORUM_API_LIMIT": "5/second"}).api_limit == "5/second"

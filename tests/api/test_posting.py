"""Posting by a program: once, in its member's role, under the rules of the forum, heard on every page at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.api.models import Scope
from forum.api.operations import add_token
from forum.realtime import init_realtime
from tests.api.conftest import Program
from tests.cast import NOW, World
from tests.realtime.listening import Listener

ProgramOf = Callable[..., Program]


@pytest.fixture
def discussion_id(world: World) -> int:
    return world.discussion()


def test_a_text_is_posted_once_however_often_it_is_sent(
    world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    tina = program_of(world.cast.tina)
    first = tina.publish(discussion_id, "My **reflection**", Idempotency_Key="key-1")
    assert first.status_code == 201
    assert (first.json["number"], first.json["body"], first.json["author"]["role"]) == (
        1,
        "My **reflection**",
        "trainee",
    )
    assert tina.get(first.headers["Location"].removeprefix("/api/v1")).json == first.json
    again = tina.publish(discussion_id, "My **reflection**", Idempotency_Key="key-1")
    assert (again.status_code, again.json) == (200, first.json)
    other = tina.publish(discussion_id, "Another text", Idempotency_Key="key-1")
    assert (other.status_code, other.json["type"]) == (422, "/api#refused")
    assert "Idempotency-Key" in other.json["detail"]
    assert world.totals().posts == 1


@pytest.mark.one_database
def test_a_key_is_its_member_s_own_and_no_key_means_a_post_each_time(
    world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    tina, tom = program_of(world.cast.tina), program_of(world.cast.tom)
    assert tina.publish(discussion_id, "Same", Idempotency_Key="k" * 255).status_code == 201
    assert tom.publish(discussion_id, "Same", Idempotency_Key="k" * 255).status_code == 201
    assert [tina.publish(discussion_id, "Same").status_code for _ in range(2)] == [201, 201]
    assert tina.publish(discussion_id, "Same", Idempotency_Key="k" * 256).status_code == 422


@pytest.mark.one_database
def test_a_key_whose_post_is_deleted_is_spent(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    tina = program_of(world.cast.tina)
    tina.publish(discussion_id, "Words", Idempotency_Key="key")
    world.change("delete", world.cast.tina, discussion_id, 1)
    assert tina.publish(discussion_id, "Words", Idempotency_Key="key").status_code == 422


@pytest.mark.one_database
def test_a_reply_stands_under_what_it_answers(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    program_of(world.cast.tina).publish(discussion_id, "A reflection")
    reply = program_of(world.cast.ivan).publish(discussion_id, "A comment", 1).json
    assert (reply["parent"], reply["depth"], reply["author"]["role"]) == (1, 1, "instructor")
    gone = program_of(world.cast.tom).publish(discussion_id, "A reply", 7)
    assert (gone.status_code, list(gone.json["errors"])) == (422, ["parent"])


@pytest.mark.one_database
def test_who_may_post(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    names = ("tina", "ivan", "olga", "omar", "ada", "stella", "wendy")
    given = {name: program_of(getattr(world.cast, name)).publish(discussion_id, "W").status_code for name in names}
    assert given == {"tina": 201, "ivan": 201, "olga": 201, "omar": 403, "ada": 403, "stella": 404, "wendy": 404}


@pytest.mark.one_database
def test_a_token_that_only_reads_posts_nothing(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    tina = program_of(world.cast.tina, "read")
    assert tina.get(f"/discussions/{discussion_id}/posts").status_code == 200
    answer = tina.publish(discussion_id, "Words")
    assert (answer.status_code, answer.json["type"]) == (403, "/api#forbidden")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert world.totals().posts == 0


@pytest.mark.one_database
@pytest.mark.parametrize("state", ["upcoming", "closed", "archived"])
def test_what_is_not_open_takes_nothing_and_says_why(state: str, world: World, program_of: ProgramOf) -> None:
    hours = {"upcoming": {"opens_at": NOW + timedelta(hours=1)}, "closed": {"closes_at": NOW - timedelta(hours=1)}}
    options: dict[str, Any] = hours.get(state, {})
    if state == "closed":
        options["opens_at"] = NOW - timedelta(hours=2)
    discussion_id = world.discussion(**options)
    if state == "archived":
        world.archive()
    answer = program_of(world.cast.tina).publish(discussion_id, "Words", Accept_Language="en")
    assert (answer.status_code, answer.json["type"]) == (422, "/api#refused")
    assert {"upcoming": "not opened", "closed": "has closed", "archived": "is archived"}[state] in answer.json["detail"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("sent", "content_type", "status"),
    [
        (b"body=words", "application/x-www-form-urlencoded", 415),
        (b"words", "application/json", 400),
        (b'{"body": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "application/json", 422),
        (b'{"body": "  \\u200b "}', "application/json", 422),
        (b'{"body": "\\ud800"}', "application/json", 422),
        (b'{"body": "words", "\\ud800": 1}', "application/json", 422),
        (b'{"body": "words", "parent": true}', "application/json", 422),
        (b'{"body": "words", "parent": "1"}', "application/json", 422),
        (b'{"body": "words", "reply_to": 1}', "application/json", 422),
        (b'{"body": "' + b"w" * 100_001 + b'"}', "application/json", 422),
        (b'{"body": "' + b"w" * 3_000_000 + b'"}', "application/json", 413),
        (b'{"body": "a\\u0000b"}', "application/json", 201),
    ],
)
def test_what_is_no_post_is_told_apart(
    sent: bytes, content_type: str, status: int, world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    tina = program_of(world.cast.tina)
    answer = tina.client.post(
        f"/api/v1/discussions/{discussion_id}/posts",
        data=sent,
        headers={"Authorization": f"Bearer {tina.token}", "Content-Type": content_type},
    )
    assert answer.status_code == status
    if status != 201:
        assert answer.mimetype == "application/problem+json"
        assert (answer.json["status"], bool(answer.json["detail"])) == (status, True)


@pytest.fixture
def told(app: Flask) -> Iterator[None]:
    yield
    app.extensions.pop("soon", None)
    init_realtime(app)


@pytest.mark.one_database
@pytest.mark.usefixtures("told")
def test_a_post_by_a_program_stands_on_everybody_s_page_at_once(
    world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    tom = Listener(world.app, world.client_of(world.cast.tom))
    tom.join(discussion=discussion_id, since=0)
    program_of(world.cast.tina).publish(discussion_id, "Heard at once")
    news = dict(tom.heard())["post:published"]
    assert (news["discussion"], news["number"], news["revision"]) == (discussion_id, 1, 1)
    assert "Heard at once" in news["html"]
    tom.socket.disconnect()


def test_a_program_posts_no_more_often_than_its_member(
    world: World, program_of: ProgramOf, discussion_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = world.app.extensions["settings"]
    monkeypatch.setitem(world.app.extensions, "settings", replace(settings, post_limit="3/minute"))
    tina = program_of(world.cast.tina)
    with world.inside():
        other = Program(world.app, add_token(world.member(world.cast.tina), "Another", Scope.WRITE))
    assert world.client_of(world.cast.tina).publish(discussion_id, "By hand").status == 303
    answers = [program.publish(discussion_id, "By a program") for program in (tina, other, tina)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].json["type"] == "/api#too-many"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert world.totals().posts == 3

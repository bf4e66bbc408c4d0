"""Tokens: made by their owner, shown once, good for the API alone, ended when they shall be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from forum.api.models import ApiToken, Scope
from forum.api.operations import add_token
from forum.audit.models import AuditEntry, Verb
from forum.db import db
from forum.errors import Refused
from forum.members.operations import hash_password, set_password
from tests.api.conftest import Program
from tests.cast import Browser, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

ProgramOf = Callable[..., Program]
TOKENS = "/me/tokens"


def secret_on(page: Page) -> str:
    return page.one("p", class_="token-secret").words


@pytest.fixture
def tina(world: World) -> Browser:
    return world.client_of(world.cast.tina)


def test_a_token_is_shown_once_and_kept_as_a_digest(world: World, tina: Browser) -> None:
    page = tina.submit(tina.get(TOKENS), TOKENS, name="  Attendance  script ", scope="read")
    assert (page.status, page.headers["Cache-Control"]) == (201, "no-store")
    secret = secret_on(page)
    assert Program(world.app, secret).get("/me").json["token"] == {"name": "Attendance script", "scope": "read"}
    assert secret not in tina.get(TOKENS).source
    with world.app.app_context():
        kept = db.session.query(ApiToken).one()
        assert secret not in (kept.digest, kept.name)
        assert len(secret) > 40


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "n" * 81}, {"name": "x", "scope": "everything"}])
def test_what_makes_no_token_comes_back(fields: dict[str, str], world: World, tina: Browser) -> None:
    page = tina.submit(tina.get(TOKENS), TOKENS, **({"scope": "read"} | fields))
    assert page.status == 422
    assert not page.all("p", class_="token-secret")
    with world.app.app_context():
        assert db.session.query(ApiToken).count() == 0


def test_nobody_heaps_up_tokens(world: World, tina: Browser) -> None:
    for number in range(20):
        assert tina.post(TOKENS, name=str(number), scope="read").status == 201
    page = tina.post(TOKENS, name="one more", scope="read")
    assert page.status == 422
    assert "20 tokens already" in page.words


def test_a_page_that_is_sent_again_makes_no_second_token(tina: Browser) -> None:
    assert [tina.post(TOKENS, name="A script", scope="read").status for _ in range(2)] == [201, 422]
    assert len(tina.get(TOKENS).all("li", class_="row")) == 1


def test_a_revoked_token_lets_nobody_in(world: World, tina: Browser, program_of: ProgramOf) -> None:
    program = program_of(world.cast.tina)
    page = tina.get(TOKENS)
    action = next(form.action for form in page.forms if form.action.endswith("/revoke"))
    assert "is revoked" in tina.submit(page, action, follow=True).words
    answer = program.get("/me")
    assert (answer.status_code, answer.json["type"]) == (401, "/api#unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="forum", error="invalid_token"'
    assert "No token yet" in tina.get(TOKENS).words


def test_tokens_of_others_are_not_there(world: World, program_of: ProgramOf) -> None:
    program, tom = program_of(world.cast.tina), world.client_of(world.cast.tom)
    with world.app.app_context():
        token_id = db.session.query(ApiToken.id).scalar()
    assert tom.post(f"{TOKENS}/{token_id}/revoke").status == 404
    assert "A script" not in tom.get(TOKENS).words
    assert program.get("/me").status_code == 200


def test_a_new_password_ends_every_token(world: World, program_of: ProgramOf) -> None:
    program, other = program_of(world.cast.tina), program_of(world.cast.tom)
    with world.inside():
        set_password(world.member(world.cast.tina), hash_password("another password"))
    assert program.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_a_closed_account_has_no_token_and_is_given_none(world: World, program_of: ProgramOf) -> None:
    program = program_of(world.cast.tina)
    with world.inside():
        world.member(world.cast.tina).closed_at = world.clock.now
    assert program.get("/me").status_code == 401
    with world.inside(), pytest.raises(Refused, match="has been closed"):
        add_token(world.member(world.cast.tina), "Another", Scope.READ)


def test_a_token_made_before_sees_nothing_of_what_an_administrator_does(world: World, program_of: ProgramOf) -> None:
    program, other = program_of(world.cast.tina), program_of(world.cast.tom)
    ada, path = world.client_of(world.cast.ada), f"/admin/members/{world.cast.tina.id}"
    assert ada.submit(ada.get(path), f"{path}/give").status == 303
    assert program.get("/classes").status_code == 401
    assert other.get("/classes").status_code == 200
    assert program_of(world.cast.tina, "read").get("/classes/autumn").status_code == 200
    with world.app.app_context():
        revoked = db.session.query(ApiToken).filter(ApiToken.revoked_at.is_not(None)).one()
        entry = db.session.query(AuditEntry).filter_by(verb=Verb.TOKEN_REVOKED).one()
        assert (entry.actor_id, entry.member_id) == (world.cast.ada.id, world.cast.tina.id)
        assert entry.details == {"token": revoked.id}


def test_a_session_opens_no_call_and_a_token_no_page(world: World, tina: Browser, program_of: ProgramOf) -> None:
    answer = tina.client.get("/api/v1/me")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="forum"')
    discussion_id = world.discussion()
    assert tina.client.post(f"/api/v1/discussions/{discussion_id}/posts", json={"body": "x"}).status_code == 401
    program = program_of(world.cast.tina)
    page = program.client.get("/me/tokens", headers={"Authorization": f"Bearer {program.token}"})
    assert page.status_code == 302


def test_a_token_counts_before_a_session(world: World, program_of: ProgramOf, tina: Browser) -> None:
    token = program_of(world.cast.tom).token
    assert tina.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json["name"] == "Tom"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic dGluYTp4", "Bearer a=b", "bearer ü"])
def test_what_is_no_token_is_401(header: str, nobody: Program) -> None:
    assert nobody.get("/me", Authorization=header).status_code == 401


def test_the_last_use_is_noted_once_a_minute_after_the_answer(world: World, program_of: ProgramOf) -> None:
    program = program_of(world.cast.tina)

    def noted() -> list[object]:
        found = []
        for _request in range(2):
            program.get("/me").close()
            with world.app.app_context():
                found.append(db.session.query(ApiToken.last_used_at).scalar())
            world.clock.advance(seconds=30)
        return found

    begun = world.clock.now
    assert noted() == [begun, begun]
    assert noted() == [begun + timedelta(minutes=1)] * 2


def test_the_languages_of_an_answer(world: World, program_of: ProgramOf) -> None:
    tina = program_of(world.cast.tina)

    def title(**headers: str) -> str:
        return str(tina.get("/nothing", **headers).json["title"])

    def refusal(**headers: str) -> str:
        return str(tina.get("/classes/none", **headers).json["title"])

    assert title(Accept_Language="en") == refusal() == "There is nothing here"
    assert title(Accept_Language="zh-CN") == refusal(Accept_Language="zh-CN") != title(Accept_Language="en")
    with world.inside():
        world.member(world.cast.tina).locale = "zh"
    assert refusal() == refusal(Accept_Language="zh")

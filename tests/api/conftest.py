"""Programs that use the API, each with a token of somebody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.api.models import Scope
from forum.api.operations import add_token
from tests.cast import NOW, Person, World

# What there is to read of the class "spring" and of a discussion.
PATHS = ["/classes/spring", "/classes/spring/discussions", "/classes/spring/figures", "/discussions/{id}",
         "/discussions/{id}/posts", "/discussions/{id}/posts/1"]  # fmt: skip


class Program:
    """Sends its token with everything it asks for; without one it is nobody's."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client, self.token = app.test_client(), token

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return own | {name.replace("_", "-"): value for name, value in more.items()}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.post(f"/api/v1{path}", json=body, headers=self._headers(headers))

    def publish(self, discussion_id: int, body: str, parent: int | None = None, **headers: str) -> Any:
        return self.post(f"/discussions/{discussion_id}/posts", {"body": body, "parent": parent}, **headers)


@pytest.fixture
def program_of(world: World) -> Callable[..., Program]:
    """`program_of(cast.tina)`, with a token that may write unless told."""

    def make(person: Person, scope: str = "write") -> Program:
        with world.inside():
            token = add_token(world.member(person), "A script", Scope(scope))
        return Program(world.app, token)

    return make


@pytest.fixture
def nobody(world: World) -> Program:
    return Program(world.app)


@pytest.fixture
def discussion_id(world: World) -> int:
    """Tina's reflection (1), Ivan's comment on it (2), Tom's reflection (3), Tina's answer to it (4)."""
    cast, discussion_id = world.cast, world.discussion("The first lecture", closes_at=NOW + timedelta(hours=8))
    for person, parent in ((cast.tina, None), (cast.ivan, 1), (cast.tom, None), (cast.tina, 3)):
        world.publish(person, discussion_id, f"**{person.name}** says", parent)
    return discussion_id

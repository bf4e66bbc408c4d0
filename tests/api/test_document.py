"""The document promises every answer, and every call keeps the promise, whoever asks and whatever is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from forum.api.document import document
from forum.throttle import Throttle
from tests.api.conftest import Program
from tests.cast import World

pytestmark = pytest.mark.one_database

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WHO = ["tina", "ivan", "olga", "omar", "ada", "stella", "wendy", "nobody"]
EXAMPLES = 5


class Unlimited(Throttle):
    """Counts each asker apart, so that nobody comes to an end."""

    asked = 0

    def take(self, limit: Any, *who: str) -> Any:
        self.asked += 1
        return super().take(limit, *who, str(self.asked))


def closed_to_more(node: Any) -> Any:
    """The same schemas, admitting nothing that they do not name."""
    if isinstance(node, dict):
        closed = {name: closed_to_more(value) for name, value in node.items()}
        if closed.get("type") == "object" and "properties" in closed:
            closed["additionalProperties"] = False
        return closed
    return [closed_to_more(each) for each in node] if isinstance(node, list) else node


@pytest.fixture
def promised(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setitem(world.app.extensions, "throttle", Unlimited())
    with world.app.app_context():
        strict = closed_to_more(deepcopy(document()))
    schema = schemathesis.openapi.from_dict(strict)
    schema.app = world.app
    return schema


@pytest.fixture
def there(world: World) -> dict[str, Any]:
    """What is there to be asked for: a reflection, a comment, a hidden and a deleted post."""
    cast, discussion_id = world.cast, world.discussion(prompt="What do you *think*?")
    for person, parent in ((cast.tina, None), (cast.ivan, 1), (cast.tom, None), (cast.tom, 1)):
        world.publish(person, discussion_id, "A thought.", parent)
    world.change("hide", cast.olga, discussion_id, 3, "off the subject")
    world.change("delete", cast.tom, discussion_id, 4)
    return {"slug": "spring", "discussion_id": discussion_id, "number": 1}


def operations(schema: Any) -> Iterator[Any]:
    for result in schema.get_all_operations():
        yield result.ok()


@pytest.mark.parametrize("name", WHO)
def test_whatever_is_sent_the_answer_is_one_of_the_document(
    name: str, world: World, promised: Any, there: dict[str, Any], program_of: Callable[..., Program]
) -> None:
    headers = {}
    if name != "nobody":
        headers["Authorization"] = f"Bearer {program_of(getattr(world.cast, name)).token}"
    seen: set[int] = set()
    for operation in operations(promised):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            # Of a call that takes nothing, or any text, nothing wrong can be made.
            with suppress(hypothesis.errors.Unsatisfiable):
                try_out(operation, mode, headers, there, seen)
    assert ({401} if name == "nobody" else {200, 422} if name != "wendy" else {200, 404}) <= seen


def try_out(
    operation: Any, mode: GenerationMode, headers: dict[str, str], there: dict[str, Any], seen: set[int]
) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), at_home=st.booleans())
    def send(case: Any, at_home: bool) -> None:
        if at_home:
            case.path_parameters = {name: there[name] for name in case.path_parameters or {}}
        response = case.call_and_validate(headers=headers, checks=CHECKS)
        seen.add(response.status_code)

    send()


def test_every_call_stands_in_the_document_and_the_other_way_round(world: World) -> None:
    rules = {
        (method.lower(), rule.rule.removeprefix("/api/v1").replace("<int:", "{").replace("<", "{").replace(">", "}"))
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    with world.app.app_context():
        described = {(method, path) for path, item in document()["paths"].items() for method in item}
    assert rules == described


def test_the_document_is_for_everybody_in_english_and_asked_for_again_only_when_it_changed(
    nobody: Program, world: World
) -> None:
    answer = nobody.get("/openapi.json", Accept_Language="zh")
    assert answer.status_code == 200
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["components"]["responses"]["404"]["description"] == "There is nothing here"
    assert nobody.get("/openapi.json", If_None_Match=answer.headers["ETag"]).status_code == 304
    with world.app.app_context():
        assert json.loads(answer.get_data()) == document()


def test_examples_are_what_their_schemas_say(promised: Any) -> None:
    import jsonschema_rs

    raw = promised.raw_schema
    for path, item in raw["paths"].items():
        for operation in item.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    if "example" in content:
                        schema = content["schema"] | {"components": raw["components"]}
                        jsonschema_rs.Draft202012Validator(schema).validate(content["example"]), path

"""The OpenAPI 3.1 document: the calls and the shapes, put together."""

from dataclasses import fields
from functools import cache
from importlib.metadata import version
from typing import Any

from flask_babel import force_locale

from forum.api import schemas
from forum.api.calls import CALLS, Call, Parameter
from forum.api.shapes import Schema, example_of, object_schema, reference, schema_of
from forum.problems import PROBLEMS
from forum.statistics.definitions import DEFINITIONS
from forum.statistics.figures import FIGURES, Figures

_SHAPES = (
    schemas.Member,
    schemas.Token,
    schemas.TrainingClass,
    schemas.Classes,
    schemas.Discussion,
    schemas.Participation,
    schemas.Discussions,
    schemas.Author,
    schemas.Post,
    schemas.Posts,
    schemas.NewPost,
    schemas.Problem,
)
_OPTIONAL = {schemas.NewPost: frozenset({"parent"}), schemas.Problem: frozenset({"errors"})}
_EVERY_CALL = (401, 429, 500)
_COUNTED = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_HEADERS = {
    "ETag": "Send it as If-None-Match the next time: while nothing has changed the answer is 304, without a body.",
    "Location": "The address of the post.",
    "Retry-After": "After how many seconds to try again.",
    "WWW-Authenticate": "How to say who asks (RFC 6750).",
    "RateLimit-Limit": "How many requests the token has in a minute, or whatever time this forum has set.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "After how many seconds there are all of them again.",
}
_INTRODUCTION = (
    "To read classes, discussions, posts and participation figures, and to post. A program acts in the name of a "
    "member, sees what that member sees on the forum's pages, and nothing else: the rest is 404; what the member sees "
    "but may not do is 403. Each member makes and revokes tokens of their own at /me/tokens; setting a new password "
    "ends them all. Times are ISO 8601 with the offset of the class's time zone. Answers may get further fields later; "
    "those described here stay."
)


@cache
def document() -> Schema:
    with force_locale("en"):
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "Training Forum",
                "version": "1",
                "summary": "The API of an online discussion forum for training courses",
                "description": _INTRODUCTION,
                "license": {"name": "MIT", "identifier": "MIT"},
                "x-server-version": version("training-forum"),
            },
            "servers": [{"url": "/api/v1"}],
            "security": [{"token": []}],
            "paths": _paths(),
            "components": {
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer", "description": "A token from /me/tokens."}
                },
                "headers": {name: {"description": words, "schema": _header(name)} for name, words in _HEADERS.items()},
                "responses": {
                    str(status): _fault(status) for status in sorted({each[0] for each in PROBLEMS.values()})
                },
                "schemas": _shapes(),
            },
        }


def _paths() -> Schema:
    paths: Schema = {
        "/openapi.json": {
            "get": {
                "operationId": "showDocument",
                "summary": "This document",
                "description": "For everybody, without a token.",
                "security": [],
                "responses": {"200": _good("OpenAPI 3.1", {"type": "object"}, {}, ("ETag",)), "304": _unchanged()},
            }
        }
    }
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method] = _operation(call)
    return paths


def _operation(call: Call) -> Schema:
    answers: Schema = {}
    headers = ("ETag", *_COUNTED) if call.method == "get" else ("Location", *_COUNTED)
    for status, (words, shape) in call.answers.items():
        schema = reference(shape) if isinstance(shape, type) else {"$ref": f"#/components/schemas/{shape}"}
        example = example_of(shape) if isinstance(shape, type) else _figures_example()
        answers[str(status)] = _good(words, schema, example, headers)
    if call.method == "get":
        answers["304"] = _unchanged()
    for status in sorted({*_EVERY_CALL, *call.faults, 503}):
        answers[str(status)] = {"$ref": f"#/components/responses/{status}"}
    operation: Schema = {"operationId": call.name, "summary": call.title, "description": call.words}
    if call.parameters:
        operation["parameters"] = [_parameter(each) for each in call.parameters]
    if call.takes:
        content = {"schema": reference(call.takes), "example": {"body": "What I take home: ask first.", "parent": None}}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation | {"responses": answers}


def _parameter(parameter: Parameter) -> Schema:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.words,
        "schema": parameter.schema,
        "example": parameter.example,
    }


def _good(words: str, schema: Schema, example: Any, headers: tuple[str, ...]) -> Schema:
    content: Schema = {"schema": schema}
    if example:
        content["example"] = example
    return {"description": words, "headers": _headers(headers), "content": {"application/json": content}}


def _unchanged() -> Schema:
    return {"description": "Nothing has changed since the answer whose ETag was sent.", "headers": _headers(("ETag",))}


def _headers(names: tuple[str, ...]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(name: str) -> Schema:
    return {"type": "integer"} if name in (*_COUNTED, "Retry-After") else {"type": "string"}


def _fault(status: int) -> Schema:
    """One answer may stand for several problems, told apart by their type."""
    here = {name: words for name, (code, *words) in PROBLEMS.items() if code == status}
    examples = {
        name: {"value": {"type": f"/api#{name}", "title": str(title), "status": status, "detail": str(detail)}}
        for name, (title, detail) in here.items()
    }
    extra = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}.get(status, ())
    return {
        "description": "; ".join(str(title) for title, _detail in here.values()),
        "headers": _headers(extra),
        "content": {"application/problem+json": {"schema": reference(schemas.Problem), "examples": examples}},
    }


def _shapes() -> Schema:
    """What is sent may hold nothing else; what is answered may grow."""
    shapes = {shape.__name__: object_schema(shape, _OPTIONAL.get(shape, frozenset())) for shape in _SHAPES}
    shapes["NewPost"]["additionalProperties"] = False
    return shapes | _figures()


def _figures() -> Schema:
    """Named and defined where the forum defines them."""
    of_class = object_schema(Figures)
    for entry in fields(Figures):
        of_class["properties"][entry.name]["description"] = str(DEFINITIONS[entry.name])
    of_class["description"] = "The figures, by the definitions that are sent with them."
    key = {
        "type": ["integer", "string"],
        "description": "An id (0: no unit or group; -1: above the level), a stage, an hour, or a week's Monday.",
    }
    row_properties = {"key": key, "name": {"type": "string"}} | of_class["properties"]
    row = of_class | {"properties": row_properties, "required": list(row_properties)}
    row["description"] = "The figures of one trainee, unit, group, discussion or week."
    words = {name: schema_of(str) for name in FIGURES}
    return {
        "FiguresTotals": of_class,
        "FiguresRow": row,
        "Figures": {
            "type": "object",
            "description": "Definitions in the language asked for, totals, and the rows that were asked for.",
            "properties": {
                "definitions": {"type": "object", "properties": words, "required": list(FIGURES)},
                "totals": {"$ref": "#/components/schemas/FiguresTotals"},
                "rows": {"type": "array", "items": {"$ref": "#/components/schemas/FiguresRow"}},
            },
            "required": ["definitions", "totals", "rows"],
        },
    }


def _figures_example() -> Schema:
    totals = {name: schemas.PARTICIPATION_EXAMPLE.get(name, 0) for name in FIGURES}
    totals |= {"person_times": 12, "units": 17, "units_covered": 9, "characters": 3120, "discussions": 2}
    totals["median_seconds_to_first_comment"] = 5400.0
    definitions = {name: str(DEFINITIONS[name]) for name in FIGURES}
    return {"definitions": definitions, "totals": totals, "rows": [{"key": 3, "name": "City / East"} | totals]}

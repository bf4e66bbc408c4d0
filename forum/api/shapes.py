"""Dataclasses to JSON, and to JSON Schema: what is answered and what is promised come from one place."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    int: {"type": "integer"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    NoneType: {"type": "null"},
}


def as_json(value: Any) -> Any:
    """Times have an offset already, that of the class."""
    if is_dataclass(value):
        return {entry.name: as_json(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, list):
        return [as_json(entry) for entry in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def reference(shape: type) -> Schema:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def schema_of(shape: Any) -> Schema:
    """Of a field's type; a dataclass is referred to by its name."""
    if shape in _PLAIN:
        return dict(_PLAIN[shape])
    if is_dataclass(shape):
        return reference(shape)  # type: ignore[arg-type]
    if isinstance(shape, type) and issubclass(shape, StrEnum):
        return {"type": "string", "enum": [str(choice) for choice in shape]}
    if get_origin(shape) is list:
        return {"type": "array", "items": schema_of(get_args(shape)[0])}
    if get_origin(shape) is dict:
        return {"type": "object", "additionalProperties": schema_of(get_args(shape)[1])}
    assert isinstance(shape, UnionType), shape
    return _either([schema_of(choice) for choice in get_args(shape)])


def _either(choices: list[Schema]) -> Schema:
    """Of plain types, one schema with all of them."""
    if not all("type" in choice for choice in choices):
        return {"anyOf": choices}
    together: Schema = {name: value for choice in choices for name, value in choice.items()}
    together["type"] = [choice["type"] for choice in choices]
    if "enum" in together:
        together["enum"] = [*together["enum"], None]
    return together


def object_schema(shape: Any, optional: frozenset[str] = frozenset()) -> Schema:
    """Of a dataclass, whose fields are all there but the optional ones."""
    types = get_type_hints(shape)
    assert all(entry.default is MISSING for entry in fields(shape))
    return {
        "type": "object",
        "description": (shape.__doc__ or "").strip(),
        "properties": {entry.name: schema_of(types[entry.name]) | _said(entry) for entry in fields(shape)},
        "required": [entry.name for entry in fields(shape) if entry.name not in optional],
    }


def _said(entry: Any) -> Schema:
    return dict(entry.metadata.get("schema", {}))


def example_of(shape: Any) -> Any:
    """Put together from the examples of its fields; a list holds one example of what it is a list of."""
    types = get_type_hints(shape)
    return {entry.name: _example(types[entry.name], entry) for entry in fields(shape)}


def _example(shape: Any, entry: Any) -> Any:
    items = get_args(shape)[0] if get_origin(shape) is list else None
    if items is not None and is_dataclass(items):
        return [example_of(items)]
    return example_of(shape) if is_dataclass(shape) else entry.metadata["schema"]["examples"][0]

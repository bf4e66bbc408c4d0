"""From the bytes of a line to a JSON object, whatever the line holds."""

import json
import re
from typing import Any

from forum.i18n import gettext as _

_BOM = b"\xef\xbb\xbf"
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


class BadLine(Exception):
    """The line cannot be taken; `reason` is a sentence for the person who has the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Twice(Exception):
    pass


def read_object(raw: bytes, is_first: bool) -> tuple[dict[str, Any], list[str]]:
    """The object of a line, with a note on each thing that had to be mended so that it can be stored."""
    if is_first:
        raw = raw.removeprefix(_BOM)
    try:
        line = raw.replace(b"\x00", b"").decode()
    except UnicodeDecodeError:
        raise BadLine(_("The line is not UTF-8.")) from None
    found = _parse(line)
    notes = []
    if b"\x00" in raw or "\\u0000" in line:
        found = {name: _without_nul(value) for name, value in found.items()}
        notes.append(_("NUL characters were removed."))
    if _HALF_CHARACTER.search(line):
        mended = {name: _with_whole_characters(value) for name, value in found.items()}
        if mended != found:
            notes.append(_("Halves of characters were replaced."))
        found = mended
    return found, notes


def shown(value: object) -> str:
    """A value of the file as a sentence about it may show it: short, and harmless on a terminal."""
    text = "".join(character if character.isprintable() else "?" for character in str(value)[:61])
    return text if len(text) <= 60 else f"{text[:59]}…"


def _parse(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line, object_pairs_hook=_object, parse_constant=_refuse)
    except _Twice as twice:
        raise BadLine(_("“%(field)s” appears twice.", field=shown(twice))) from None
    except (ValueError, RecursionError):
        if line.endswith("\n"):
            raise BadLine(_("The line is not valid JSON.")) from None
        raise BadLine(_("The file ends within this line: it is not valid JSON.")) from None
    if not isinstance(found, dict):
        raise BadLine(_("The line is not a JSON object."))
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _without_nul(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value


def _with_whole_characters(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

"""Single fields of a line: the value, or the reason why the line is bad."""

import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from forum.discussions.models import LONGEST_BODY
from forum.i18n import gettext as _
from forum.interop.lines import BadLine, shown
from forum.interop.models import LONGEST_KEY
from forum.members.operations import is_email_address
from forum.members.queries import normalise_email
from forum.units.models import SEPARATOR

# Beyond these no time zone can be applied any more, and a figure by week would fail for it.
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)

_Choice = TypeVar("_Choice", bound=StrEnum)


def missing(name: str) -> str:
    return _("“%(field)s” is missing.", field=name)


def text(found: dict[str, Any], name: str, longest: int) -> str | None:
    value = found.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadLine(_("“%(field)s” must be a text in quotation marks.", field=name))
    if len(value) > longest:
        raise BadLine(_("“%(field)s” is longer than %(count)s characters.", field=name, count=longest))
    return value


def filled_text(found: dict[str, Any], name: str, longest: int) -> str:
    value = text(found, name, longest)
    if value is None or not value.strip():
        raise BadLine(missing(name))
    return value


def key(found: dict[str, Any], name: str) -> str:
    """An id, or a reference to one. Broken exports have ids of thousands of characters; a hash then stands for the
    end."""
    value = filled_text(found, name, LONGEST_BODY)
    if len(value) <= LONGEST_KEY:
        return value
    return f"{value[: LONGEST_KEY // 2]}…{hashlib.sha256(value.encode()).hexdigest()}"


def choice(found: dict[str, Any], name: str, choices: type[_Choice]) -> _Choice:
    value = found.get(name)
    if value is None:
        raise BadLine(missing(name))
    for known in choices:
        if known == value:
            return known
    admitted = ", ".join(known.value for known in choices)
    raise BadLine(
        _("“%(field)s” is “%(value)s”, not one of: %(choices)s.", field=name, value=shown(value), choices=admitted)
    )


def moment(found: dict[str, Any], name: str) -> datetime | None:
    value = text(found, name, 100)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise BadLine(_("“%(field)s” is not a time: “%(value)s”.", field=name, value=shown(value))) from None
    if at.tzinfo is None:
        raise BadLine(_("“%(field)s” has no offset such as +08:00: “%(value)s”.", field=name, value=shown(value)))
    # Aware times compare without leaving the calendar, which year 1 in +08:00 would do in UTC.
    if not _EARLIEST <= at <= _LATEST:
        raise BadLine(_("“%(field)s” is not between 1900 and 9998: “%(value)s”.", field=name, value=shown(value)))
    return at.astimezone(UTC)


def email(found: dict[str, Any]) -> str | None:
    address = normalise_email(text(found, "email", 254) or "")
    if not address:
        return None
    if not is_email_address(address):
        raise BadLine(_("“%(value)s” is not an e-mail address.", value=shown(address)))
    return address


def unit(found: dict[str, Any]) -> str | None:
    """The path as `units.operations.ensure_unit` will write it; None where no name is left."""
    names = [" ".join(part.split()) for part in (text(found, "unit", 500) or "").split(SEPARATOR.strip())]
    names = [name for name in names if name]
    path = SEPARATOR.join(names)
    if len(path) > 500 or any(len(name) > 120 for name in names):
        raise BadLine(_("The name of the unit is too long."))
    return path or None

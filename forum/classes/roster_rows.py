"""The rows of a roster, read and judged one by one: who is meant, or why that cannot be told.

A row is bad only where nobody can tell who is meant. A phone number or address that cannot be right costs the person
nothing but that: they are imported without it, with a warning, and sign in with a slip.
"""

import re
from dataclasses import dataclass, field, replace

from forum.classes import roster_fields as fields
from forum.classes.headers import Column, Header, find_header
from forum.classes.models import Role
from forum.classes.sheets import Sheet
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.operations import LONGEST_NAME, LONGEST_POSITION
from forum.text import is_blank

LONGEST_GROUP = 120

_NUMBERED_GROUP = re.compile(
    r"(第?\s*[一二三四五六七八九十百\d]{1,4}\s*(?:小组|组)|(?:group|team)\s*\d{1,3})(?!\w)", re.I
)
_NAMED_GROUP = re.compile(r"(\S{1,12}组|.{1,20} (?:group|team)|(?:group|team) .{1,20}?)\s*[:：]?", re.I)
_ASIDE = re.compile(r"\s*[（(][^（()）]*[）)]\s*")
_BELOW_PEOPLE = re.compile(
    r"(合计|总计|共计|总人数|填表人?|制表人?|联系人|备注|说明|注)\s*([:：\d（(]|$)|(total|notes?|remarks?)\s*([:\d(]|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, by the number the spreadsheet shows, in the person's language."""

    row: int
    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What a row says of a person; None where it says nothing, which changes nothing."""

    number: int
    name: str
    phone: str | None = None
    email: str | None = None
    unit: str | None = None
    position: str | None = None
    group: str | None = None
    role: Role | None = None
    organises: bool = False


@dataclass(slots=True)
class Roster:
    """`columns` and `unused` in the words of the file."""

    sheet: str
    header_row: int
    columns: dict[Column, str]
    unused: list[str]
    rows: list[RosterRow] = field(default_factory=list)
    bad: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    other_sheets: list[str] = field(default_factory=list)


def read_roster(sheets: list[Sheet]) -> Roster:
    """Of the first sheet that has people; `Refused` where there is no header, or nobody below it."""
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet)) is not None]
    if not found:
        raise Refused(
            _(
                "There is no roster in this: no row has a header such as 姓名 or “Name” (or “First name” and “Last "
                "name”) with others beside it, such as 单位 or “Unit”, 手机 or “Phone”."
            )
        )
    sheet, header = next((pair for pair in found if len(pair[0].rows) > pair[1].last), found[0])
    roster = _read_sheet(sheet, header)
    roster.other_sheets = [other.name for other in sheets if other is not sheet and any(other.rows)]
    if not roster.rows and not roster.bad:
        raise Refused(_("The header is in row %(row)s, but there is nobody below it.", row=header.row))
    return roster


def _read_sheet(sheet: Sheet, header: Header) -> Roster:
    roster = Roster(sheet.name, header.row, header.words, header.unused)
    _spread_merged(sheet, header)
    group = None
    for number, cells in enumerate(sheet.rows, start=1):
        if heading := _group_heading(cells, is_below=number > header.last):
            group = heading
        elif number > header.last and _is_person(cells, header):
            row = _read_row(number, cells, header, roster)
            if row is not None:
                roster.rows.append(row if row.group else replace(row, group=group))
    return roster


def _spread_merged(sheet: Sheet, header: Header) -> None:
    """A unit or a group may stand once, in a cell joined over the rows of all its people."""
    places = {place for column in (Column.UNIT, Column.GROUP) for place in header.places.get(column, ())}
    for merged in sheet.merged:
        if merged.column not in places or not header.last < merged.first <= len(sheet.rows):
            continue
        value = (sheet.rows[merged.first - 1][merged.column :] or [""])[0]
        for cells in sheet.rows[merged.first : merged.last]:
            if cells:
                cells += [""] * (merged.column + 1 - len(cells))
                cells[merged.column] = cells[merged.column] or value


def _group_heading(cells: list[str], is_below: bool) -> str | None:
    """A group alone in its row stands above its people. Above the header it must be numbered, since titles may end in
    the same word."""
    filled = {cell for cell in cells if cell}
    if len(filled) != 1:
        return None
    words = filled.pop()
    if numbered := _NUMBERED_GROUP.match(words):
        return numbered[1]
    named = _NAMED_GROUP.fullmatch(_ASIDE.sub("", words)) if is_below else None
    return named[1] if named else None


def _is_person(cells: list[str], header: Header) -> bool:
    """Not a blank row, a number prepared for somebody, the header once more, or the words under the list."""
    told = {column for column in header.places if header.value(cells, column)}
    if told <= {Column.GROUP, Column.ROLE} or header.is_repeated(cells):
        return False
    first = next(cell for cell in cells if cell)
    return len(told) > 2 or not any(map(_BELOW_PEOPLE.match, (first, header.value(cells, Column.NAME))))


def _read_row(number: int, cells: list[str], header: Header, roster: Roster) -> RosterRow | None:
    """None for a bad one, which the roster then holds among its faults."""

    def warn(reason: str) -> None:
        roster.warnings.append(Fault(number, reason, name))

    name = fields.name_of(cells, header)
    if is_blank(name):
        roster.bad.append(Fault(number, _("There is no name.")))
        return None
    if len(name) > LONGEST_NAME:
        words = _("The name is longer than %(count)s characters.", count=LONGEST_NAME)
        roster.bad.append(Fault(number, words, f"{name[:20]}…"))
        return None
    unit, position = fields.unit_and_position_of(cells, header)
    role, organises = fields.role_of(header.value(cells, Column.ROLE), warn)
    return RosterRow(
        number,
        name,
        phone=fields.phone_of(header.value(cells, Column.PHONE), warn),
        email=fields.email_of(header.value(cells, Column.EMAIL), warn),
        unit=fields.unit_of(unit, warn),
        position=fields.fitting(position, LONGEST_POSITION, warn),
        group=fields.fitting(header.value(cells, Column.GROUP), LONGEST_GROUP, warn),
        role=role,
        organises=organises,
    )

"""The cells of a file that people keep rosters in: CSV, XLS or XLSX, told by content and not by name. Nothing but
cells is ever read of a workbook: no macros, no formulas, no links, no hidden sheets."""

import codecs
import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from forum.classes.cells import text_of
from forum.errors import Refused
from forum.i18n import gettext as _

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 100
_SEPARATORS = (",", "\t", ";")
_ROWS_TO_SNIFF = 40
# How other things begin that are called .xls or .csv, or are sent by mistake.
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_MARKUP = ("<!doctype", "<html", "<?xml", "<table", "<head", "<body", "<meta")


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of one column joined to one: column from 0, rows as the spreadsheet numbers them."""

    column: int
    first: int
    last: int


@dataclass(slots=True)
class Sheet:
    """`rows[0]` is the spreadsheet's row 1; a row holds no empty cells at its end."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)

    def add_row(self, values: list[object]) -> None:
        cells = [text_of(value) for value in values[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if len(self.rows) < MOST_ROWS:
            self.rows.append(cells)
        elif cells:
            raise Refused(_("There are more than %(count)s rows. Please send the roster in parts.", count=MOST_ROWS))


def read_file(file: Path) -> list[Sheet]:
    """Read no further than is needed to see that it is too large."""
    with file.open("rb") as stream:
        return read_sheets(stream.read(LARGEST_FILE + 1))


def _too_large() -> Refused:
    megabytes = LARGEST_FILE // 1024 // 1024
    return Refused(
        _("The file is larger than %(megabytes)s MB. Send only the roster, without pictures.", megabytes=megabytes)
    )


def read_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets of a file; `Refused` where it is none of ours, or damaged."""
    from forum.classes.workbooks import read_xls, read_xlsx

    if len(data) > LARGEST_FILE:
        raise _too_large()
    if not data.strip():
        raise Refused(_("The file is empty."))
    if data.startswith(b"PK"):
        sheets = read_xlsx(data)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        sheets = read_xls(data)
    elif data.startswith(_FOREIGN):
        raise _not_ours()
    else:
        sheets = [read_text(_decoded(data))]
    for sheet in sheets:
        while sheet.rows and not sheet.rows[-1]:
            sheet.rows.pop()
    return sheets


def read_text(text: str) -> Sheet:
    """Rows of a CSV file, or as a spreadsheet puts them on the clipboard."""
    if text.lstrip().lower().startswith(_MARKUP):
        raise Refused(
            _("This is a web page, whatever its name. Open it in a spreadsheet, save it as XLSX, then send that.")
        )
    lines = io.StringIO(text, newline="")
    named = _named_separator(text)
    sheet = Sheet("")
    try:
        for row in csv.reader(lines, delimiter=named or _separator(text)):
            sheet.add_row([] if named and not sheet.rows else list(row))
    except csv.Error:
        raise Refused(_("The file could not be read: a quotation mark in it is never closed.")) from None
    return sheet


def _named_separator(text: str) -> str:
    """Excel understands a first line such as "sep=;"."""
    first = text[:10].splitlines()[0] if text.strip() else ""
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") and first[4] in _SEPARATORS else ""


def _separator(text: str) -> str:
    """The one that makes the most cells of the first rows."""
    start = text[:100_000]

    def cells(separator: str) -> int:
        count = 0
        try:
            for number, row in enumerate(csv.reader(io.StringIO(start, newline=""), delimiter=separator)):
                if number >= _ROWS_TO_SNIFF:
                    break
                count += max(len(row) - 1, 0)
        except csv.Error:
            pass
        return count

    return max(_SEPARATORS, key=cells)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif data.count(b"\x00") * 20 > len(data):
        raise _not_ours()
    else:
        # Windows in China writes GB18030, or what is part of it; it reads almost any bytes, so it comes last.
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("The letters of this file could not be read. Save it as “CSV UTF-8” or XLSX, then send that."))


def _not_ours() -> Refused:
    return Refused(_("This is no CSV, XLS or XLSX file. Save the roster as one of these, then send that."))

"""The cells of XLS and XLSX workbooks. They are hostile until read: sizes are judged before anything is unpacked."""

import io
import re
import zipfile
import zlib
from typing import Any

import openpyxl
import xlrd

from forum.classes.sheets import MOST_COLUMNS, MOST_ROWS, Merged, Sheet
from forum.errors import Refused
from forum.i18n import gettext as _

_MOST_PARTS = 2000
_MOST_BYTES = 32 * 1024 * 1024
# What reading costs, in time and in memory, goes by the number of elements, which may have four bytes each. 5,000 rows
# of 20 cells have 400,000 tags; styles, names and the like, which are kept whole, cost ten times as much.
_MOST_TAGS, _MOST_TAGS_KEPT = 1_000_000, 100_000
_CELLS = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.I)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
# The last row that a spreadsheet can have.
_LAST_ROW = 1_048_576


def read_xlsx(data: bytes) -> list[Sheet]:
    _judge_archive(data)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False, keep_vba=False
        )
        try:
            visible = [each for each in book.worksheets if each.sheet_state == "visible"]
            return [_sheet_of_xlsx(each) for each in visible]
        finally:
            book.close()
    except Refused:
        raise
    except Exception:  # Whatever a damaged file makes of the reader: KeyError, ValueError, ParseError, zlib.error...
        raise _damaged() from None


def read_xls(data: bytes) -> list[Sheet]:
    """With the formatting, which says what is merged; without it where that part is broken."""
    for formatted in (True, False):
        try:
            book = xlrd.open_workbook(
                file_contents=data,
                formatting_info=formatted,
                on_demand=True,
                ragged_rows=True,
                logfile=io.StringIO(),
            )
            sheets = [book.sheet_by_index(index) for index in range(book.nsheets)]
            return [_sheet_of_xls(book, each) for each in sheets if each.visibility == 0]
        except Refused:
            raise
        except Exception as error:  # Its reader asserts, and fails in many ways, where a file is damaged.
            if isinstance(error, xlrd.XLRDError) and re.search("find workbook|encrypted", str(error), re.I):
                raise Refused(
                    _("This workbook is protected by a password, or is no workbook. Save it without one, as XLSX.")
                ) from None
    raise _damaged()


def _sheet_of_xlsx(worksheet: Any) -> Sheet:
    sheet = Sheet(worksheet.title)
    # Some programs write a wrong size into the file; openpyxl would believe it.
    worksheet.reset_dimensions()
    for number, values in enumerate(worksheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        if number > _LAST_ROW:
            raise _damaged()
        if number <= MOST_ROWS or any(values):
            sheet.add_row(list(values))
    with worksheet.parent._archive.open(worksheet._worksheet_path) as part:
        for left, first, right, last in _MERGED.findall(part.read()):
            if left == right and int(first) < int(last):
                column = openpyxl.utils.column_index_from_string(left.decode()) - 1
                sheet.merged.append(Merged(column, int(first), min(int(last), MOST_ROWS)))
    return sheet


def _sheet_of_xls(book: Any, worksheet: Any) -> Sheet:
    sheet = Sheet(worksheet.name)
    for number in range(worksheet.nrows):
        sheet.add_row([_value_of_xls(book, cell) for cell in worksheet.row(number)])
    for first, end, left, right in worksheet.merged_cells:
        if right - left == 1 and end - first > 1:
            sheet.merged.append(Merged(left, first + 1, min(end, MOST_ROWS)))
    return sheet


def _value_of_xls(book: Any, cell: Any) -> object:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
    return cell.value


def _judge_archive(data: bytes) -> None:
    """What is unpacked of an archive is never more than it declares, so what it declares can be judged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            kind = archive.open("mimetype").read(100) if "mimetype" in names else b""
            if any(part.flag_bits & 1 for part in parts):
                raise Refused(_("This file is protected by a password. Save it without one, then send that."))
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES or _is_dense(archive):
                raise Refused(_("This workbook is too large. Leave only the roster in it, then send it again."))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise _damaged() from None
    if b"opendocument" in kind:
        raise Refused(_("This is an OpenDocument file. Save it as XLSX, then send that."))
    if "xl/workbook.bin" in names:
        raise Refused(_("This is an XLSB file. Save it as XLSX, then send that."))
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused(_("This is an archive or a document without a spreadsheet. Save the roster as XLSX or CSV."))


def _is_dense(archive: zipfile.ZipFile) -> bool:
    tags, kept = 0, 0
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as content:
                count = sum(chunk.count(b"<") for chunk in iter(lambda: content.read(1 << 20), b""))
            tags += count
            kept += 0 if _CELLS.fullmatch(part.filename) else count
    return tags > _MOST_TAGS or kept > _MOST_TAGS_KEPT


def _damaged() -> Refused:
    return Refused(_("This workbook is damaged. Open it in a spreadsheet, save it as XLSX, then send that."))

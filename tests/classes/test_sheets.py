"""From the bytes of a file to cells: every kind of file that offices send, and what is sent by mistake or malice."""

import codecs
import contextlib
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from forum.classes import sheets
from forum.classes.cells import text_of
from forum.classes.sheets import LARGEST_FILE, MOST_ROWS, Merged, read_sheets, read_text
from forum.errors import Refused
from tests.classes.workbooks import archive, csv, rewritten, xlsx

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ROWS = [["姓名", "单位"], ["张三", "市委会"]]


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_sheets(data)
    return refused.value.reason


@pytest.mark.parametrize(
    "data",
    [
        csv("姓名,单位", "张三,市委会"),
        csv("姓名,单位", "张三,市委会", encoding="utf-8-sig"),
        csv("姓名,单位", "张三,市委会", encoding="gb18030"),
        csv("姓名\t单位", "张三\t市委会", encoding="utf-16"),
        codecs.BOM_UTF16_BE + csv("姓名\t单位", "张三\t市委会", encoding="utf-16-be"),
        csv("姓名;单位", "张三;市委会"),
        csv('"姓名","单位"', '"张三","市委会"', ""),
        xlsx(ROWS),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "utf-16-be", "semicolons", "quoted", "xlsx"],
)
def test_the_same_roster_in_any_file_gives_the_same_cells(data: bytes) -> None:
    (sheet,) = read_sheets(data)
    assert sheet.rows == ROWS


def test_rows_keep_the_number_that_a_spreadsheet_shows() -> None:
    (sheet,) = read_sheets(csv("", "Name,Note", "", 'Tina,"two', 'lines"', "Tom"))
    assert sheet.rows == [[], ["Name", "Note"], [], ["Tina", "two lines"], ["Tom"]]


def test_the_separator_named_in_the_first_line_is_taken_and_the_line_counted() -> None:
    assert read_text("sep=;\nName;Unit\nTina;East, upper part, left\n").rows[1:] == [
        ["Name", "Unit"],
        ["Tina", "East, upper part, left"],
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13800138000.0, "13800138000"),
        (1.38e10, "13800000000"),
        (13800138000, "13800138000"),
        (2.5, "2.5"),
        (True, "TRUE"),
        (None, ""),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30), "2026-03-02 09:30"),
        ("'13800138000", "13800138000"),
        ('="13800138000"', "13800138000"),
        ("'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("O'Neill", "O'Neill"),
        ("#N/A", ""),
        ("#REF!", ""),
        ("  张　三\u00a0\n", "张 三"),
        ("Ti\x00na", "Ti na"),
        ("\u202eanit\u202c\ufeff", "anit"),
        ("half \ud83d", "half"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (float("nan"), "nan"),
    ],
)
def test_a_value_becomes_the_text_that_a_person_meant(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_cell_is_cut_and_so_is_a_row() -> None:
    (sheet,) = read_sheets(csv("x" * 10_000, "," * 300 + "far"))
    assert [len(row) for row in sheet.rows] == [1]
    assert len(sheet.rows[0][0]) == 2000


def test_only_visible_sheets_are_read_with_what_is_merged_downward() -> None:
    data = xlsx(
        [["Title"], ["Name", "Group"], ["Tina", "East"], ["Tom"]],
        merged=["A1:B1", "B3:B4"],
        hidden=([["Name"], ["Hidden"]], "hidden"),
        macros=([["Name"], ["Very hidden"]], "veryHidden"),
        second=([["x"]], "visible"),
    )
    assert [sheet.name for sheet in read_sheets(data)] == ["Sheet", "second"]
    assert read_sheets(data)[0].merged == [Merged(1, 3, 4)]


def test_a_formula_gives_what_was_last_computed_and_is_never_computed_here() -> None:
    cell = b'<c r="A1"><f>1+1</f><v>13800138000</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><f>NOW()</f></c>'
    sheet = SHEET.encode() + b'<row r="1">' + cell + b"</row></sheetData></worksheet>"
    data = rewritten(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": sheet})
    assert read_sheets(data)[0].rows == [["13800138000"]]


def test_a_size_that_the_file_states_wrongly_hides_nobody() -> None:
    data = xlsx([["Name", "Unit"], ["Tina", "East"]])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        part = book.read("xl/worksheets/sheet1.xml")
    assert b'ref="A1:B2"' in part
    (sheet,) = read_sheets(rewritten(data, {"xl/worksheets/sheet1.xml": part.replace(b"A1:B2", b"A1")}))
    assert sheet.rows == [["Name", "Unit"], ["Tina", "East"]]


def test_more_rows_than_a_roster_has_are_refused_but_empty_ones_do_not_count() -> None:
    assert str(MOST_ROWS) in refusal(csv("Name", *["Tina"] * MOST_ROWS))
    (sheet,) = read_sheets(csv("Name", *[","] * 2 * MOST_ROWS))
    assert sheet.rows == [["Name"]]
    assert str(MOST_ROWS) in refusal(xlsx([["Name"], *[["Tina"]] * MOST_ROWS]))


def test_a_row_far_below_the_end_of_every_sheet_does_not_keep_the_reader_busy() -> None:
    row = '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData></worksheet>'
    assert "damaged" in refusal(rewritten(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": (SHEET + row).encode()}))


def test_what_unpacks_to_far_more_than_a_roster_is_refused_before_it_is_unpacked() -> None:
    bomb = rewritten(xlsx(ROWS), {"xl/worksheets/sheet1.xml": b" " * 40_000_000})
    assert len(bomb) < 100_000
    assert "too large" in refusal(bomb)
    assert "too large" in refusal(rewritten(xlsx(ROWS), {"xl/styles.xml": b"<xf/>" * 100_000}))
    assert "too large" in refusal(rewritten(xlsx(ROWS), {"xl/worksheets/sheet1.xml": b"<c/>" * 1_000_001}))
    many = {f"xl/part{number}.xml": b"" for number in range(2001)}
    assert "too large" in refusal(rewritten(xlsx(ROWS), many))


def test_entities_that_multiply_are_refused() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e0 "ha">{levels}]>{SHEET}<row r="1">'
    cell = '<c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>'
    assert "damaged" in refusal(rewritten(xlsx(ROWS), {"xl/worksheets/sheet1.xml": (laughs + cell).encode()}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (xlsx(ROWS)[:1000], "damaged"),
        (xlsx(ROWS)[:-100], "damaged"),
        (rewritten(xlsx(ROWS), {"xl/workbook.xml": b"<not"}), "damaged"),
        (rewritten(xlsx(ROWS), {"[Content_Types].xml": b"<Types/>"}), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000, "damaged"),
        (archive(**{"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
        (archive(**{"[Content_Types].xml": b"", "xl/workbook.bin": b""}), "XLSB"),
        (archive(**{"[Content_Types].xml": b"", "word/document.xml": b""}), "without a spreadsheet"),
        (archive(**{"roster.csv": b"Name"}), "without a spreadsheet"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "web page"),
        (b"%PDF-1.7", "no CSV, XLS or XLSX"),
        (b"\x89PNG\r\n\x1a\n", "no CSV, XLS or XLSX"),
        (csv("Name,Unit", "Tina,East", encoding="utf-16-le"), "no CSV, XLS or XLSX"),
        (b"Name\r\n\xff\xff\xff\xff", "letters"),
        (b"Name,Unit\n" + b'"' + b"x" * 140_000, "quotation mark"),
        (b"x" * (LARGEST_FILE + 1), "5 MB"),
    ],
)  # fmt: skip
def test_what_is_no_roster_file_is_refused_with_a_way_out(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_no_damage_to_a_workbook_is_an_error_of_ours() -> None:
    whole = xlsx(ROWS, merged=["A1:B1"])
    for place in range(0, len(whole), 37):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        with contextlib.suppress(Refused):
            read_sheets(damaged)


def test_a_protected_workbook_says_so() -> None:
    data = bytearray(xlsx(ROWS))
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    assert "password" in refusal(bytes(data))


def test_a_file_on_disk_is_read_no_further_than_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LARGEST_FILE", 1000)
    (tmp_path / "roster.csv").write_bytes(b"Name\n" + b"Tina\n" * 1000)
    with pytest.raises(Refused):
        sheets.read_file(tmp_path / "roster.csv")

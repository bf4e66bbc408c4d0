"""Files as people send them, made here: workbooks of rows, archives that are something else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl


def xlsx(rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), title: str = "Sheet", **others: Any) -> bytes:
    """A workbook of one sheet; `others` are further sheets by title, `(rows, state)`."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    for name, (more, state) in others.items():
        other = book.create_sheet(name)
        other.sheet_state = state
        for row in more:
            other.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(workbook: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same workbook with some of its parts replaced, or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return stream.getvalue()


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)

"""What a file is, by what is in it: its name and what the browser says of it are not asked."""

import io
import re
import zipfile
import zlib

from forum.attachments.models import FileType

_MAIN = b"application/vnd.openxmlformats-officedocument.%s+xml"
_OPEN_XML = {
    _MAIN % b"wordprocessingml.document.main": FileType.DOCX,
    _MAIN % b"spreadsheetml.sheet.main": FileType.XLSX,
    _MAIN % b"presentationml.presentation.main": FileType.PPTX,
}
# Streams by which the older Office files are known, as their directory writes the names; and those of macros.
_STREAMS = {"WordDocument": FileType.DOC, "Workbook": FileType.XLS, "PowerPoint Document": FileType.PPT}
_MACROS = ("_VBA_PROJECT", "Macros")
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_MOST_ENTRIES, _LARGEST_INSIDE, _LARGEST_LIST = 5_000, 500_000_000, 1_000_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def document_type(name: str, data: bytes) -> FileType | None:
    """None: nothing that is taken, or with macros."""
    if data.startswith(b"%PDF-"):
        return FileType.PDF
    if data.startswith(b"PK\x03\x04"):
        return _open_xml(data)
    if data.startswith(_COMPOUND):
        return _compound(data)
    if not _is_text(data):
        return None
    # Nothing in a text says whether its commas part columns.
    return FileType.CSV if name.lower().endswith(".csv") else FileType.TXT


def _open_xml(data: bytes) -> FileType | None:
    """Only the list of its parts is unpacked, and of that no more than a list can need."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _LARGEST_INSIDE:
                return None
            list_ = file.getinfo("[Content_Types].xml")
            if list_.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                return None
            with file.open(list_) as stream:
                listed = stream.read(_LARGEST_LIST)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, RuntimeError, EOFError, ValueError):
        return None
    if any("vbaproject" in entry.filename.lower() for entry in entries):
        return None
    return next((kind for main, kind in _OPEN_XML.items() if b'"' + main + b'"' in listed), None)


def _compound(data: bytes) -> FileType | None:
    if any(name.encode("utf-16-le") in data for name in _MACROS):
        return None
    return next((kind for name, kind in _STREAMS.items() if name.encode("utf-16-le") in data), None)


def _is_text(data: bytes) -> bool:
    """Words for people: no controls, no page or drawing for a browser, no other document written in letters."""
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return False
    return bool(text.strip()) and not _CONTROLS.search(text) and not text.lstrip().startswith(("<", "{\\rtf", "%!"))

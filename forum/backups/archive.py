"""The file of a backup: a zip archive in which each table is a member, a row a line, and each upload is one, beside a
manifest. Its comment is its seal: the SHA-256 of every byte before it, so that no change anywhere goes unseen."""

import io
import json
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from forum.attachments.storage import Readable
from forum.errors import Refused
from forum.i18n import gettext as _

FORMAT = 1
_MANIFEST = "manifest.json"
_SEAL, _PIECE = 64, 1 << 20
# Half the time of zlib's own level, for a tenth more bytes.
_LEVEL = 3
# What an upload may be called: it becomes a path again.
_UPLOAD = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)
# What reading something else than a backup ends in.
UNREADABLE = (BadZipFile, zlib.error, LookupError, RuntimeError, TypeError, ValueError, AttributeError, EOFError)


@dataclass(frozen=True, slots=True)
class Contents:
    """Of a table: the names of its columns, and how many rows there are."""

    columns: list[str]
    rows: int


@dataclass(slots=True)
class Manifest:
    """`version` is the product's, `revision` the schema's; uploads are members by their place in the list."""

    version: str
    revision: str = ""
    taken_at: str = ""
    tables: dict[str, Contents] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(contents.rows for contents in self.tables.values())


class Draft:
    """An archive under way."""

    def __init__(self, zipped: ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = zipped, manifest

    def add_table(self, name: str, columns: list[str], pieces: Iterator[list[bytes]]) -> Iterator[int]:
        """Adds lines a piece at a time; tells how many."""
        rows = 0
        with self._zip.open(_table(name), "w", force_zip64=True) as member:
            for lines in pieces:
                member.write(b"".join(lines))
                rows += len(lines)
                yield len(lines)
        self.manifest.tables[name] = Contents(columns, rows)

    def add_upload(self, name: str, stream: Readable) -> None:
        """As it is: pictures and documents are compressed already."""
        with self._zip.open(ZipInfo(_upload(len(self.manifest.uploads))), "w", force_zip64=True) as member:
            _copy(stream, member)
        self.manifest.uploads.append(name)


@dataclass(frozen=True, slots=True)
class Archive:
    """One that has been read through and found whole."""

    _zip: ZipFile
    manifest: Manifest

    def lines_of(self, table: str) -> Iterator[bytes]:
        with self._zip.open(_table(table)) as member:
            yield from io.BufferedReader(member, _PIECE)  # type: ignore[type-var]

    def uploads(self) -> Iterator[tuple[str, IO[bytes]]]:
        for place, name in enumerate(self.manifest.uploads):
            with self._zip.open(_upload(place)) as member:
                yield name, member


@contextmanager
def written(file: Path, manifest: Manifest) -> Iterator[Draft]:
    """A new file: it gets its name when it is complete, on the disk, and has been read back. For its owner only."""
    _refuse_to_overwrite(file)
    descriptor, name = mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as zipped:
                zipped.comment = b"0" * _SEAL
                yield Draft(zipped, manifest)
                zipped.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
            seal = _seal_of(stream)
            stream.seek(-_SEAL, os.SEEK_END)
            stream.write(seal)
            stream.flush()
            os.fsync(stream.fileno())
        with opened(part):
            _refuse_to_overwrite(file)
            part.rename(file)
        _sync_folder(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _refuse_to_overwrite(file: Path) -> None:
    if file.exists():
        raise Refused(_("%(file)s is there already; a backup overwrites nothing.", file=file))


@contextmanager
def opened(file: Path) -> Iterator[Archive]:
    """Refused unless every byte is as it was written and everything is there."""
    with file.open("rb") as stream:
        yield _checked(stream, file)


def _checked(stream: IO[bytes], file: Path) -> Archive:
    is_whole = _seal_of(stream) == stream.read()
    try:
        if is_whole:
            zipped = ZipFile(stream)
            manifest = _manifest_of(zipped, file)
            is_whole = _holds_all(zipped, manifest)
    except UNREADABLE:
        is_whole = False
    if not is_whole:
        raise damaged(file)
    return Archive(zipped, manifest)


def damaged(file: Path) -> Refused:
    return Refused(_("%(file)s is no backup, or it is damaged.", file=file))


def _manifest_of(zipped: ZipFile, file: Path) -> Manifest:
    said: dict[str, Any] = json.loads(zipped.read(_MANIFEST))
    if said["format"] != FORMAT:
        words = _("%(file)s was written by another version of Training Forum (%(version)s); restore it with that one.")
        raise Refused(words % {"file": file, "version": said["version"]})
    tables = {str(name): Contents(**contents) for name, contents in said.pop("tables").items()}
    return Manifest(tables=tables, **said)


def _holds_all(zipped: ZipFile, manifest: Manifest) -> bool:
    """Whether all that the manifest tells of can be read, each table has its rows, and no upload is called anything
    that leads elsewhere, or as another."""
    rows_are_there = all(_count_lines(zipped, name) == table.rows for name, table in manifest.tables.items())
    for place, name in enumerate(manifest.uploads):
        with zipped.open(_upload(place)) as member:
            _copy(member, None)
        if not _UPLOAD.fullmatch(name):
            return False
    return rows_are_there and len(set(map(key_in, manifest.uploads))) == len(manifest.uploads)


def _count_lines(zipped: ZipFile, table: str) -> int:
    with zipped.open(_table(table)) as member:
        return sum(piece.count(b"\n") for piece in _pieces(member))


def _seal_of(stream: IO[bytes]) -> bytes:
    """Reads up to where the seal stands."""
    left, digest = max(stream.seek(0, os.SEEK_END) - _SEAL, 0), sha256()
    stream.seek(0)
    while left:
        piece = stream.read(min(left, _PIECE))
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest().encode()


def _copy(source: Readable, target: IO[bytes] | None) -> None:
    for piece in _pieces(source):
        if target:
            target.write(piece)


def _pieces(stream: Readable) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _table(name: str) -> str:
    return f"tables/{name}.jsonl"


def _upload(place: int) -> str:
    return f"uploads/{place}"


def key_in(name: str) -> str:
    """Under which the upload of this name is kept."""
    return name.rpartition("/")[2]

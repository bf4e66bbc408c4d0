"""What people have uploaded: the files under FORUM_DATA/uploads, each by its path there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from flask import current_app

from forum.backups.archive import Archive
from forum.config import Settings


def names() -> list[str]:
    return sorted(file.relative_to(_folder()).as_posix() for file in _folder().rglob("*") if file.is_file())


@contextmanager
def read(name: str) -> Iterator[IO[bytes]]:
    with (_folder() / name).open("rb") as stream:
        yield stream


@contextmanager
def restored(archive: Archive) -> Iterator[None]:
    """They stay if what is done with them here succeeds."""
    added: list[str] = []
    try:
        for name, stream in archive.uploads():
            added.append(name)
            _add(name, stream)
        yield
    except BaseException:
        for name in added:
            with suppress(OSError):
                (_folder() / name).unlink()
        raise


def _add(name: str, stream: IO[bytes]) -> None:
    file = _folder() / name
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("xb") as target:
        copyfileobj(stream, target)
        target.flush()
        os.fsync(target.fileno())


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.uploads

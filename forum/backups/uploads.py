"""What people have uploaded, in a folder or in a bucket. In a backup each is named as in the folder, `ab/abcdef`,
whichever it was in: the last part is its key."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from forum.attachments.models import IMAGES
from forum.attachments.storage import StorageFailed, keys_of, storage
from forum.backups import queries
from forum.backups.archive import Archive, Draft, key_in
from forum.errors import Refused


@contextmanager
def in_words() -> Iterator[None]:
    """That a bucket is away is said as whatever else is refused."""
    try:
        yield
    except StorageFailed as failed:
        raise Refused(str(failed)) from failed


def is_empty() -> bool:
    return storage().is_empty()


def add_all(draft: Draft) -> None:
    for key in storage().all_keys():
        _add(draft, key)


def add_missing(draft: Draft) -> None:
    """What the rows refer to and was not there yet when the others were listed."""
    there = set(map(key_in, draft.manifest.uploads))
    for file in queries.kept_files():
        for key in keys_of(file.key, file.type in IMAGES):
            if key not in there:
                _add(draft, key)


def _add(draft: Draft, key: str) -> None:
    """Unless it has been deleted meanwhile."""
    with storage().opened(key) as stream:
        if stream:
            draft.add_upload(f"{key[:2]}/{key}", stream)


@contextmanager
def restored(archive: Archive) -> Iterator[None]:
    """They stay if what is done with them here succeeds."""
    added: list[str] = []
    try:
        with in_words():
            for name, stream in archive.uploads():
                added.append(key_in(name))
                storage().add(added[-1], stream)
        yield
    except BaseException:
        # A bucket that is away is not asked once more for each.
        with suppress(StorageFailed):
            for key in added:
                with suppress(OSError):
                    storage().delete(key)
        raise

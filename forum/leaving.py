"""Whether the server is about to stop: said by its master, known to all its workers."""

import mmap

# Shared by whoever is forked from this process.
_page = mmap.mmap(-1, 1)


def begin() -> None:
    _page[0] = 1


def is_leaving() -> bool:
    return _page[0] == 1

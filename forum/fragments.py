"""HTML that is the same for many, kept in memory by what it shows and the revision it shows it at; a minute at most.

A whole page can be kept too: what is a person's own stands in it as a blank and is filled in as the page goes out.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

from cachetools import TTLCache
from flask import current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from forum.i18n import language

# Unguessable, so that nobody can write one into a post.
_SECRET = secrets.token_hex(8)
_BLANK = re.compile(f"blank-{_SECRET}-([a-z_0-9]+)-")


# In characters or bytes, whatever a fragment is made of.
_ROOM = 64_000_000


def _size_of(kept: Markup | list[bytes]) -> int:
    return len(kept) if isinstance(kept, str) else sum(map(len, kept))


class NotKept(Exception):
    """Raised in place of rendering, by who wants what is kept or nothing."""


def only_kept() -> str:
    raise NotKept


def blank(name: str) -> Markup:
    """Stands in a kept page for what is a person's own."""
    return Markup(f"blank-{_SECRET}-{name}-")  # noqa: S704 - of letters and digits


def filled(page: str, own: Mapping[bytes, bytes]) -> str:
    """A page that is not kept, with the blanks of its kept fragments filled in."""
    return _BLANK.sub(lambda found: own[found[1].encode()].decode(), page)


def without_blanks(page: str, kind: str) -> str:
    """The page without those blanks whose names begin so."""
    return _BLANK.sub(lambda found: "" if found[1].startswith(kind) else found[0], page)


class Fragments:
    """`csrf_token` gives the token that is filled in; the one that is replaced by a blank is what templates wrote."""

    def __init__(self, csrf_token: Callable[[], str]) -> None:
        self._csrf_token = csrf_token
        self._kept: TTLCache[tuple[Any, ...], Any] = TTLCache(maxsize=_ROOM, ttl=60, getsizeof=_size_of)
        self._lock = Lock()
        # Of those being made now: whoever else asks waits for the one who makes it.
        self._making: dict[tuple[Any, ...], Lock] = {}

    def get(self, key: tuple[Any, ...], render: Callable[[], str]) -> Markup:
        """The fragment of the key in the language of this answer, rendered if it is not kept."""
        fragment: Markup = self._get(key, lambda: Markup(render()))  # noqa: S704 - by our templates, which escape
        return fragment

    def page(self, key: tuple[Any, ...], render: Callable[[], str], own: dict[bytes, bytes]) -> bytes:
        """The page of the key in UTF-8 with its blanks filled in: `own` gives safe HTML by the blanks' names. The token
        against forged requests, which templates write wherever they have a form, is added to it."""

        def split() -> list[bytes]:
            page = render().replace(generate_csrf(), blank("csrf_token"))
            return [part.encode() for part in _BLANK.split(page)]

        parts = list(self._get(key, split))
        if b"csrf_token" in parts[1::2]:
            own[b"csrf_token"] = self._csrf_token().encode()
        parts[1::2] = [own[name] for name in parts[1::2]]
        return b"".join(parts)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        key = (*key, language())
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                return kept
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                kept = self._kept.get(key)
            try:
                if kept is None:
                    kept = make()
                    with self._lock, suppress(ValueError):  # larger than all the room there is
                        self._kept[key] = kept
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return kept


def fragments() -> Fragments:
    kept: Fragments = current_app.extensions["fragments"]
    return kept

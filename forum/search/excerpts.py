"""A few words of a text around what was looked for, and which of them it was."""

import re
from collections.abc import Sequence

from forum.text import visible_text
from forum.words import Phrase, folded

BEFORE, LENGTH = 30, 150
_TO_WORD = re.compile(r"[^\W_]*[A-Za-z0-9]$")

Pieces = list[tuple[str, bool]]


def excerpt_of(markup: str, phrases: Sequence[Phrase]) -> Pieces:
    """Of sanitised HTML: pieces of plain text, each with whether it was looked for."""
    text = " ".join(visible_text(markup).split())
    found = _spans(text, phrases)
    start, end = _window(text, found[0] if found else (0, 0))
    pieces = _cut(text[start:end], [(first - start, last - start) for first, last in found if first < end])
    return [("… ", False)] * (start > 0) + pieces + [(" …", False)] * (end < len(text))


def marked(text: str, phrases: Sequence[Phrase]) -> Pieces:
    """The whole of a short text, in the same way."""
    return _cut(text, _spans(text, phrases))


def _spans(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where they stand in the text as it is written, in order and apart."""
    plain, places = folded(text), list[int]()
    if len(plain) != len(text):
        # A sign that folds into several, or into none: one by one.
        parts = [folded(sign) for sign in text]
        plain = "".join(parts)
        places = [place for place, part in enumerate(parts) for _ in part]
    wanted = "|".join(phrase.pattern for phrase in sorted(phrases, key=lambda one: -one.letters))
    hits = [hit.span() for hit in re.finditer(wanted, plain)] if wanted else []
    return [(places[first], places[last - 1] + 1) for first, last in hits] if places else hits


def _window(text: str, first: tuple[int, int]) -> tuple[int, int]:
    start = max(0, first[0] - BEFORE)
    if start:
        # A word of letters is not cut in two.
        before = _TO_WORD.search(text[:start][-20:])
        start -= len(before[0]) if before else 0
    return start, min(len(text), max(start + LENGTH, first[1]))


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> Pieces:
    pieces, done = [], 0
    for first, last in spans:
        pieces += [(text[done:first], False), (text[first:last], True)]
        done = last
    return [(piece, is_found) for piece, is_found in [*pieces, (text[done:], False)] if piece]

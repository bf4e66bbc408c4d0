"""What a text is found by: words of letters and digits, and of Chinese every two characters that stand together.

Pairs of characters need no dictionary, so whatever is typed is found wherever it stands in whatever company.
"""

import re
import unicodedata
from dataclasses import dataclass

from forum.text import ONE_EACH

_RUN = re.compile(rf"[{ONE_EACH}]+|(?:(?![{ONE_EACH}])[^\W_])+")
_IS_CHARACTERS = re.compile(rf"[{ONE_EACH}]")
_QUOTED = re.compile(r'"([^"]*)"?|([^\s"]+)')
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_QUOTES = str.maketrans("“”„«»「」『』", '"' * 9)

# More than any text needs; PostgreSQL refuses a tsvector of a megabyte, and a word of two kilobytes.
MOST_LETTERS, MOST_WORDS, LONGEST_WORD = 150_000, 50_000, 64
MOST_PHRASES = 8


def folded(text: str) -> str:
    """Full-width as half-width, capitals as small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def runs_of(text: str) -> list[str]:
    """The stretches of Chinese, and the words of letters and digits, in their order."""
    return _RUN.findall(folded(text))


def words_of(text: str) -> list[str]:
    """In order. Of "研修班 2026": 研修 修班 班 2026."""
    return [word for run in runs_of(text[:MOST_LETTERS])[:MOST_WORDS] for word in _pairs(run)][:MOST_WORDS]


def _pairs(run: str) -> list[str]:
    if not _IS_CHARACTERS.match(run):
        return [run[:LONGEST_WORD]]
    return [run[place : place + 2] for place in range(len(run))]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Runs that are looked for side by side, and the text between them as typed; `is_open`: the last word may go on
    (train: training)."""

    text: str
    runs: tuple[str, ...]
    is_open: bool

    @property
    def letters(self) -> int:
        return sum(map(len, self.runs))

    @property
    def words(self) -> list[str]:
        """As `words_of` the text has them: what ends a run here may go on there, unless another run follows."""
        words = [word for run in self.runs for word in _pairs(run)]
        return words[:-1] if len(self.runs[-1]) > 1 and self.ends_in_characters else words

    @property
    def is_prefix(self) -> bool:
        """Whether the last of the words is to be found at the beginning of longer ones, too."""
        return len(self.runs[-1]) == 1 if self.ends_in_characters else self.is_open and len(self.runs[-1]) > 1

    @property
    def ends_in_characters(self) -> bool:
        return _IS_CHARACTERS.match(self.runs[-1]) is not None

    @property
    def pattern(self) -> str:
        """A regular expression for it in a folded text."""
        begins = "" if _IS_CHARACTERS.match(self.runs[0]) else rf"(?<!(?![{ONE_EACH}])[^\W_])"
        ends = "" if self.ends_in_characters or self.is_prefix else rf"(?!(?![{ONE_EACH}])[^\W_])"
        return begins + r"[\W_]*".join(map(re.escape, self.runs)) + ends


def phrases_of(typed: str) -> list[Phrase]:
    """Each typed word is a phrase, and so is what stands in quotation marks. Nothing typed is an operator."""
    phrases = []
    for quoted, word in _QUOTED.findall(typed.replace("\x00", " ").translate(_QUOTES)):
        if runs := runs_of(quoted or word):
            phrases.append(Phrase(_EDGES.sub("", folded(quoted or word)), tuple(runs), is_open=not quoted))
    return list(dict.fromkeys(phrases))[:MOST_PHRASES]

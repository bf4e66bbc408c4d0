"""Tables in typed Markdown: no larger than a page can bear, and whatever was typed beside them is not lost."""

import re

MOST_COLUMNS = 50
MOST_CELLS = 500 * MOST_COLUMNS

_PREFIX = re.compile(r"[ \t\v\f>]*")
_MARKS = re.compile(r"\|?[ \t\v\f]*:?-+:?[ \t\v\f]*(?:\|[ \t\v\f]*:?-+:?[ \t\v\f]*)*\|?")
_BORDER = re.compile(r"(?<!\\)\|")
_OTHER_BLOCK = re.compile(r"#|[-+*][ \t]|\d{1,9}[.)][ \t]")


class Tables:
    """Reads a text line by line as Markdown does: a row of marks (`--|--`) begins a table, and every line after it is
    a row, filled up to the table's width, until a blank one: a short line may so become a thousand empty cells."""

    def __init__(self) -> None:
        self._columns, self._quotes, self._left = 0, 0, MOST_CELLS

    def take(self, line: str, in_code: bool) -> list[str]:
        """The line, after a blank one where the table ends: at what holds no cells, or where it grows too large. In
        code nothing is a row, but the lines count all the same: Markdown may see the end of the code earlier."""
        prefix = _PREFIX.match(line)[0]  # type: ignore[index]
        text = line[len(prefix) :]
        if not text.strip():
            self._columns = 0
            return [line]
        if not self._columns:
            columns = _columns(text)
            if columns > min(MOST_COLUMNS, self._left):
                return [f"{prefix}\\{text}"]
            self._columns, self._quotes = columns, prefix.count(">")
            self._left -= columns
            return [line]
        if self._left < self._columns or not (in_code or self._is_row(prefix, text)):
            self._columns = 0
            return [prefix.rstrip(), line]
        self._left -= self._columns
        return [line] if in_code else [prefix + _folded(text, self._columns)]

    def _is_row(self, prefix: str, text: str) -> bool:
        cells = _BORDER.search(text) is not None
        return cells and prefix.count(">") == self._quotes and not _OTHER_BLOCK.match(text)


def _columns(text: str) -> int:
    """Of the table that a row of marks begins; 0 for any other line."""
    text = text.rstrip()
    return len(re.findall("-+", text)) if _MARKS.fullmatch(text) else 0


def _folded(text: str, columns: int) -> str:
    """A row with more cells than the table has columns loses them in Markdown: here the last cell takes them in."""
    borders = [border.start() for border in _BORDER.finditer(text)]
    last = borders[-1] if not text[borders[-1] + 1 :].strip() else len(text)
    inner = [place for place in borders[columns - 1 + text.startswith("|") :] if place < last]
    if not inner:
        return text
    first = inner[0]
    return text[:first] + _BORDER.sub(r"\\|", text[first:last]) + text[last:]

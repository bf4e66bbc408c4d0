"""One cell of a spreadsheet as plain text, whatever kind of value the spreadsheet keeps in it."""

import re
import unicodedata
from datetime import date, datetime, time

LONGEST_CELL = 2000

# What Excel writes where a formula went wrong.
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
# Turn the reading direction round, or are not seen at all; joiners stay, since some scripts need them.
_UNSEEN = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x061C, 0x00AD, 0xFEFF]
)
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')


def text_of(value: object) -> str:
    """Numbers without exponent and without the ".0" that phone numbers get; nothing for an error."""
    match value:
        case None:
            return ""
        case str():
            return clean_text(value)
        case bool():
            return str(value).upper()
        case float():
            return _number(value)
        case datetime():
            return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
        case date() | time():
            return value.isoformat()
    return str(value)[:LONGEST_CELL]


def clean_text(text: str) -> str:
    """In one line, without what cannot be seen or kept, and without the marks that keep a spreadsheet from reading a
    text as number or formula: '13800138000, ="13800138000"."""
    text = text[: 2 * LONGEST_CELL]
    if not text.isprintable():
        text = "".join(map(_kept, text.translate(_UNSEEN)))
    text = " ".join(text.split())[:LONGEST_CELL]
    if quoted := _QUOTED_FORMULA.fullmatch(text):
        text = quoted[1].strip()
    if text[:1] in ("'", "’") and (text[1:2].isdigit() or text[1:2] in ("=", "+", "-", "@")):
        text = text[1:]
    return "" if text.upper() in _ERRORS else text


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    # Cs is half of a character, which no database takes.
    return "" if category == "Cs" else " " if category in ("Cc", "Zl", "Zp") else character


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"

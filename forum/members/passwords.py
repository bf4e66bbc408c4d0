"""Passwords that are guessed first: the common ones, and those made of what others know of a person.

zxcvbn judges how many guesses one stands up to; names, numbers and addresses are told to it, and cost next to none.
"""

import re
from collections.abc import Iterator
from threading import Lock

from pypinyin import lazy_pinyin
from zxcvbn import zxcvbn

from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member

# Guesses, as powers of ten. Eight letters drawn at random stand up to the eighth.
_ENOUGH, _ENOUGH_OF_ONESELF = 7, 8
# What is longer is judged by its beginning: longer texts take the library long.
_JUDGED = 40
_OURS = ("yanxiu", "luntan", "yanxiuluntan", "研修", "论坛", "trainingforum")

# The library keeps the person's words in a dictionary of all of it.
_judging = Lock()


def require_unguessable(password: str, member: Member) -> None:
    if password.isdigit():
        raise Refused(_("Digits alone are guessed soon: birthdays and phone numbers are tried first. Add some words."))
    known = sorted({word.lower() for word in _known_words(member)})
    with _judging:
        judged = zxcvbn(password[:_JUDGED], known)
    is_of_oneself = any(match.get("dictionary_name") == "user_inputs" for match in judged["sequence"])
    if is_of_oneself and judged["guesses_log10"] < _ENOUGH_OF_ONESELF:
        words = _("This is made of your name, your number or your address, which others know. Choose something else.")
        raise Refused(words)
    if judged["guesses_log10"] < _ENOUGH:
        words = _("This is one of those that are tried first. Choose three or four words that do not go together.")
        raise Refused(words)


def _known_words(member: Member) -> Iterator[str]:
    yield from _OURS
    yield from _spellings(member.name)
    if member.unit:
        yield from _spellings(member.unit.name)
    if member.email:
        local, _at, domain = member.email.partition("@")
        yield from (member.email, local, domain, *re.split(r"[\W_]+", local), *domain.split("."))
    if member.phone:
        yield from (member.phone[-count:] for count in (len(member.phone), 8, 6, 4))


def _spellings(name: str) -> Iterator[str]:
    """As written, and in pinyin: all of it, its syllables, the given name alone or before the surname, the initials."""
    syllables = lazy_pinyin(name)
    given = "".join(syllables[1:])
    yield from (name, *name.split(), *syllables, "".join(syllables), given, given + "".join(syllables[:1]))
    yield "".join(syllable[0] for syllable in syllables if syllable)

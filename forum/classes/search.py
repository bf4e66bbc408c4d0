"""Finding people of a class by what one remembers of them: name, pinyin, its initials, unit, position, group."""

import unicodedata
from collections.abc import Iterable

from forum.classes.models import Enrolment


def findable(enrolment: Enrolment) -> str:
    """All that a person is found by, in one line. The page's script looks through the same line as one types."""
    member = enrolment.member
    spoken = member.sort_key.partition("\t")[0].split()
    parts = [
        member.name,
        "".join(spoken),
        "".join(syllable[0] for syllable in spoken),
        member.position,
        enrolment.unit.path if enrolment.unit else "",
        enrolment.group.name if enrolment.group else "",
    ]
    return folded(" | ".join(part for part in parts if part))


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def matching(people: Iterable[Enrolment], typed: str) -> list[Enrolment]:
    """Those in whose line every typed word occurs; all of them where nothing was typed."""
    words = folded(typed).split()
    return [person for person in people if all(word in line for line in [findable(person)] for word in words)]

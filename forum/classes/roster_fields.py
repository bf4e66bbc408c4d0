"""Single cells of a roster: what each says of the person. What cannot be right is left out, and `warn` hears why."""

import re
import unicodedata
from collections.abc import Callable

from forum.classes.headers import Column, Header, normalised
from forum.classes.models import Role
from forum.i18n import gettext as _
from forum.members.operations import is_email_address
from forum.members.queries import normalise_email, normalise_phone
from forum.text import is_blank
from forum.units.models import SEPARATOR

Warn = Callable[[str], None]

LONGEST_UNIT, LONGEST_PATH = 120, 500

# The mark *organises* is given by plain words only.
_ROLES = {
    (Role.TRAINEE, False): "学员 学生 参训人员 参训学员 班员 trainee student participant learner",
    (Role.INSTRUCTOR, False): "点评人 点评 点评员 点评专家 讲师 教师 老师 授课教师 导师 专家 "
    "instructor teacher lecturer professor tutor commentator",
    (Role.INSTRUCTOR, True): "组织者 班主任 organiser organizer",
    (Role.OBSERVER, False): "观察员 列席 旁听 observer auditor",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split()}
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HAS_HAN = re.compile(_HAN)
_BETWEEN_HAN = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_MOBILE = re.compile(r"1[3-9]\d{9}")
# Mainland mobile numbers by themselves; every other one with its area code, or its country code behind a plus sign.
_WHOLE = re.compile(r"1\d{10}|[0+]\d{6,}")
_SEVERAL = re.compile(r"[/、,，;；|]|\s或\s")
# A number that a spreadsheet has written into a CSV file: 1.38E+10 is what is left of an unknown mobile number.
_WITH_EXPONENT = re.compile(r"(\d)\.?(\d*)[eE]\+?(\d{1,2})")


def shown(text: str) -> str:
    """A cell as a sentence about it may show it."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def name_of(cells: list[str], header: Header) -> str:
    """ "张　三" is 张三, spread out to the width of three; given and family name in the order of their language."""
    given, family = header.value(cells, Column.GIVEN), header.value(cells, Column.FAMILY)
    name = header.value(cells, Column.NAME)
    if not name:
        name = f"{family}{given}" if _HAS_HAN.match(family) else f"{given} {family}".strip()
    return _BETWEEN_HAN.sub("", name)


def phone_of(text: str, warn: Warn) -> str | None:
    """Where several are given, a mobile number before others; also what a spreadsheet has made of a long number."""
    plain = unicodedata.normalize("NFKC", text)
    if is_blank(plain):
        return None
    plain = re.sub(r"(\d)\.0+$", r"\1", plain)
    if exponent := _WITH_EXPONENT.fullmatch(plain):
        digits = exponent[1] + exponent[2]
        if len(digits) < 8 or int(exponent[3]) > 14:
            warn(
                _(
                    "The spreadsheet has cut the phone number to “%(value)s”; imported without it. Keep phone numbers "
                    "as text.",
                    value=plain,
                )
            )
            return None
        plain = digits.ljust(int(exponent[3]) + 1, "0")
    if number := _plausible(plain):
        return number
    numbers = [number for part in _SEVERAL.split(plain) if (number := _plausible(part))]
    if numbers:
        number = next((each for each in numbers if _MOBILE.fullmatch(each)), numbers[0])
        warn(_("Of “%(value)s” only %(phone)s is taken.", value=shown(text), phone=number))
        return number
    warn(
        _(
            "“%(value)s” does not look like a whole phone number, please check; imported without it. Landlines begin "
            "with the area code.",
            value=shown(text),
        )
    )
    return None


def _plausible(text: str) -> str | None:
    """Letters make something else of it, and so does a digit too few or too many."""
    if re.search(r"[^\d\s+().\-–—*#转]", text):
        return None
    number = normalise_phone(text)
    is_whole = _WHOLE.fullmatch(re.sub(r"[^\d+]", "", text)) or _MOBILE.fullmatch(number or "")
    return number if number and len(number) >= 7 and is_whole else None


def email_of(text: str, warn: Warn) -> str | None:
    plain = unicodedata.normalize("NFKC", text).strip().strip("<>").removeprefix("mailto:")
    if is_blank(plain) or plain in ("无", "-", "/"):
        return None
    address = normalise_email(plain)
    if is_email_address(address) and "." in address.partition("@")[2].strip("."):
        return address
    warn(_("“%(value)s” is not an e-mail address; imported without it.", value=shown(text)))
    return None


def unit_and_position_of(cells: list[str], header: Header) -> tuple[str, str]:
    """One column for both is taken apart at its only space, in Chinese, or its only comma otherwise. With none or more
    nobody can tell, and it stays the unit as it is."""
    unit, position = header.value(cells, Column.UNIT), header.value(cells, Column.POSITION)
    both = header.value(cells, Column.UNIT_AND_POSITION)
    if unit or not both:
        return unit, position
    if position:
        return both, position
    parts = both.split(" ") if _HAS_HAN.search(both) else both.split(", ")
    return (parts[0], parts[1]) if len(parts) == 2 else (both, "")


def unit_of(text: str, warn: Warn) -> str | None:
    """The path as `ensure_units` writes it."""
    names = [" ".join(part.split()) for part in text.replace("／", "/").split(SEPARATOR.strip())]
    path = SEPARATOR.join(name for name in names if not is_blank(name))
    if len(path) > LONGEST_PATH or any(len(name) > LONGEST_UNIT for name in names):
        warn(_("The unit is too long: “%(value)s”; imported without it.", value=shown(text)))
        return None
    return path or None


def fitting(text: str, longest: int, warn: Warn) -> str | None:
    if len(text) > longest:
        warn(_("“%(value)s” is longer than %(count)s characters; left out.", value=shown(text), count=longest))
        return None
    return None if is_blank(text) else text


def role_of(text: str, warn: Warn) -> tuple[Role | None, bool]:
    """The role, and whether it comes with the mark *organises*."""
    if is_blank(text):
        return None, False
    known = _ROLE_OF.get(normalised(text)) or _ROLE_OF.get(normalised(text).removesuffix("s"))
    if known is None:
        warn(_("“%(value)s” is no role of a class here; whoever is new comes as a trainee.", value=shown(text)))
        return None, False
    return known

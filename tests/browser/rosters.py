"""Rosters with a hostile text in every cell whose words a page shows again, and a class to send each to."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from forum.classes.models import Role
from forum.classes.operations import create_class, enrol_member
from forum.classes.roster_rows import Roster, read_roster
from forum.classes.sheets import read_sheets
from forum.db import commit
from tests.browser.conftest import Site
from tests.cast import Person, add_person
from tests.classes.workbooks import xlsx

COLUMNS = ["Name", "Unit", "Position", "Mobile", "E-mail", "Group", "Role"]
# As many as a page names of the columns that it leaves aside, with those that it takes.
HEADERS = 30 + len(COLUMNS)
SHEETS = 21
NOT_IN_TITLES = re.compile(r"[\]\[*?:/\\\x00-\x1f]")


@dataclass(frozen=True)
class Rows:
    """Texts to be sent to a class as rows; `first` numbers them, so that no two people are one."""

    slug: str
    texts: list[str]
    first: int

    def new(self) -> bytes:
        """Of each text a person, and a bad row."""
        rows = [self._person(place) for place in range(len(self.texts))]
        rows += [[text + "x" * 130, "City", "Head"] for text in self.texts]
        return _csv([COLUMNS, *rows, *_plain(self.first)])

    def again(self, turn: int) -> bytes:
        """The same people: every other one with the position and the group of the one before, the others with cells
        that are left out. The next turn has them the other way round."""
        rows = [self._person(place) for place in range(len(self.texts))]
        for place, text in enumerate(self.texts):
            name, unit, *_others = rows[place]
            if place % 2 == turn:
                _name, _unit, position, _phone, _email, group, _role = self._person(place - 1)
                rows[place] = [name, unit, position, "", "", group, ""]
            else:
                rows[place] = [name, text + "x" * 200, text + "y" * 200, text, text, text + "z" * 200, text]
        return _csv([COLUMNS, *rows, *_plain(self.first)])

    def _person(self, place: int) -> list[str]:
        place %= len(self.texts)
        text, number = self.texts[place], self.first + place
        address = "".join(text.split())[:100]
        return [
            f"{_cut(text, 100)} N{number}",
            f"{_cut(text, 100)} U{number}",
            _cut(text, 200),
            text,
            f"{address}@h{number}.example.org" if place % 2 else text,
            f"{_cut(text, 100)} G{number}",
            "",
        ]


def _plain(number: int) -> list[list[str]]:
    """Whoever has both is shown with both, in every file; one of them is a Chinese instructor."""
    return [
        [f"Una {number}", "City", "", f"139{number:08}", f"una{number}@example.org", "", ""],
        [f"陶{number}", "City", "Head", f"138{number:08}", "", "", "Instructor"],
    ]


def headers(texts: list[str]) -> bytes:
    """Their first as the headers of columns that are known, and as names of sheets; the others as headers unknown."""
    known = [f"{word}/{text}" for word, text in zip(COLUMNS, texts, strict=False)]
    row = [*known, *texts[len(COLUMNS) :]]
    titles = [NOT_IN_TITLES.sub("", f"{number} {text}")[:31] for number, text in enumerate(texts[:SHEETS])]
    others = {title: ([["not read"]], "visible") for title in titles[1:]}
    return xlsx([row, [f"Una {texts[0]}"[:100], "City", "Head"]], title=titles[0], **others)


def read(data: bytes, site: Site) -> Roster:
    """The words that are to stand on the page, as the cells say them."""
    with site.app.app_context():
        return read_roster(read_sheets(data))


def settle_classes(site: Site, batches: list[list[str]], mark: str) -> tuple[Person, list[Rows]]:
    """Someone who organises all of them; the first is for harmless texts."""
    today = datetime.now(UTC).date()
    with site.app.app_context():
        organiser = add_person(f"Rosa{mark}")
        found = []
        for number, texts in enumerate(batches):
            slug = f"roster-{mark}-{number}"
            training_class = create_class(slug, "A class", today, today + timedelta(days=7), "Asia/Shanghai")
            enrol_member(training_class, organiser, Role.INSTRUCTOR, organises=True)
            found.append(Rows(slug, texts, int(mark) * 100_000 + number * 1000))
        commit()
        return Person(organiser.id, organiser.name, organiser.email or ""), found


def _cut(text: str, longest: int) -> str:
    return text.replace("\x00", "").strip()[:longest].strip()


def _csv(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    stream.write("sep=,\r\n")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8", "replace")

"""Rosters made of texts written to break out: sent in a real browser, looked at, imported, and every page read that
then shows them; without the policy that would stop what breaks out, and with it, which must have nothing to do.

Cells are made of all the texts. Headers, slips, the pages of people and names of files, of which few go on a page, are
made of those that hold the most kinds of what markup is made of.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from forum.classes.roster_rows import Roster
from tests.browser.conftest import Site, Visitor
from tests.browser.hostile import PLAIN, corpus
from tests.browser.rosters import HEADERS, Rows, headers, read, settle_classes
from tests.browser.watching import Watch
from tests.cast import Browser
from tests.pages import Page
from tests.test_limits import allow

pytestmark = [pytest.mark.browser, pytest.mark.corpus]

MANY, SLIPS, PEOPLE, OTHERS = 500, 60, 5, 4 * HEADERS
# Each with somebody of whom nothing is said.
HARMLESS = [*[PLAIN] * 20, ""]


@dataclass
class Reader:
    """An organiser who looks at pages, and learns from those made of harmless texts what each has on it."""

    watched: Watch
    learns: bool = True
    ways: dict[str, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def page(self) -> Any:
        return self.watched.visitor.page

    def look(self, place: str, path: str) -> None:
        """Nothing stands where nothing stands among harmless texts."""
        found, known = self.watched.ways(path), self.ways.setdefault(place, set())
        if self.learns:
            known |= found
        more = found - known
        self.faults += [f"{path}, {place}: {fault}" for fault in [*sorted(more), *self.watched.seen]]
        self.watched.seen.clear()

    def send(self, place: str, slug: str, data: bytes, name: str = "roster.csv") -> None:
        self.watched.visitor.go(path := f"/classes/{slug}/roster")
        self.page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": data})
        self.press("form.roster-form button")
        self.look(place, path)

    def go(self, place: str, path: str) -> None:
        self.watched.visitor.go(path)
        self.look(place, path)

    def press(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(button).first.click()

    def shows(self, selector: str, words: list[str]) -> None:
        """Letter for letter, and nothing else."""
        shown = self.watched.words(selector)
        if sorted(shown) != sorted(words):
            self.faults.append(f"{self.page.url} {selector}: {sorted(set(shown) ^ set(words))[:6]}")


@pytest.fixture
def readers(visit: Callable[..., Visitor], site: Site) -> Iterator[Callable[..., tuple[list[Reader], list[Rows]]]]:
    """Of these texts classes are made; who organises them reads with and without the policy."""
    found: list[Reader] = []

    def begin(mark: str, texts: list[str]) -> tuple[list[Reader], list[Rows]]:
        batches = [HARMLESS, *(texts[at : at + MANY] for at in range(0, len(texts), MANY))]
        organiser, settled = settle_classes(site, batches, mark)
        for bypassed in (True, False):
            visitor = visit(bypass_csp=bypassed)
            visitor.sign_in(organiser)
            found.append(Reader(Watch(visitor)))
        return found, settled

    yield begin
    faults = [
        fault
        for reader in found
        for fault in [*reader.faults, *reader.watched.seen, *reader.watched.visitor.complaints]
    ]
    assert faults == [], "\n".join([f"{len(faults)} faults", *faults[:40]])


def test_no_cell_breaks_out(readers: Callable[..., Any], site: Site) -> None:
    (free, strict), settled = readers("1", corpus())
    stood = 0
    for rows in settled:
        file, base = rows.new(), f"/classes/{rows.slug}"
        free.learns = strict.learns = rows.texts is HARMLESS
        roster = read(file, site)
        free.send("preview", rows.slug, file)
        shows_roster(free, roster)
        free.press("#confirm button")
        free.look("imported", f"{base}/roster/apply")
        free.send("changes", rows.slug, rows.again(0))
        strict.send("changes", rows.slug, rows.again(1))
        free.go("members", f"{base}/members")
        free.shows(".person-name a", ["Rosa1", *(row.name for row in roster.rows)])
        free.go("slips", f"{base}/slips")
        stood += len(roster.rows)
    assert stood > 2900


def shows_roster(reader: Reader, roster: Roster) -> None:
    people = [" ".join(filter(None, (row.name, row.role and "Instructor", row.position))) for row in roster.rows]
    reader.shows("[aria-labelledby=new] .roster-name", people)
    reader.shows("[aria-labelledby=new] [data-label=Unit]", [row.unit or "–" for row in roster.rows])
    reader.shows("[aria-labelledby=new] [data-label=Group]", [row.group or "–" for row in roster.rows])
    reader.shows("[aria-labelledby=bad] .roster-name", [fault.name for fault in roster.bad])
    reader.shows("[aria-labelledby=warnings] .roster-name", [fault.name for fault in roster.warnings])
    reader.shows("[aria-labelledby=warnings] td:last-child", [fault.reason for fault in roster.warnings])


def test_no_person_and_no_slip_breaks_out(readers: Callable[..., Any], site: Site) -> None:
    found, settled = readers("2", marked(corpus(), SLIPS))
    for rows in settled:
        file, base = rows.new(), f"/classes/{rows.slug}"
        roster = read(file, site)
        found[0].learns = rows.texts is HARMLESS
        found[0].send("preview", rows.slug, file)
        found[0].press("#confirm button")
        for reader in found:
            reader.learns = rows.texts is HARMLESS
            reader.go("members", f"{base}/members")
            people = reader.page.eval_on_selector_all(".person-name a", "(all) => all.map((one) => one.pathname)")
            for path in people[:PEOPLE]:
                reader.go("person", path)
            reader.go("slips", f"{base}/slips")
            reader.press("form.make-slips button")
            if reader is not found[0]:
                reader.press("button[name=again]")
            reader.look("slips made", f"{base}/slips")
            reader.shows(".slip h2", [row.name for row in roster.rows])


def test_no_header_and_no_name_of_a_sheet_or_file_breaks_out(readers: Callable[..., Any], site: Site) -> None:
    texts = marked(corpus(), OTHERS)
    found, settled = readers("3", [])
    for some in ([PLAIN] * HEADERS, *(texts[at : at + HEADERS] for at in range(0, len(texts), HEADERS))):
        file = headers(some)
        roster = read(file, site)
        for reader in found:
            reader.learns = some[0] is PLAIN
            reader.send("headers", settled[0].slug, file, some[0])
            shown = reader.watched.words(".roster-read")[0]
            words = [roster.sheet, *roster.columns.values(), *roster.unused[:30], *roster.other_sheets[:20]]
            reader.faults += [f"not in {shown[:200]}: {word}" for word in words if " ".join(word.split()) not in shown]


def test_refused_rows_come_back_in_their_field(readers: Callable[..., Any]) -> None:
    texts = corpus()
    texts = [*marked(texts, OTHERS), *(text for text in texts if "textarea" in text.lower())]
    pasted = "\n".join(" ".join(text.replace("\x00", "").split()) for text in texts)
    found, settled = readers("4", [])
    for reader in found:
        reader.watched.visitor.go(path := f"/classes/{settled[0].slug}/roster")
        for rows in (PLAIN, pasted):
            reader.page.eval_on_selector("#rows", "(one, rows) => (one.value = rows)", rows)
            reader.learns = rows is PLAIN
            reader.press("form.roster-form button")
            reader.look("refused", path)
            assert reader.page.input_value("#rows") == rows


def test_the_name_of_a_file_is_shown_to_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent as no browser would, too: with whatever it holds as it is."""
    allow(site.app, monkeypatch, upload_limit="100000/minute")
    organiser, settled = settle_classes(site, [HARMLESS], "5")
    browser, path = Browser(site.app), f"/classes/{settled[0].slug}/roster"
    assert browser.sign_in(organiser.email).status == 302
    token, data = browser.csrf_token(), b"Name\r\nUna"

    def answer(name: str) -> tuple[int, str, list[str]]:
        parts = {'"csrf_token"': token.encode(), f'"file"; filename="{name}"': data}
        body = b"".join(
            b"--edge\r\nContent-Disposition: form-data; name=%b\r\n\r\n%b\r\n"
            % (part.encode("utf-8", "replace"), content)
            for part, content in parts.items()
        )
        kind = "multipart/form-data; boundary=edge"
        page = Page(browser.client.post(path, data=body + b"--edge--\r\n", content_type=kind))
        return page.status, page.words, [f"{one.tag} {sorted(one.attributes)}" for one in page.root.walk()]

    known = {"roster.csv": answer("roster.csv"), "": answer("")}
    assert [known[name][0] for name in known] == [200, 422]
    texts = [" ".join(text.split()) for text in corpus()]
    names = [*marked(texts, OTHERS), *(text for text in texts if re.search(r"\.\w{2,5}$", text))]
    assert len(names) > OTHERS + 90
    assert [name for name in names if answer(name) not in known.values()] == []


def marked(texts: list[str], many: int) -> list[str]:
    """The short ones first of those with the most kinds of marks."""
    return sorted(texts, key=lambda text: (-len(set(text) & set("<>\"'&`={}/")), len(text)))[:many]

"""Importing a roster in the browser: send, look, import; what is refused, and to whom."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from forum.classes.models import Enrolment
from forum.db import db
from forum.members.models import Member
from tests.cast import Browser, Person, World
from tests.classes.workbooks import csv, xlsx
from tests.pages import Page

pytestmark = pytest.mark.one_database

ClientOf = Callable[[Person], Browser]
ROSTER = "/classes/spring/roster"
HEADER = ["姓名", "单位", "手机", "邮箱", "小组", "角色"]
ROWS = [
    HEADER,
    ["张三", "City / North", 13900000001, None, "First group", None],
    [None, "City / North", 13900000002],
    ["Tina", None, "13800138000", None, "Second group", None],
    ["Tom", None, None, "tom@example.org", None, None],
    ["李四", "City / North", None, "lisi", None, "点评人"],
]


@pytest.fixture
def olga(client_of: ClientOf, world: World) -> Browser:
    return client_of(world.cast.olga)


def send(browser: Browser, data: bytes, name: str = "roster.xlsx", path: str = ROSTER, **fields: str) -> Page:
    form = {"csrf_token": browser.csrf_token(), "file": FileStorage(io.BytesIO(data), name), **fields}
    # Encoded here: the test client would leave the temporary file of a large one open.
    boundary, body = encode_multipart(form)
    return Page(browser.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}"))


def paste(browser: Browser, rows: str) -> Page:
    return browser.submit(browser.get(ROSTER), ROSTER, rows=rows)


def confirm(browser: Browser, preview: Page, **fields: str) -> Page:
    return browser.submit(preview, f"{ROSTER}/apply", **fields)


def figures(page: Page) -> list[str]:
    """New, changed, known, bad."""
    return [figure.one("b").words for figure in page.all("div", class_="figure")]


def table(page: Page, heading: str) -> list[list[str]]:
    """The rows below a heading, by its id."""
    section = page.one("section", aria_labelledby=heading)
    return [[cell.words for cell in row.walk() if cell.tag in ("th", "td")] for row in section.one("tbody").all("tr")]


def names_in(world: World, slug: str = "spring") -> set[str]:
    with world.app.app_context():
        enrolments = db.session.query(Enrolment).filter_by(withdrawn_at=None)
        return {each.member.name for each in enrolments if each.training_class.slug == slug}


def test_the_form_takes_a_file_or_pasted_rows_and_says_what_it_understands(olga: Browser) -> None:
    page = olga.get(ROSTER)
    assert page.status == 200
    form = page.form(ROSTER)
    assert form.element["enctype"] == "multipart/form-data"
    labels = {label["for"] for label in page.all("label")}
    assert {"file", "rows"} <= labels
    assert all(words in page.words for words in ("姓名", "手机", "stays in the class"))
    assert page.one("a", aria_current="page").words == "Roster import"


def test_a_preview_lists_every_bad_row_and_changes_nothing(olga: Browser, world: World) -> None:
    before = names_in(world)
    page = send(olga, xlsx(ROWS))
    assert page.status == 200
    assert figures(page) == ["2", "1", "1", "1"]
    assert table(page, "bad") == [["3", "–", "There is no name."]]
    assert [row[:2] for row in table(page, "warnings")] == [["6", "李四"]]
    assert table(page, "changed") == [["4", "Tina", "Group: First group → becomes Second group"]]
    assert [row[0:2] for row in table(page, "new")] == [["2", "张三"], ["6", "李四 Instructor"]]
    assert "City / North" in page.one("section", aria_labelledby="made").words
    assert "Tom" in page.one("section", aria_labelledby="known").words
    assert "Import 3 people" in page.words
    assert names_in(world) == before


def test_bad_rows_stand_before_everybody_else(olga: Browser) -> None:
    page = send(olga, xlsx(ROWS))
    assert [heading["id"] for heading in page.all("h2")] == ["bad", "warnings", "made", "changed", "new", "known"]


def test_confirming_imports_all_good_rows_without_sending_the_file_again(olga: Browser, world: World) -> None:
    before = names_in(world)
    done = confirm(olga, send(olga, xlsx(ROWS)))
    assert done.status == 200
    assert figures(done) == ["2", "1", "1", "1"]
    assert table(done, "bad") == [["3", "–", "There is no name."]]
    assert any(link["href"] == "/classes/spring/slips" for link in done.all("a"))
    assert names_in(world) == before | {"张三", "李四"}
    again = send(olga, xlsx(ROWS))
    assert figures(again) == ["0", "0", "4", "1"]
    assert "The roster agrees with the class" in again.words
    assert "Correct the file" not in again.words
    assert not again.all("input", name="parcel")


def test_the_plan_is_made_anew_when_it_is_confirmed(olga: Browser, world: World) -> None:
    preview = send(olga, xlsx(ROWS))
    confirm(olga, preview)
    assert figures(confirm(olga, preview)) == ["0", "0", "4", "1"]


def test_rows_are_pasted_as_a_spreadsheet_copies_them(olga: Browser, world: World) -> None:
    page = paste(olga, "姓名\t单位\t手机\n王五\tCity / North\t13900000005\n")
    assert figures(page) == ["1", "0", "0", "0"]
    confirm(olga, page)
    assert "王五" in names_in(world)


def test_pasted_rows_come_back_when_they_are_refused(olga: Browser) -> None:
    rows = "王五\t<b>City</b>\n赵六\tCity"
    page = paste(olga, rows)
    assert page.status == 422
    assert "no row has a header" in page.refusal
    assert page.form(ROSTER).fields["rows"] == rows
    assert page.one("details", class_="roster-paste").has(open="")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "no CSV, XLS or XLSX"),
        (xlsx(ROWS)[:900], "damaged"),
        (csv("Phone", "1"), "no row has a header"),
        (xlsx([HEADER]), "nobody below it"),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_form(olga: Browser, data: bytes, words: str) -> None:
    page = send(olga, data)
    assert page.status == 422
    assert words in page.refusal
    assert page.form(ROSTER)


def test_nothing_sent_is_refused(olga: Browser) -> None:
    page = olga.submit(olga.get(ROSTER), ROSTER)
    assert (page.status, page.refusal) == (422, "Choose a file, or paste rows from a spreadsheet.")


def test_a_file_between_the_forum_s_limit_and_the_roster_s_is_taken(olga: Browser) -> None:
    large = csv("Name,Unit,Notes", f"Una,East,{'x' * 3_000_000}"[:100_000], *[f",,{'y' * 900}"] * 3000)
    assert len(large) > 2 * 1024 * 1024
    page = send(olga, large)
    assert (page.status, figures(page)) == (200, ["1", "0", "0", "0"])


def test_a_file_far_too_large_is_told_how_large_it_may_be(olga: Browser) -> None:
    page = send(olga, b"x" * (7 * 1024 * 1024))
    assert page.status == 413
    assert "larger than 5 MB" in page.words


def test_other_pages_take_no_more_than_before(olga: Browser) -> None:
    page = send(olga, b"x" * (3 * 1024 * 1024), path="/language")
    assert page.status == 413
    assert "5 MB" not in page.words


def test_a_confirmation_that_waited_too_long_asks_for_the_roster_again(olga: Browser, world: World) -> None:
    preview = send(olga, xlsx(ROWS))
    world.clock.now += timedelta(hours=2, minutes=1)
    page = confirm(olga, preview)
    assert page.status == 422
    assert "too long ago" in page.refusal
    assert "张三" not in names_in(world)


def test_more_than_fits_in_the_page_is_refused(olga: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forum.classes.roster_views._LARGEST_PARCEL", 100)
    page = send(olga, xlsx(ROWS))
    assert (page.status, "in parts" in page.refusal) == (422, True)


def test_a_confirmation_holds_for_its_class_and_its_sender_alone(
    olga: Browser, world: World, client_of: ClientOf
) -> None:
    preview = send(olga, xlsx(ROWS))
    parcel = preview.form(f"{ROSTER}/apply").fields["parcel"]
    ada = client_of(world.cast.ada)
    for browser, path in ((ada, ROSTER), (ada, "/classes/autumn/roster")):
        assert browser.post(f"{path}/apply", parcel=parcel).status == 422
    for forged in ("", "x", parcel[:-1], parcel + "x", "A" + parcel):
        assert olga.post(f"{ROSTER}/apply", parcel=forged).status == 422
    assert "张三" not in names_in(world)


def test_hostile_cells_are_shown_as_they_are(olga: Browser, world: World) -> None:
    hostile = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "=cmd|' /C calc'!A0",
        "{{ 7*7 }}",
        "\u202eevil",
    ]
    rows = [HEADER, *([cell, cell, None, cell, cell, cell] for cell in hostile), ["N\u200bame", "x" * 300]]
    page = paste(olga, "\n".join("\t".join((cell or "").replace('"', "") for cell in row) for row in rows))
    assert page.status == 200
    assert not [element for element in page.all("script") if "alert" in element.text]
    assert not [element for element in page.all("img") if element.get("src") == "x"]
    assert "<script>alert(1)</script>" in page.words
    assert "{{ 7*7 }}" in page.words
    assert "\u202e" not in page.source
    done = confirm(olga, page)
    assert done.status == 200
    assert "<script>alert" not in olga.get("/classes/spring/members").source
    assert "<script>alert(1)</script>" in names_in(world)


def test_the_words_of_a_spreadsheet_never_become_markup(olga: Browser) -> None:
    page = send(
        olga,
        xlsx([["<b>Title</b>"], ["姓名", "<i>x</i>", "手机"], ["甲", 1, "<u>1</u>"]], title="S<s>"),
    )
    assert page.status == 200
    assert not re.search(r"<(b>Title|i>x|u>1|s>)", page.source)


def test_an_empty_roster_to_fill_in_comes_in_one_s_language(olga: Browser) -> None:
    file = olga.get(f"{ROSTER}/template.csv")
    assert file.headers["Content-Disposition"] == 'attachment; filename="roster.csv"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.source.startswith("\ufeffName,Unit,Position")
    filled = file.source + 'Una,"City / North",Head,13900000007,una@example.org,First group,observer\r\n'
    page = send(olga, filled.encode(), "roster.csv")
    assert figures(page) == ["1", "0", "0", "0"]
    assert "Left aside" not in page.words


@pytest.mark.parametrize("name", ["tina", "ivan", "omar"])
def test_who_does_not_organise_may_not(client_of: ClientOf, world: World, name: str, olga: Browser) -> None:
    parcel = send(olga, xlsx(ROWS)).form(f"{ROSTER}/apply").fields["parcel"]
    browser = client_of(getattr(world.cast, name))
    assert browser.get(ROSTER).status == 403
    assert browser.get(f"{ROSTER}/template.csv").status == 403
    assert send(browser, xlsx(ROWS)).status == 403
    assert browser.post(f"{ROSTER}/apply", parcel=parcel).status == 403
    assert "张三" not in names_in(world)


@pytest.mark.parametrize("name", ["stella", "wendy"])
def test_for_a_stranger_there_is_no_roster(client_of: ClientOf, world: World, name: str) -> None:
    browser = client_of(getattr(world.cast, name))
    assert browser.get(ROSTER).status == 404
    assert browser.get(f"{ROSTER}/template.csv").status == 404
    assert send(browser, xlsx(ROWS)).status == 404
    assert browser.post(f"{ROSTER}/apply", parcel="x").status == 404


def test_an_administrator_may(client_of: ClientOf, world: World) -> None:
    ada = client_of(world.cast.ada)
    assert confirm(ada, send(ada, xlsx(ROWS))).status == 200
    assert "张三" in names_in(world)


def test_an_archived_class_keeps_its_roster(olga: Browser, world: World) -> None:
    preview = send(olga, xlsx(ROWS))
    world.archive()
    page = olga.get(ROSTER).one("main")
    assert [note["class"] for note in page.all("p") if "rchived" in note.text] == ["archived-note"], "said once"
    assert not page.all("form")
    for page in (send(olga, xlsx(ROWS)), confirm(olga, preview)):
        assert page.status == 422
        assert "archived" in page.refusal
    assert "张三" not in names_in(world)


def test_looking_at_a_roster_writes_nothing_at_all(olga: Browser, world: World) -> None:
    with world.app.app_context():
        before = db.session.query(Member).count()
    send(olga, xlsx(ROWS))
    with world.app.app_context():
        assert db.session.query(Member).count() == before

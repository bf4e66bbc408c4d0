"""Files on posts: sent with the text or before it, seen by who may read the post, and by nobody else."""

import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from forum.attachments.models import Attachment, FileType
from forum.attachments.names import clean_name
from forum.attachments.operations import drop_files
from forum.audit.models import AuditEntry, Verb
from forum.db import db
from forum.discussions.counting import recount_discussions
from forum.discussions.models import Post
from forum.statistics.checking import faults
from tests.attachments.samples import PDF, addresses, fetch, kept, open_xml, picture, publish, send, status_of, upload
from tests.cast import Browser, Cast, World
from tests.discussions.test_pages import statements

PHOTO = ("photo.jpg", picture("JPEG"))
PAPER = ("阅读 材料.pdf", PDF)


@pytest.fixture
def shown(tina: Browser, discussion_id: int) -> list[str]:
    """Tina's post has a picture and a document: their addresses."""
    assert publish(tina, discussion_id, PHOTO, PAPER).status == 303
    return addresses(tina.discussion(discussion_id))


def test_files_sent_with_the_text_stand_under_the_post(tina: Browser, discussion_id: int, shown: list[str]) -> None:
    post = tina.discussion(discussion_id).post(1)
    image = post.one("ul", class_="pictures").one("img")
    assert (image["width"], image["height"], image["loading"]) == ("60", "40", "lazy")
    assert "阅读 材料.pdf" in post.one("ul", class_="documents").words
    photo, paper = (fetch(tina, address) for address in shown)
    assert (photo.mimetype, paper.mimetype) == ("image/jpeg", "application/pdf")
    assert photo.headers["Content-Disposition"].startswith("inline")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E9%98%85%E8%AF%BB%20%E6%9D%90%E6%96%99.pdf" in paper.headers["Content-Disposition"]
    for answer in (photo, paper):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert paper.data == PDF
    assert Image.open(io.BytesIO(photo.data)).size == (60, 40)
    again = fetch(tina, shown[1], headers={"If-None-Match": paper.headers["ETag"]})
    assert again.status_code == 304
    part = fetch(tina, shown[1], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"%PDF")
    assert fetch(tina, f"{shown[0]}?size=small").mimetype == "image/webp"


def test_who_may_not_read_the_post_gets_none_of_its_files(
    world: World, cast: Cast, discussion_id: int, shown: list[str]
) -> None:
    def answers(name: str) -> set[int]:
        browser = world.client_of(getattr(cast, name))
        return {status_of(browser, address) for address in shown}

    readers, strangers = ("tina", "tom", "ivan", "olga", "omar", "ada"), ("stella", "wendy")
    assert {name: answers(name) for name in readers} == {name: {200} for name in readers}
    assert {name: answers(name) for name in strangers} == {name: {404} for name in strangers}
    assert {status_of(Browser(world.app), address) for address in shown} == {302}
    world.change("hide", cast.olga, discussion_id, 1, "Not here.")
    assert [answers(name) for name in ("tom", "omar", "tina", "olga")] == [{404}, {404}, {200}, {200}]
    world.change("restore", cast.olga, discussion_id, 1)
    assert answers("tom") == {200}
    world.archive()
    assert (answers("tom"), answers("stella")) == ({200}, {404})


def test_a_deleted_post_takes_its_files_along(world: World, cast: Cast, discussion_id: int, shown: list[str]) -> None:
    world.change("delete", cast.tina, discussion_id, 1)
    for name in ("tina", "tom", "olga"):
        assert {status_of(world.client_of(getattr(cast, name)), address) for address in shown} == {404}
    assert addresses(world.client_of(cast.tom).discussion(discussion_id)) == []


def test_under_post_first_a_trainee_sees_files_after_writing(world: World, cast: Cast, tina: Browser) -> None:
    discussion_id = world.discussion(post_first=True)
    publish(tina, discussion_id, PHOTO)
    [address] = addresses(tina.discussion(discussion_id))
    tom = world.client_of(cast.tom)
    assert status_of(tom, address) == 404
    world.publish(cast.tom, discussion_id)
    assert status_of(tom, address) == 200


def test_a_file_is_found_at_its_own_post_only(world: World, cast: Cast, tina: Browser, shown: list[str]) -> None:
    other = world.discussion("Another")
    world.publish(cast.tina, other)
    assert tina.get(f"/discussions/{other}/posts/1/files/{shown[0].rpartition('/')[2]}").status == 404


def test_uploads_wait_for_their_post_and_are_seen_by_their_owner_alone(
    world: World, cast: Cast, tina: Browser, discussion_id: int
) -> None:
    numbers = upload(tina, discussion_id, PHOTO)
    waiting = f"/discussions/{discussion_id}/files/{numbers[0]}"
    assert status_of(tina, waiting) == 200
    statuses = [status_of(world.client_of(one), waiting) for one in (cast.tom, cast.olga, cast.omar, cast.stella)]
    assert statuses == [404, 404, 403, 404]
    # Nor does anybody post with what another has uploaded.
    tom = world.client_of(cast.tom)
    answer = publish(tom, discussion_id, **{f"file-{numbers[0]}": "on"})
    assert (answer.status, answer.refusal) == (
        422,
        "A file is no longer here: what has no post is kept for a day. Please add it again.",
    )
    assert publish(tina, discussion_id, **{f"file-{numbers[0]}": "on"}).status == 303
    assert status_of(tina, waiting) == 404
    assert len(addresses(tina.discussion(discussion_id))) == 1


def test_who_may_not_post_may_not_upload(world: World, cast: Cast, discussion_id: int) -> None:
    for name, status in {"stella": 404, "wendy": 404, "omar": 403}.items():
        answer = send(world.client_of(getattr(cast, name)), f"/discussions/{discussion_id}/files", PHOTO)
        assert (name, answer.status) == (name, status)


def test_what_is_taken_stays_where_another_is_refused(tina: Browser, discussion_id: int) -> None:
    page = publish(tina, discussion_id, PHOTO, ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    assert page.status == 422
    assert page.refusal.startswith("“drawing.svg” cannot be added. What can: pictures (JPEG, PNG, GIF, WebP), PDF")
    assert page.one("textarea").text.strip() == "A thought"
    [box] = page.all("input", type="checkbox", checked="")
    form = page.form(f"/discussions/{discussion_id}/posts")
    assert tina.post(form.action, **form.fields, **{box["name"]: "on"}).status == 303
    assert len(addresses(tina.discussion(discussion_id))) == 1


def test_a_refused_text_keeps_its_files(tina: Browser, discussion_id: int) -> None:
    page = publish(tina, discussion_id, PHOTO, body=" ")
    assert page.status == 422
    assert len(page.all("input", type="checkbox", checked="")) == 1


def test_sent_twice_there_is_one_post_with_its_files(tina: Browser, discussion_id: int) -> None:
    form = tina.discussion(discussion_id).form(f"/discussions/{discussion_id}/posts").fields
    first = publish(tina, discussion_id, PHOTO, PAPER, token=form["token"])
    again = publish(tina, discussion_id, PHOTO, PAPER, token=form["token"])
    assert (first.status, again.status) == (303, 303)
    other = publish(tina, discussion_id, PHOTO, token=form["token"])
    assert other.refusal.startswith("This form has been sent already")
    page = tina.discussion(discussion_id)
    assert (page.numbers, len(addresses(page))) == ([1], 2)


def test_there_is_an_end_to_what_is_taken(app: Flask, tina: Browser, discussion_id: int) -> None:
    few = replace(app.extensions["settings"], upload_mb=1, upload_post_mb=1, upload_day_mb=2)
    usual, app.extensions["settings"] = app.extensions["settings"], few
    text = ("notes.txt", b"a" * 700_000)
    try:
        answers = [
            publish(tina, discussion_id, ("notes.txt", b"a" * 1_100_000)),
            publish(tina, discussion_id, ("empty.txt", b"")),
            publish(tina, discussion_id, text, ("more.txt", text[1])),
            publish(tina, discussion_id, text),
        ]
        most = publish(tina, discussion_id, *[("a.txt", b"a")] * 11)
        huge = send(tina, f"/discussions/{discussion_id}/files", ("notes.txt", b"a" * 2_200_000))
    finally:
        app.extensions["settings"] = usual
    assert [answer.refusal for answer in answers] == [
        "“notes.txt” is larger than 1 MB.",
        "“empty.txt” is empty.",
        "The files of one post may have 1 MB together.",
        "You can add 2 MB of files a day. Please go on tomorrow.",
    ]
    assert most.refusal == "There may be at most 10 files."
    assert huge.status == 413


def test_a_removed_file_is_gone_at_once_and_the_history_says_so(
    world: World, cast: Cast, tina: Browser, discussion_id: int, shown: list[str], uploads: Path
) -> None:
    before, tom = kept(uploads), world.client_of(cast.tom)
    assert tom.post(f"{shown[0]}/remove").status == 403
    assert world.client_of(cast.stella).post(f"{shown[0]}/remove").status == 404
    olga = world.client_of(cast.olga)
    page = olga.get(f"/discussions/{discussion_id}/posts/1")
    assert olga.submit(page, f"{shown[0]}/remove").status == 303
    assert status_of(tom, shown[0]) == 404
    assert addresses(tom.discussion(discussion_id)) == [shown[1]]
    history = olga.get(f"/discussions/{discussion_id}/posts/1").words
    assert re.search(r"1 removed file photo\.jpg ?Olga", history)
    assert "1 removed file" not in tom.get(f"/discussions/{discussion_id}/posts/1").words
    assert tina.submit(tina.get(f"/discussions/{discussion_id}/posts/1"), f"{shown[1]}/remove").status == 303
    with world.inside():
        drop_files(world.clock.now)
    assert kept(uploads) == before - 3
    assert "2 removed files" in olga.get(f"/discussions/{discussion_id}/posts/1").words
    file_id = int(shown[0].rpartition("/")[2])
    with world.app.app_context():
        entries = db.session.query(AuditEntry).filter_by(verb=Verb.FILE_REMOVED)
        recorded = [(one.actor_id, one.member_id, one.class_id, one.details) for one in entries]
    details = {"discussion": discussion_id, "number": 1, "file": file_id}
    assert recorded == [(cast.olga.id, cast.tina.id, cast.spring.id, details)], "what Tina removes is her own"


def test_the_sweep_takes_what_no_post_has_taken_within_a_day(
    world: World, tina: Browser, discussion_id: int, shown: list[str], uploads: Path
) -> None:
    upload(tina, discussion_id, PHOTO, PAPER)
    assert kept(uploads) == 6
    for hours, left in {23: 6, 2: 3}.items():
        world.clock.advance(hours=hours)
        with world.inside():
            drop_files(world.clock.now)
        assert kept(uploads) == left
    with world.inside():
        assert db.session.query(Attachment).count() == 2
    assert status_of(tina, shown[0]) == 200


def test_files_change_no_figure(world: World, cast: Cast, tina: Browser, discussion_id: int) -> None:
    publish(tina, discussion_id, body="Three little words")
    before = world.totals()
    publish(world.client_of(cast.ivan), discussion_id, PHOTO, PAPER)
    assert world.totals().characters == before.characters == 3
    publish(tina, discussion_id, PHOTO, PAPER, body="Three little words")
    with world.inside():
        recount_discussions([discussion_id])
    assert (world.totals().characters, world.totals().posts) == (6, 2)


def test_files_cost_a_page_one_statement_however_many_there_are(
    world: World, cast: Cast, tina: Browser, discussion_id: int
) -> None:
    tom = world.client_of(cast.tom)

    def count() -> int:
        world.publish(cast.ivan, discussion_id)
        with statements() as asked:
            tom.discussion(discussion_id)
        return len(asked)

    publish(tina, discussion_id)
    count()
    none = count()
    publish(tina, discussion_id, PHOTO)
    count()
    one = count()
    for _turn in range(3):
        publish(tina, discussion_id, PHOTO, PAPER, ("list.xlsx", open_xml(b"spreadsheetml.sheet.main")))
    count()
    assert (one - none, count() - none) == (1, 1)


def test_a_count_of_files_that_is_not_so_is_found(
    world: World, tina: Browser, discussion_id: int, shown: list[str]
) -> None:
    def found(**planted: int) -> list[str]:
        with world.inside():
            if planted:
                db.session.execute(sa.update(Post).values(**planted))
            return list(faults())

    assert found() == []
    assert found(file_count=3) == [f"spring: discussion {discussion_id}, post 1: 3 files are stored, there are 2"]
    tina.submit(tina.get(f"/discussions/{discussion_id}/posts/1"), f"{shown[1]}/remove")
    assert found() == [], "what is removed is counted anew"
    assert found(file_count=0) == [f"spring: discussion {discussion_id}, post 1: 0 files are stored, there are 1"]


@pytest.mark.corpus
@pytest.mark.one_database
def test_hostile_names_are_names(app: Flask, monkeypatch: pytest.MonkeyPatch, world: World, tina: Browser) -> None:
    few = replace(app.extensions["settings"], upload_limit="100000/minute", post_limit="100000/minute")
    monkeypatch.setitem(app.extensions, "settings", few)
    folder = Path(os.environ["FORUM_TEST_CORPUS"], "hostile")
    names = (folder / "upload_filenames.txt").read_text(errors="replace").split("\n")
    for file in sorted(folder.glob("xss*.jsonl")):
        names += [json.loads(line)["payload"] for line in file.read_text(errors="replace").splitlines()[::3]]
    names = [name for name in names if name and name.isprintable() and "\\" not in name and '"' not in name][:600]
    assert len(names) > 200
    for at in range(0, len(names), 10):
        sent = names[at : at + 10]
        discussion_id = world.discussion(f"Names {at}")
        usual = tina.discussion(discussion_id)
        assert publish(tina, discussion_id, *[(name, PDF) for name in sent]).status == 303
        page = tina.discussion(discussion_id)
        shown = [
            link.one("span", class_="document-name").text for link in page.all("a") if "/files/" in link.get("href")
        ]
        assert shown == [clean_name(name, FileType.PDF) for name in sent]
        assert len(page.all("script")) == len(usual.all("script"))
        assert not page.all("img")
        address = addresses(page)[0]
        assert "\n" not in fetch(tina, address).headers["Content-Disposition"]

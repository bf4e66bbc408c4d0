"""Where the bytes are: a folder, or a bucket of a real S3 server; and what is said when neither takes them."""

import io
import os
from pathlib import Path

import pytest
from flask import Flask

from forum.attachments.operations import drop_files
from forum.attachments.storage import Bucket, Folder
from forum.db import db
from forum.environment import SettingsError, bucket
from tests.attachments.samples import PDF, addresses, fetch, picture, publish
from tests.buckets import BucketServer
from tests.cast import Browser, World

PHOTO, PAPER = ("photo.jpg", picture("JPEG")), ("paper.pdf", PDF)


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Folder | Bucket:
    if request.param == "folder":
        return Folder(tmp_path / "uploads")
    return Bucket(request.getfixturevalue("bucket_server").new())


def test_what_is_written_is_read_until_it_is_deleted(storage: Folder | Bucket) -> None:
    def content(key: str) -> bytes | None:
        found = storage.read(key)
        return found.read_bytes() if isinstance(found, Path) else found.read() if found else None

    assert content("abc") is None
    storage.write("abc", b"one")
    storage.write("abc", b"two")
    assert content("abc") == b"two"
    storage.delete("abc")
    storage.delete("abc")
    assert content("abc") is None


def test_a_large_file_goes_in_and_out_by_the_piece(storage: Folder | Bucket) -> None:
    large = os.urandom(1 << 20) * 9
    storage.add("large", io.BytesIO(large))
    with storage.opened("large") as stream:
        assert stream
        assert b"".join(iter(lambda: stream.read(1 << 20), b"")) == large
    with storage.opened("none") as stream:
        assert stream is None


def test_files_are_listed_and_what_is_none_of_ours_is_not(
    storage: Folder | Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert storage.is_empty()
    assert list(storage.all_keys()) == []
    monkeypatch.setattr("forum.attachments.storage._AT_ONCE", 2)
    keys = ["aa1", "aa1-small", "ab2", "ba3", "cc4"]
    for key in keys:
        storage.write(key, b"x")
    if isinstance(storage, Folder):
        (storage._path / "lost").mkdir()
        for name in ("aa/ab9", "aa/aa5.part", "lost/lost", "stray"):
            (storage._path / name).touch()
    else:
        for name in ("some/thing", "a b", ".hidden"):
            storage.write(name, b"x")
    asked: list[str] = []
    if isinstance(storage, Bucket):
        storage._client.meta.events.register("before-call.s3.ListObjectsV2", lambda **_: asked.append("a page"))
    assert list(storage.all_keys()) == keys
    assert len(asked) in (0, 4), "eight names, two at once"
    for key in keys:
        storage.delete(key)
    assert list(storage.all_keys()) == []
    assert not storage.is_empty()


@pytest.mark.one_database
def test_a_post_with_files_in_a_bucket(
    app: Flask,
    world: World,
    tina: Browser,
    discussion_id: int,
    bucket_server: BucketServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Bucket(bucket_server.new())
    monkeypatch.setitem(app.extensions, "storage", kept)
    publish(tina, discussion_id, PHOTO, PAPER)
    photo, paper = addresses(tina.discussion(discussion_id))
    assert fetch(tina, paper).data == PDF
    assert fetch(tina, f"{photo}?size=small").mimetype == "image/webp"
    assert tina.submit(tina.get(f"/discussions/{discussion_id}/posts/1"), f"{paper}/remove").status == 303
    with world.inside():
        drop_files(world.clock.now)
    assert len(list(kept.all_keys())) == 2
    assert fetch(tina, photo).status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["full", "away"])
def test_where_files_cannot_be_kept_the_text_stays(
    app: Flask, tina: Browser, discussion_id: int, silent_bucket: str, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    nowhere = Folder(Path("/dev/full")) if kind == "full" else Bucket(silent_bucket)
    monkeypatch.setitem(app.extensions, "storage", nowhere)
    page = publish(tina, discussion_id, PAPER)
    assert page.status == 422
    assert page.refusal == (
        "“paper.pdf” could not be kept: the forum has no room for files at the moment. Your text is still here."
    )
    assert page.one("textarea").text.strip() == "A thought"
    assert publish(tina, discussion_id).status == 303


@pytest.mark.one_database
@pytest.mark.parametrize(("language", "words"), [("en", "cannot get at its files"), ("zh", "论坛暂时无法读取文件")])
def test_while_the_bucket_is_away_who_fetches_a_file_is_told_so(
    app: Flask,
    tina: Browser,
    discussion_id: int,
    silent_bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    publish(tina, discussion_id, PHOTO, PAPER)
    tina.post("/language", language=language)
    photo, paper = addresses(tina.discussion(discussion_id))
    monkeypatch.setitem(app.extensions, "storage", Bucket(silent_bucket))
    for address in (photo, f"{photo}?size=small", paper):
        page = tina.get(address)
        assert (page.status, page.headers["Retry-After"]) == (503, "30")
        assert words in page.one("h1").words
    answer = fetch(tina, paper, headers={"X-Fragment": "1"})
    assert answer.status_code == 503
    assert list(answer.json) == ["refused"]
    assert tina.discussion(discussion_id).status == 200


def test_nobody_waits_for_the_database_while_a_file_is_fetched(
    app: Flask, tina: Browser, discussion_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    class Slow(Folder):
        def read(self, key: str) -> Path | None:
            held.append(db.session().in_transaction())
            return super().read(key)

    monkeypatch.setitem(app.extensions, "storage", Slow(tmp_path / "slow"))
    publish(tina, discussion_id, PAPER)
    assert fetch(tina, addresses(tina.discussion(discussion_id))[0]).data == PDF
    assert held == [False]


def test_a_folder_keeps_for_its_owner_and_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path / "uploads")
    folder.write("abcd", b"x")
    file = tmp_path / "uploads" / "ab" / "abcd"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.write("efgh", b"y")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["abcd"]


@pytest.mark.parametrize(
    "url", ["http://k:s@h/b", "s3://h/b", "s3://k:s@h", "s3://k@h/b", "s3://k:s@h:x/b", "s3://k:s/@h/b"]
)
def test_an_address_that_is_no_bucket_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        bucket("FORUM_UPLOADS_URL", url)
    assert "k:s@" not in str(refused.value)

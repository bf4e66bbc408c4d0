"""Where the bytes are: a folder, or a bucket of a real S3 server; and what is said when neither takes them."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto.server import ThreadedMotoServer

from forum.attachments.operations import drop_files
from forum.attachments.storage import Bucket, Folder
from forum.environment import SettingsError, bucket
from tests.attachments.samples import PDF, addresses, fetch, picture, publish
from tests.cast import Browser, World

PHOTO, PAPER = ("photo.jpg", picture("JPEG")), ("paper.pdf", PDF)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="k",
        aws_secret_access_key="s/+",
        region_name="eu-west-1",
    ).create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield f"s3+http://k:s%2F%2B@{host}:{port}/uploads?region=eu-west-1"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Folder | Bucket:
    return Folder(tmp_path) if request.param == "folder" else Bucket(request.getfixturevalue("s3"))


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


@pytest.mark.one_database
def test_a_post_with_files_in_a_bucket(
    app: Flask, world: World, tina: Browser, discussion_id: int, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Bucket(s3)
    monkeypatch.setitem(app.extensions, "storage", kept)
    publish(tina, discussion_id, PHOTO, PAPER)
    photo, paper = addresses(tina.discussion(discussion_id))
    assert fetch(tina, paper).data == PDF
    assert fetch(tina, f"{photo}?size=small").mimetype == "image/webp"
    assert tina.submit(tina.get(f"/discussions/{discussion_id}/posts/1"), f"{paper}/remove").status == 303
    with world.inside():
        drop_files(world.clock.now)
    left = kept._client.list_objects_v2(Bucket="uploads")["Contents"]
    assert len(left) == 2
    assert fetch(tina, photo).status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["full", "away"])
def test_where_files_cannot_be_kept_the_text_stays(
    app: Flask, tina: Browser, discussion_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind == "full":
        monkeypatch.setitem(app.extensions, "storage", Folder(Path("/dev/full")))
    else:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            monkeypatch.setitem(
                app.extensions, "storage", Bucket(f"s3+http://k:s@127.0.0.1:{nobody.getsockname()[1]}/b")
            )
    page = publish(tina, discussion_id, PAPER)
    assert page.status == 422
    assert page.refusal == (
        "“paper.pdf” could not be kept: the forum has no room for files at the moment. Your text is still here."
    )
    assert page.one("textarea").text.strip() == "A thought"
    assert publish(tina, discussion_id).status == 303


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

"""Files in a folder or in a bucket: each is in the backup, and comes back into whichever of the two is set."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forum.attachments.content import read_content
from forum.attachments.models import IMAGES, Attachment
from forum.attachments.operations import keep_file
from forum.attachments.storage import Bucket, Folder, StorageFailed, keys_of, storage
from forum.backups import folder, operations
from forum.backups.archive import opened
from forum.db import commit, db
from forum.discussions.models import Discussion
from forum.discussions.operations import publish_post
from forum.errors import Refused
from forum.members.models import Member
from tests.attachments.samples import PDF, picture
from tests.backups.conftest import Place, settle_class
from tests.buckets import BucketServer, cut_short
from tests.cast import StoppedClock
from tests.databases import settings_for
from tests.test_cli import Terminal

NewPlace = Callable[[str], Place]


def keep(name: str, data: bytes) -> Attachment:
    return keep_file(db.session.query(Member).filter_by(name="Tina").one().id, read_content(name, data))


def add_files(place: Place) -> None:
    """A post with a picture, of which there is a small one too, and a document."""
    with place.inside():
        tina = db.session.query(Member).filter_by(name="Tina").one()
        files = [keep("photo.jpg", picture("JPEG")).id, keep("paper.pdf", PDF).id]
        publish_post(tina, db.session.query(Discussion).one(), "With files.", None, "three", files=files)
        commit()


@pytest.fixture
def place(new_place: NewPlace) -> Place:
    """A forum with three files in its folder."""
    made = new_place("sqlite")
    settle_class(made)
    add_files(made)
    return made


def terminal(place: Place) -> Terminal:
    made = Terminal(place.url, place.data)
    made.environment["FORUM_UPLOADS_URL"] = place.bucket
    return made


def files_of(place: Place) -> dict[str, bytes]:
    found = {}
    with place.inside():
        for key in storage().all_keys():
            with storage().opened(key) as stream:
                assert stream
                found[key] = stream.read()
    return found


@pytest.mark.one_database
def test_files_go_from_a_folder_through_buckets_into_a_folder(
    place: Place, new_place: NewPlace, bucket_server: BucketServer, tmp_path: Path
) -> None:
    before = files_of(place)
    assert len(before) == 3
    assert PDF in before.values()
    for count, bucket in enumerate((bucket_server.new(), bucket_server.new(), "")):
        file = tmp_path / f"{count}.zip"
        assert "3 uploads" in terminal(place).ok("backup", str(file))
        with opened(file) as archive:
            assert sorted(archive.manifest.uploads) == sorted(f"{key[:2]}/{key}" for key in before)
        place = new_place("sqlite")
        place.bucket = bucket
        assert "3 uploads" in terminal(place).ok("restore", str(file))
        assert files_of(place) == before
        assert (place.data / "uploads").exists() is not bool(bucket)
        assert "not empty" in terminal(place).fails(1, "restore", str(file))


@pytest.mark.one_database
def test_a_bucket_that_is_not_empty_is_left_alone(
    place: Place, new_place: NewPlace, bucket_server: BucketServer, tmp_path: Path
) -> None:
    file, target = place.take(tmp_path / "forum.zip"), new_place("sqlite")
    target.bucket = bucket_server.new()
    Bucket(target.bucket).write("somebody/else's", b"x")
    assert "not empty" in terminal(target).fails(1, "restore", str(file))
    assert target.is_empty()
    assert files_of(target) == {}


@pytest.fixture(params=["silent", "missing", "closed"])
def away(
    request: pytest.FixtureRequest, bucket_server: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    """A bucket that cannot be used, and the words for why."""
    if request.param == "silent":
        return request.getfixturevalue("silent_bucket"), "does not answer as it should"
    if request.param == "missing":
        return bucket_server.address("nowhere"), "has no bucket “nowhere”"
    address = bucket_server.new()
    monkeypatch.setattr("moto.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0)
    return address, "does not admit the key"


@pytest.mark.one_database
def test_a_bucket_that_is_away_is_said_in_words_and_nothing_is_written(
    place: Place, new_place: NewPlace, away: tuple[str, str], tmp_path: Path
) -> None:
    file, (address, words), target = place.take(tmp_path / "forum.zip"), away, new_place("sqlite")
    place.bucket = target.bucket = address
    for line in (
        terminal(place).fails(1, "backup", str(tmp_path / "another.zip")),
        terminal(target).fails(1, "restore", str(file)),
    ):
        assert words in line
        assert "k:s" not in line
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["forum.zip"]
    assert target.is_empty()


@pytest.mark.one_database
def test_a_bucket_that_breaks_off_in_the_middle_of_a_file_spoils_the_backup(place: Place, tmp_path: Path) -> None:
    with cut_short() as place.bucket:
        said = terminal(place).fails(1, "backup", str(tmp_path / "forum.zip"))
    assert "does not answer as it should" in said
    assert not [one for one in tmp_path.iterdir() if one.is_file()]


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_what_fails_after_the_first_file_takes_it_away_again(
    place: Place,
    new_place: NewPlace,
    bucket_server: BucketServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    file, target, added = place.take(tmp_path / "forum.zip"), new_place("sqlite"), []
    where: Any = Bucket if kind == "bucket" else Folder
    target.bucket = bucket_server.new() if kind == "bucket" else ""
    add = where.add

    def add_one(self: Any, key: str, stream: Any) -> None:
        if added:
            raise StorageFailed("no more") if kind == "bucket" else OSError(28, "No space left on device")
        added.append(key)
        add(self, key, stream)

    with monkeypatch.context() as patched:
        patched.setattr(where, "add", add_one)
        assert "no more" in (said := terminal(target).fails(1, "restore", str(file))) or "No space" in said
    assert added
    assert files_of(target) == {}
    terminal(target).ok("restore", str(file))


@pytest.mark.one_database
def test_a_daily_backup_notes_in_words_that_the_bucket_is_away(
    new_place: NewPlace, silent_bucket: str, frozen: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, frozen.now = new_place("sqlite"), datetime(2026, 3, 2, 4, tzinfo=UTC)
    place.bucket = silent_bucket
    monkeypatch.setenv("LANGUAGE", "zh")
    with place.inside() as app:
        app.extensions["settings"] = settings_for(
            place.url, place.data, uploads_url=silent_bucket, backups=tmp_path / "backups"
        )
        with pytest.raises(Refused):
            operations.take_due_backup()
        [failed] = folder.last_backups()
    assert "没有正常响应" in failed.fault


def test_what_comes_and_goes_while_files_are_copied(database_kind: str, new_place: NewPlace, tmp_path: Path) -> None:
    """What a row refers to when the rows are read is there; what has gone before it was read is passed over."""
    place, target = new_place(database_kind), new_place("sqlite")
    settle_class(place)
    add_files(place)
    with place.inside() as app, ThreadPoolExecutor(1) as pool:
        going = keep("notes.txt", b"going").key
        commit()

        def change() -> None:
            with app.app_context():
                keep("late.png", picture())
                storage().delete(going)
                db.session.delete(db.session.query(Attachment).filter_by(key=going).one())
                commit()

        class Restless(Folder):
            def all_keys(self) -> Iterator[str]:
                listed = list(super().all_keys())
                assert going in listed
                pool.submit(change).result()
                yield from listed

        app.extensions["storage"] = Restless(place.data / "uploads")
        operations.take_backup(tmp_path / "forum.zip")
    target.restore(tmp_path / "forum.zip")
    with target.inside():
        rows = db.session.query(Attachment.key, Attachment.type).all()
    wanted = {key for row in rows for key in keys_of(row.key, row.type in IMAGES)}
    assert len(rows) == 3
    assert set(files_of(target)) == wanted

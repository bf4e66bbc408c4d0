"""What is damaged, cut off, of another version or made up is refused, and nothing is written."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy.exc import SQLAlchemyError

from forum.backups.archive import opened
from forum.errors import Refused
from tests.backups.conftest import Place, resealed

pytestmark = pytest.mark.one_database


@pytest.fixture
def file(settled: Place, tmp_path: Path) -> Path:
    return settled.take(tmp_path / "forum.zip")


def open_it(file: Path) -> None:
    with opened(file):
        pass


def test_one_changed_bit_anywhere_is_seen(file: Path, tmp_path: Path) -> None:
    whole, damaged = file.read_bytes(), tmp_path / "damaged.zip"
    open_it(file)
    for place in {*range(120), *range(0, len(whole), 97), *range(len(whole) - 200, len(whole))}:
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])
        with pytest.raises(Refused, match="damaged"):
            open_it(damaged)


def test_what_is_cut_off_or_no_backup_at_all_is_seen(file: Path, tmp_path: Path) -> None:
    whole, damaged = file.read_bytes(), tmp_path / "damaged.zip"
    for length in (0, 1, 63, 64, 65, 1000, len(whole) // 2, len(whole) - 64, len(whole) - 1):
        damaged.write_bytes(whole[:length])
        with pytest.raises(Refused, match="damaged"):
            open_it(damaged)
    damaged.write_bytes(whole + b"\n")
    with pytest.raises(Refused, match="damaged"):
        open_it(damaged)


def made_up(file: Path) -> Iterator[tuple[str, dict[str, bytes | None]]]:
    """The words with which it is refused, and the members that are changed; the seal is right each time."""
    with ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        units = archive.read("tables/units.jsonl")
    yield "damaged", {"manifest.json": None}
    yield "damaged", {"manifest.json": b"[]"}
    yield "damaged", {"manifest.json": b"\xff"}
    yield "damaged", {"tables/units.jsonl": None}
    yield "damaged", {"tables/units.jsonl": units + b"[1]\n"}
    yield "damaged", {"tables/units.jsonl": units.replace(b"[", b"[[", 1)}
    yield "damaged", {"tables/units.jsonl": units.replace(b"[", b"[1,", 1)}
    yield "damaged", {"uploads/1": None}
    yield "another version", {"manifest.json": json.dumps(manifest | {"format": 2}).encode()}
    yield "holds the schema 1999", {"manifest.json": json.dumps(manifest | {"revision": "1999"}).encode()}
    for name in ("../evil", "/etc/evil", "a/../../evil", "C:\\evil", ".hidden", "a//b", "a\x00b", "", 7):
        changed = manifest | {"uploads": ["fine.png", name]}
        yield "damaged", {"manifest.json": json.dumps(changed).encode()}
    yield "damaged", {"manifest.json": json.dumps(manifest | {"uploads": ["a/same", "b/same"]}).encode()}


def test_what_is_made_up_is_refused_and_nothing_is_written(
    file: Path, new_place: Callable[[str], Place], tmp_path: Path
) -> None:
    target = new_place("sqlite")
    for words, changes in made_up(file):
        with pytest.raises(Refused, match=words):
            target.restore(resealed(file, tmp_path / "made-up.zip", **changes))
        assert target.is_empty()
    target.restore(file)


def test_a_forum_that_is_not_empty_is_left_alone(file: Path, settled: Place, new_place: Callable[[str], Place]) -> None:
    with_uploads = new_place("sqlite")
    (with_uploads.data / "uploads").mkdir()
    (with_uploads.data / "uploads" / "kept.png").touch()
    for target in (settled, with_uploads):
        with pytest.raises(Refused, match="not empty"):
            target.restore(file)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_fails_in_the_middle_leaves_nothing(
    kind: str, file: Path, new_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """Members are there when the last tables fail."""
    target = new_place(kind)
    with ZipFile(file) as archive:
        speeches = archive.read("tables/speeches.jsonl")
    for changed in (speeches.replace(b"[", b"[1,", 1), speeches.replace(b"[1,", b'["x",', 1)):
        with pytest.raises((Refused, SQLAlchemyError)):
            target.restore(resealed(file, tmp_path / "made-up.zip", **{"tables/speeches.jsonl": changed}))
        assert target.is_empty()

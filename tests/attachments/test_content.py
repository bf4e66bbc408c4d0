"""What is taken, by what is in it; what it is called; and what is not taken, whatever it is called."""

import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from forum.attachments.content import read_content
from forum.attachments.kinds import document_type
from forum.attachments.models import LONGEST_NAME, FileType
from forum.attachments.names import clean_name
from forum.attachments.pictures import LONGEST_SIDE, LONGEST_SMALL
from forum.errors import Refused
from tests.attachments.samples import PDF, open_xml, picture

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500
NAMES = [
    "file.php%00.gif", "name.\u202egpj.php", "../../etc/passwd", "..\\..\\boot.ini", "a\x00b\r\nSet-Cookie: x.pdf",
    "CON", "<script>.png", '"; filename="x.exe', "....", "", " ", "/", "\ud800.txt", "a\u2066b\u200f.docx",
    "长" * 300 + ".pdf",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "type_"),
    [
        ("a.exe", PDF, FileType.PDF),
        ("a", open_xml(), FileType.DOCX),
        ("a.zip", open_xml(b"spreadsheetml.sheet.main"), FileType.XLSX),
        ("a", open_xml(b"presentationml.presentation.main"), FileType.PPTX),
        ("a", OLD_OFFICE + "WordDocument".encode("utf-16-le"), FileType.DOC),
        ("a", OLD_OFFICE + "Workbook".encode("utf-16-le"), FileType.XLS),
        ("a", OLD_OFFICE + "PowerPoint Document".encode("utf-16-le"), FileType.PPT),
        ("a.csv", "姓名,单位\n张三,市委".encode("gb18030"), FileType.CSV),
        ("a", "\ufeff一些文字".encode(), FileType.TXT),
        ("a", "一些文字".encode("utf-16"), FileType.TXT),
        ("page.txt", b" <!doctype html><script>", None),
        ("a.txt", b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        ("a.txt", b"MZ\x90\x00\x03", None),
        ("a.rtf", b"{\\rtf1}", None),
        ("a.docx", open_xml(b"wordprocessingml.document.main", "word/vbaProject.bin"), None),
        ("a.docx", open_xml(b"wordprocessingml.template.main"), None),
        ("a.doc", OLD_OFFICE + "WordDocument_VBA_PROJECT".encode("utf-16-le"), None),
        ("a.docx", open_xml()[:-10], None),
        ("a.docx", b"PK\x03\x04", None),
    ],
)
def test_a_document_is_what_is_in_it(name: str, data: bytes, type_: FileType | None) -> None:
    assert document_type(name, data) is type_


def test_a_zip_that_grows_or_has_too_many_parts_is_refused_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", b'"x"' + b" " * 300_000)
    whole = stream.getvalue()
    # The list of its parts says that one of them has 4 GB.
    grown = whole.replace(struct.pack("<L", 300_003), struct.pack("<L", 0xFFFFFFF0))
    assert document_type("a.docx", grown) is None
    assert document_type("a.docx", open_xml(b"wordprocessingml.document.main", *map(str, range(5_000)))) is None


def test_what_is_broken_is_refused_and_breaks_nothing(app_context: None) -> None:
    chance = random.Random(7)
    for whole in (open_xml(), picture("JPEG"), picture("PNG"), picture("WEBP"), picture("GIF")):
        for _turn in range(60):
            data = bytearray(whole)
            for _byte in range(chance.randint(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                read_content("a", bytes(data[: chance.randint(4, len(data))]))
            except Refused:
                continue


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    """For the words of what is refused."""
    with app.test_request_context():
        yield


pytestmark = pytest.mark.one_database


def test_of_a_picture_only_what_can_be_seen_is_kept(app_context: None) -> None:
    notes = Image.Exif()
    notes[0x0112], notes[0x010E] = 6, "at home"
    content = read_content("a.png", picture("JPEG", (3000, 1500), exif=notes, comment=b"secret"))
    kept = Image.open(io.BytesIO(content.data))
    assert (content.name, content.type) == ("a.png.jpg", FileType.JPEG)
    assert kept.size == (content.width, content.height) == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert dict(kept.getexif()) == {}
    assert not {"exif", "comment"} & set(kept.info)
    assert max(Image.open(io.BytesIO(content.small or b"")).size) == LONGEST_SMALL


def test_a_moving_picture_stands_still_and_a_clear_one_stays_clear(app_context: None) -> None:
    frames = [Image.new("P", (20, 10), shade) for shade in (1, 2)]
    moving = picture("GIF", (20, 10), "P", save_all=True, append_images=frames)
    content = read_content("moving.gif", moving)
    assert (content.name, content.type) == ("moving.gif.png", FileType.PNG)
    assert getattr(Image.open(io.BytesIO(content.data)), "n_frames", 1) == 1
    clear = Image.open(io.BytesIO(read_content("a.webp", picture("WEBP", (9, 9), "RGBA")).data))
    assert (clear.format, clear.mode, clear.getpixel((0, 0))[3]) == ("WEBP", "RGBA", 0)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(app_context: None) -> None:
    head = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">L", len(head)) + b"IHDR" + head + struct.pack(">L", zlib.crc32(b"IHDR" + head))
    with pytest.raises(Refused, match="more pixels than can be shown"):
        read_content("bomb.png", b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">L", 9) + b"IDAT" + b"x" * 13)


def test_a_photo_that_no_browser_shows_is_refused_with_a_way_out(app_context: None) -> None:
    with pytest.raises(Refused, match="HEIC"):
        read_content("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


@pytest.mark.parametrize("sent", NAMES)
def test_a_name_misleads_nobody(sent: str) -> None:
    _assert_safe(clean_name(sent, FileType.PDF))


def test_a_name_stays_as_its_owner_calls_it() -> None:
    assert clean_name("学习 笔记（第一讲）.PDF", FileType.PDF) == "学习 笔记（第一讲）.pdf"
    assert clean_name("C:\\Photos\\IMG 1.JPEG", FileType.JPEG) == "IMG 1.jpg"
    assert clean_name("e\u0301.docx", FileType.DOCX) == "\u00e9.docx"


@pytest.mark.corpus
def test_hostile_names_mislead_nobody() -> None:
    lines = (
        Path(os.environ["FORUM_TEST_CORPUS"], "hostile/upload_filenames.txt").read_text(errors="replace").split("\n")
    )
    assert len(lines) > 100
    for line in lines:
        for type_ in FileType:
            _assert_safe(clean_name(line, type_), type_)


def _assert_safe(name: str, type_: FileType = FileType.PDF) -> None:
    assert name.endswith(f".{type_}")
    assert len(f".{type_}") < len(name) <= LONGEST_NAME
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*')
    assert not name.startswith(".")

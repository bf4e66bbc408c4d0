"""Files as people send them, made on the spot."""

import io
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from forum.attachments.kinds import _MAIN
from tests.cast import Browser
from tests.pages import Page

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF"
SENT = tuple[str, bytes]


def picture(written_as: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else None).save(stream, written_as, **options)
    return stream.getvalue()


def open_xml(kind: bytes = b"wordprocessingml.document.main", *more: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", b'<Types><Override ContentType="' + _MAIN % kind + b'"/></Types>')
        for name in more:
            file.writestr(name, b"x")
    return stream.getvalue()


def send(browser: Browser, path: str, *files: SENT, **fields: Any) -> Page:
    """A form with files, as a browser without script sends it."""
    parts = [*fields.items(), ("csrf_token", browser.csrf_token())]
    parts += [("files", FileStorage(io.BytesIO(data), name)) for name, data in files]
    boundary, body = encode_multipart(MultiDict(parts))
    return Page(browser.client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"'))


def publish(browser: Browser, discussion_id: int, *files: SENT, body: str = "A thought", **fields: Any) -> Page:
    path = f"/discussions/{discussion_id}"
    form = browser.get(path).form(f"{path}/posts")
    return send(browser, f"{path}/posts", *files, **{**form.fields, "body": body, **fields})


def upload(browser: Browser, discussion_id: int, *files: SENT) -> list[int]:
    """As the page's script does; the numbers under which they wait."""
    answer = send(browser, f"/discussions/{discussion_id}/files", *files)
    assert answer.status == 201, answer.source
    return [int(box["name"].removeprefix("file-")) for box in answer.all("input", type="checkbox")]


def fetch(browser: Browser, address: str, **options: Any) -> Any:
    return browser.client.get(address, buffered=True, **options)


def status_of(browser: Browser, address: str) -> int:
    status: int = fetch(browser, address).status_code
    return status


def addresses(page: Page) -> list[str]:
    return [link["href"] for link in page.all("a") if "/files/" in link.get("href")]


def kept(folder: Path) -> int:
    """How many files the folder of uploads has."""
    return sum(1 for file in (folder / "uploads").rglob("*") if file.is_file())

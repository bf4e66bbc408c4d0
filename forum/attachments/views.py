"""What pages of posts and of activities share: taking what is sent, and giving out what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, request, send_file
from flask_login import current_user

from forum.attachments import storage
from forum.attachments.content import read_content
from forum.attachments.models import MEDIA_TYPES, Attachment
from forum.attachments.operations import MEGABYTE, keep_file, require_few, require_size
from forum.db import commit, expect_reading, undo
from forum.errors import Refused
from forum.web import found, is_number

_MARK = "file-"


@dataclass(slots=True)
class Received:
    """The numbers of the files that came with a form and are kept, and of those that were before and are ticked in it;
    and why others are not."""

    kept: list[int] = field(default_factory=list)
    ticked: list[int] = field(default_factory=list)
    refused: str = ""

    @property
    def all(self) -> list[int]:
        return self.ticked + self.kept


def receive_files(activity_id: int | None = None) -> Received:
    """Each file for itself: what is taken stays kept where another is refused. What the request has begun to read is
    let go of first: nobody shall wait while a picture is worked on."""
    sent = [file for file in request.files.getlist("files") if file.filename]
    received, member_id = Received(ticked=ticked_files(request.form)), current_user.id
    if not sent:
        return received
    undo()
    reasons = []
    for file in sent:
        try:
            require_few(len(sent))
            name, limit = file.filename or "", current_app.extensions["settings"].upload_mb * MEGABYTE
            data = file.stream.read(limit + 1)
            require_size(name, len(data))
            content = read_content(name, data)
            expect_reading(False)
            kept = keep_file(member_id, content, activity_id).id
            commit()
            received.kept.append(kept)
        except Refused as refused:
            undo()
            reasons.append(refused.reason)
    expect_reading(False)
    received.refused = " ".join(dict.fromkeys(reasons))
    return received


def ticked_files(sent: Mapping[str, str]) -> list[int]:
    """Those whose boxes are ticked in a form."""
    numbers = [name.removeprefix(_MARK) for name in sent if name.startswith(_MARK)]
    return [int(number) for number in numbers if is_number(number)]


def file_answer(file: Attachment) -> Response:
    """Pictures in the page, documents to be saved; nothing in either may run. Whoever may see it is asked each time:
    the browser may keep it, and must ask whether it still may show it. The database is let go of first: nobody shall
    wait for it while a bucket takes its time."""
    small = file.is_image and request.args.get("size") == "small"
    key, said = file.key, _said_of(file, small)
    undo()
    content: Any = found(storage.get(key, small))
    answer = send_file(content, max_age=0, **said)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers.pop("Expires", None)
    return answer


def _said_of(file: Attachment, small: bool) -> dict[str, Any]:
    return {
        "mimetype": "image/webp" if small else MEDIA_TYPES[file.type],
        "download_name": None if small else file.name,
        "as_attachment": not file.is_image,
        "etag": f"{file.key}-small" if small else file.key,
        "last_modified": file.created_at,
    }

"""Built files: sent as they were compressed when they were built, to whoever takes that."""

import mimetypes
from pathlib import Path

from flask import Flask, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from forum.paths import STATIC


def init_static(app: Flask) -> None:
    """In the place of Flask's own view."""
    app.view_functions["static"] = send_built


def send_built(filename: str) -> Response:
    packed = _packed(filename) if request.accept_encodings["gzip"] else None
    if packed is None:
        answer: Response = current_app.send_static_file(filename)
    else:
        answer = Response(packed, mimetype=mimetypes.guess_type(filename)[0])
        answer.headers["Content-Encoding"] = "gzip"
        answer.cache_control.public, answer.cache_control.max_age = True, current_app.get_send_file_max_age(filename)
        answer.add_etag()
        answer.make_conditional(request)
    answer.vary.add("Accept-Encoding")
    return answer


def _packed(filename: str) -> bytes | None:
    path = safe_join(str(STATIC), f"{filename}.gz")
    try:
        return Path(path).read_bytes() if path else None
    except OSError:
        return None

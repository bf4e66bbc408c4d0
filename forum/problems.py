"""What went wrong, for programs: problem documents (RFC 9457), each with a sentence that a person can act on."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import MethodNotAllowed

# By the last part of the problem's `type`, which programs may rely on: status, title, what to do.
PROBLEMS: dict[str, tuple[int, Any, Any]] = {
    "malformed": (
        400,
        _l("The request could not be read"),
        _l('Send a JSON object, for example {"body": "…"}, in UTF-8.'),
    ),
    "unauthorized": (
        401,
        _l("Who asks is not known"),
        _l("Send a token in the header “Authorization: Bearer TOKEN”. You make and revoke yours at /me/tokens."),
    ),
    "forbidden": (
        403,
        _l("You cannot do this here"),
        _l("You can see this, but your role in the class does not include it. If it should, ask an organiser."),
    ),
    "not-found": (
        404,
        _l("There is nothing here"),
        _l("The address may be mistyped, or lead to a class you are not enrolled in. GET /api/v1/classes lists yours."),
    ),
    "method": (
        405,
        _l("This address cannot do that"),
        _l("It exists, but not for this kind of request; the header Allow says for which."),
    ),
    "too-large": (413, _l("That is too large"), _l("What you sent is larger than this forum takes. Send it in parts.")),
    "media-type": (
        415,
        _l("The request is not JSON"),
        _l("Send JSON, and say so in the header “Content-Type: application/json”."),
    ),
    "invalid": (
        422,
        _l("Something in the request is not as it must be"),
        _l("Each part that is wrong is named under “errors”, with the reason."),
    ),
    "refused": (422, _l("That is not possible now"), _l("A rule of the forum stands against it.")),
    "too-many": (
        429,
        _l("Too many requests in a short time"),
        _l("Wait for as many seconds as the header Retry-After says, then go on."),
    ),
    "failed": (
        500,
        _l("Something went wrong on our side"),
        _l("Try again in a moment. If it happens again, tell whoever runs this forum what you asked for, and when."),
    ),
    "busy": (
        503,
        _l("The forum is very busy"),
        _l("Nothing has been done. Send the same again, with the same Idempotency-Key, in a few seconds."),
    ),
}
_BY_STATUS = {status: name for name, (status, _title, _words) in reversed(PROBLEMS.items())} | {422: "invalid"}


def problem(
    name: str, detail: str | None = None, errors: Mapping[str, str] | None = None, status: int | None = None
) -> Response:
    usual, title, words = PROBLEMS[name]
    status = status or usual
    document: dict[str, Any] = {
        "type": f"/api#{name}", "title": str(title), "status": status, "detail": detail or str(words)
    }  # fmt: skip
    if errors:
        document["errors"] = dict(errors)
    written = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return Response(written, status, mimetype="application/problem+json")


def problem_of(error: Exception, status: int) -> Response:
    name = _BY_STATUS.get(status, "malformed" if status < 500 else "failed")
    response = problem(name, status=status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response

"""What the server says, as lines of JSON: for machines that gather them, and without anything personal. Of a fault the
kind and the places are told, not the words, since these may quote what somebody wrote."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from forum.tracing import request_name


class JSONLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := request_name():
            line["request"] = name
        line |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1]:
            line |= _fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _fault(fault: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(fault.__traceback__)
    cause = fault.__cause__ or fault.__context__
    told: dict[str, Any] = {
        "fault": type(fault).__name__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    return told | ({"cause": type(cause).__name__} if cause else {})


def speak_json() -> None:
    """Of all loggers, also those of libraries that have brought a handler along; each request has a line."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stderr))
    for name in ("", "gunicorn.error", "huey"):
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(JSONLines())
    logging.getLogger("forum.access").setLevel(logging.INFO)

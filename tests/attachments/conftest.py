"""A folder of uploads of its own for each test."""

from pathlib import Path

import pytest
from flask import Flask

from forum.attachments.storage import Folder


@pytest.fixture(autouse=True)
def uploads(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if "database_kind" in request.fixturenames:
        app: Flask = request.getfixturevalue("app")
        monkeypatch.setitem(app.extensions, "storage", Folder(tmp_path / "uploads"))
    return tmp_path

"""A discussion, and a folder of uploads of its own for each test."""

from pathlib import Path

import pytest
from flask import Flask

from forum.attachments.storage import Folder
from tests.cast import Browser, World


@pytest.fixture(autouse=True)
def uploads(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if "database_kind" in request.fixturenames:
        app: Flask = request.getfixturevalue("app")
        monkeypatch.setitem(app.extensions, "storage", Folder(tmp_path / "uploads"))
    return tmp_path


@pytest.fixture
def discussion_id(world: World) -> int:
    return world.discussion()


@pytest.fixture
def tina(world: World) -> Browser:
    return world.client_of(world.cast.tina)

"""A class to import into."""

from collections.abc import Iterator

import pytest
from flask import Flask

from forum.classes.models import TrainingClass
from tests.interop.file import new_class


@pytest.fixture
def seminar(app: Flask) -> Iterator[TrainingClass]:
    with app.app_context():
        yield new_class("seminar")

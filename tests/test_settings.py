"""The settings, as they are declared and as they are read."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_of_the_settings_is_current() -> None:
    page = runpy.run_path(str(DOCS / "settings.py"))["settings_page"]()
    assert (DOCS / "settings.md").read_text() == page, "run `make settings`"

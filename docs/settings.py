"""Writes docs/settings.md from the settings as forum/config.py declares them: `make settings`."""

from dataclasses import Field
from pathlib import Path
from typing import Any

from forum.config import declared

PAGE = Path(__file__).with_suffix(".md")
HEAD = """# Settings

Read at the start from the environment. Those with a ✎ can also be changed in the administration while the forum runs;
what the environment says prevails, and is not changed there ([why](decisions/0020-settings-at-run-time.md)).
This page is made from `forum/config.py` by `make settings`.

| variable | default | meaning |
| --- | --- | --- |
"""


def settings_page() -> str:
    return HEAD + "".join(f"| {_name(f)} | {f.metadata['shown']} | {f.metadata['meaning']} |\n" for f in declared())


def _name(field: Field[Any]) -> str:
    return f"`FORUM_{field.name.upper()}`{' ✎' if field.metadata['changes'] else ''}"


if __name__ == "__main__":
    PAGE.write_text(settings_page())

"""Writes docs/settings.md from the settings as forum/config.py declares them: `make settings`."""

from dataclasses import fields
from pathlib import Path

from forum.config import Settings

PAGE = Path(__file__).with_suffix(".md")
HEAD = """# Settings

Read once, at the start, from the environment. This page is made from `forum/config.py` by `make settings`.

| variable | default | meaning |
| --- | --- | --- |
"""


def settings_page() -> str:
    rows = [(f.name.upper(), f.metadata["shown"], f.metadata["meaning"]) for f in fields(Settings)]
    return HEAD + "".join(f"| `FORUM_{name}` | {shown} | {meaning} |\n" for name, shown, meaning in rows)


if __name__ == "__main__":
    PAGE.write_text(settings_page())

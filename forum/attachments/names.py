"""What an uploaded file is called: as its owner calls it, without what would mislead the next person."""

import unicodedata

from forum.attachments.models import LONGEST_NAME, FileType

# Not allowed in names by one system or another.
_MARKS = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_SAME = {FileType.JPEG: ("jpg", "jpeg", "jpe", "jfif")}


def plain_name(sent: str) -> str:
    """The last part of a path, without controls and marks that turn the direction of writing."""
    name = unicodedata.normalize("NFC", sent.replace("\\", "/").rstrip("/").rpartition("/")[2])
    # Other: controls, marks of format and direction, halves of surrogates, private use.
    kept = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in name)
    return " ".join(kept.translate(_MARKS).split()).strip(". ")


def clean_name(sent: str, type_: FileType) -> str:
    """Always with the ending of what the file is."""
    stem = plain_name(sent)
    for ending in _SAME.get(type_, (type_.value,)):
        if stem.lower().endswith(f".{ending}"):
            stem = stem[: -len(ending) - 1]
            break
    stem = stem[: LONGEST_NAME - len(type_) - 1].strip(". ") or "file"
    return f"{stem}.{type_}"

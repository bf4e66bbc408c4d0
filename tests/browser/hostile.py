"""Hostile texts from elsewhere, made into classes by the import of threads."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from forum.classes.models import Enrolment, Role
from forum.classes.operations import create_class, enrol_member
from forum.db import commit, db
from forum.discussions.models import Discussion
from forum.interop.threads import import_threads
from forum.members.models import Member
from tests.browser.conftest import Site
from tests.cast import Person, add_person

FORMATS = ("markdown", "html", "text")
BATCH = 90
PLAIN = "A plain thought."


def corpus() -> list[str]:
    folder = os.environ.get("FORUM_TEST_CORPUS")
    if not folder:
        pytest.skip("FORUM_TEST_CORPUS names no folder of real data")
    found = payloads(Path(folder) / "hostile")
    assert len(found) > 2900
    return found


def payloads(folder: Path) -> list[str]:
    """Those that would show: a post without a text or a name is none."""
    found: list[str] = []
    for file in sorted(folder.glob("*.jsonl")):
        found += [json.loads(line)["payload"] for line in file.read_text(encoding="utf-8").splitlines()]
    for file in sorted(folder.glob("blns*.json")):
        found += [text for section in json.loads(file.read_text(encoding="utf-8")) for text in section["strings"]]
    for file in [*sorted(folder.glob("*.txt")), *sorted((folder / "fuzzdb-unicode").glob("*.txt"))]:
        found += file.read_text(encoding="utf-8", errors="replace").splitlines()
    return [text for text in dict.fromkeys(found) if text.replace("\x00", "").strip()]


@dataclass
class Batch:
    """A class whose title, people, discussions and posts are all made of some of the payloads."""

    payloads: list[str]
    slug: str
    discussion: int

    @property
    def posts(self) -> int:
        return BATCH * len(FORMATS)

    @property
    def paths(self) -> dict[str, str]:
        return {
            "discussion": f"/discussions/{self.discussion}",
            "post": f"/discussions/{self.discussion}/posts/1",
            "class": f"/classes/{self.slug}",
            "members": f"/classes/{self.slug}/members",
            "by trainee": f"/classes/{self.slug}/figures?by=trainee",
            "by unit": f"/classes/{self.slug}/figures?by=unit",
        }


def settle(site: Site, found: list[str]) -> tuple[Person, list[Batch]]:
    """Someone who is in all the classes, and these; the first is made of harmless texts."""
    texts = [PLAIN] * BATCH + found
    with site.app.app_context():
        reader = add_person("Rita")
        batches = [_settled(reader, texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        for number, text in enumerate(found):
            enrol_member(_class(f"title-{number}", text), reader, Role.TRAINEE)
        commit()
        return Person(reader.id, reader.name, reader.email or ""), batches


def _class(slug: str, title: str) -> Any:
    today = datetime.now(UTC).date()
    return create_class(slug, f".{title}"[:200], today, today + timedelta(days=7), "Asia/Shanghai")


def _settled(reader: Member, texts: list[str]) -> Batch:
    texts = (texts + [PLAIN] * BATCH)[:BATCH]
    slug = f"hostile-{db.session.query(Discussion).count()}"
    training_class = _class(slug, texts[0])
    enrol_member(training_class, reader, Role.INSTRUCTOR)
    db.session.flush()
    lines = [json.dumps(line).encode() for line in _lines(texts)]
    report = import_threads(training_class, lines)
    assert (report.errors, report.posts) == ([], BATCH * len(FORMATS))
    here = Discussion.class_id == training_class.id
    first = db.session.query(Discussion).filter(here).order_by(Discussion.id).first()
    assert first is not None
    for number, member in enumerate(_trainees(training_class.id)):
        db.session.execute(update(Member).where(Member.id == member).values(position=_short(texts[number], 200)))
    return Batch(texts, slug, first.id)


def _trainees(class_id: int) -> list[int]:
    here = (Enrolment.class_id == class_id, Enrolment.role == Role.TRAINEE)
    return [row.member_id for row in db.session.query(Enrolment).filter(*here).order_by(Enrolment.member_id)]


def _short(text: str, longest: int) -> str:
    return text.replace("\x00", "").strip()[:longest].strip()


def _lines(texts: list[str]) -> Iterator[dict[str, Any]]:
    """A discussion with every text in every format, and one more discussion for the title and prompt of each."""
    for number, text in enumerate(texts):
        unit = f"City {number} / {_short(text, 100)}"
        yield {"type": "member", "id": f"m{number}", "name": _short(text, 120), "role": "trainee", "unit": unit}
    prompt = "\n\n".join([PLAIN * 5, *texts])
    yield from ({"type": "discussion", "id": f"d{n}", "title": text[:300], "prompt": prompt, "stage": "during"}
                for n, text in enumerate(texts))  # fmt: skip
    at = datetime.now(UTC) - timedelta(hours=1)
    for number in range(len(texts) * len(FORMATS)):
        place, form = divmod(number, len(FORMATS))
        yield {
            "type": "post", "id": f"p{number}", "discussion": "d0", "author": f"m{place}", "body": texts[place],
            "at": (at + timedelta(seconds=number)).isoformat(), "format": FORMATS[form],
        }  # fmt: skip

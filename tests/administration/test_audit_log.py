"""What the audit log says of what touches many, and of changes of which only the fields are told."""

import re
from typing import Any

import pytest

from forum.audit.models import AuditEntry, Verb
from forum.classes.models import Role
from forum.db import db
from tests.bench.classroom import counted_statements
from tests.cast import Browser, World
from tests.classes.importing import row, take
from tests.discussions.setting_up import edit, ticks

SPRING = "/classes/spring"


def told(world: World, verb: Verb, beyond: int = 0) -> list[tuple[int | None, dict[str, Any]]]:
    """Whom, and the details, in order; without the first so many."""
    with world.app.app_context():
        rows = db.session.query(AuditEntry).filter_by(verb=verb).order_by(AuditEntry.id)
        return [(one.member_id, one.details) for one in rows][beyond:]


@pytest.fixture
def olga(world: World) -> Browser:
    return world.client_of(world.cast.olga)


def test_a_roster_names_whom_it_lets_in_and_as_what(world: World) -> None:
    verbs = (Verb.MEMBER_ADDED, Verb.ENROLLED, Verb.ENROLMENT_CHANGED)
    before = [len(told(world, verb)) for verb in verbs]
    take(
        world,
        row(2, "Una", role=Role.INSTRUCTOR, organises=True),
        row(3, "Stella", email="stella@example.org"),
        row(4, "Tom", email="tom@example.org", role=Role.OBSERVER),
        row(5, "Ivan", email="ivan@example.org", organises=True),
        row(6, "Tina", email="tina@example.org"),
    )
    added, enrolled, changed = (told(world, *place) for place in zip(verbs, before, strict=True))
    una = added[0][0]
    assert added == [(una, {})]
    assert enrolled == [
        (una, {"role": "instructor", "organises": True}),
        (world.cast.stella.id, {"role": "trainee", "organises": False}),
    ]
    assert changed == [
        (world.cast.tom.id, {"fields": ["role"], "role": "observer"}),
        (world.cast.ivan.id, {"fields": ["organises"], "organises": True}),
    ]


def test_a_roster_is_recorded_in_as_many_statements_whatever_its_size(world: World) -> None:
    def written(numbers: range) -> int:
        with counted_statements(world.app) as sent:
            take(world, *(row(number, f"Person {number}", role=Role.TRAINEE) for number in numbers))
            take(world, *(row(number, f"Person {number}", role=Role.OBSERVER) for number in numbers))
        return sum("INSERT INTO audit_entries" in statement for statement in sent)

    assert written(range(2, 4)) == written(range(10, 40)) == 4


def test_a_changed_account_says_which_fields_its_unit_too(world: World) -> None:
    ada, path = world.client_of(world.cast.ada), f"/admin/members/{world.cast.tina.id}"
    for fields in ({"unit": "City / West"}, {"position": "Chair", "email": "t@example.org"}, {}):
        assert ada.submit(ada.get(path), path, **fields).status == 303
    changed = told(world, Verb.MEMBER_CHANGED)
    assert [(whom, set(details["fields"])) for whom, details in changed] == [
        (world.cast.tina.id, {"unit_id"}),
        (world.cast.tina.id, {"position", "email"}),
    ]


def test_a_changed_class_says_which_fields(world: World, olga: Browser) -> None:
    path = f"{SPRING}/settings"
    for fields in ({"title": "Spring and summer"}, {}):
        assert olga.submit(olga.get(path), path, kind="class", **fields).status == 303
    assert told(world, Verb.CLASS_CHANGED) == [(None, {"fields": ["title"]})]


def test_a_changed_discussion_says_which_fields(world: World, olga: Browser) -> None:
    discussion_id = world.discussion()
    changes = {"stage": "after", "audience": "groups", "body": "Why?", **ticks(world, "first")}
    assert edit(world, discussion_id, olga, **changes).status == 303
    fields = ["prompt", "stage", "audience", "groups"]
    assert told(world, Verb.DISCUSSION_CHANGED) == [(None, {"discussion": discussion_id, "fields": fields})]


def test_a_changed_and_a_withdrawn_announcement_are_recorded_without_their_words(world: World, olga: Browser) -> None:
    path = f"{SPRING}/announcements"
    olga.submit(olga.get(f"{path}/new"), f"{path}/new", title="Tomorrow at nine", body="Bring your case.")
    links = {link.get("href") for link in olga.get(path).all("a")}
    (here,) = {link for link in links if re.search(r"announcements/\d+$", link)}
    number, ada = int(here.rpartition("/")[2]), world.client_of(world.cast.ada)
    for body in ("Bring two cases.", "Bring two cases."):
        assert ada.submit(ada.get(here), here, body=body).status == 303
    assert ada.post(f"{here}/withdraw").status == 303
    changed = {"announcement": number, "fields": ["body"]}
    assert told(world, Verb.ANNOUNCEMENT_CHANGED) == [(world.cast.olga.id, changed)]
    assert told(world, Verb.ANNOUNCEMENT_WITHDRAWN) == [(world.cast.olga.id, {"announcement": number})]


def test_the_figures_as_json_are_a_file_that_is_taken(world: World, olga: Browser) -> None:
    assert olga.get(f"{SPRING}/figures.json?by=trainee").status == 200
    assert told(world, Verb.FILE_TAKEN) == [(None, {"file": "figures.json"})]

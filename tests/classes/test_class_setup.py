"""Making a class in the browser, changing it, putting it away and opening it again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from forum.classes.models import Kind, Role, TrainingClass
from forum.classes.operations import archive_class, edit_class, propose_slug
from forum.classes.queries import get_enrolment
from forum.db import db
from forum.discussions import operations
from forum.discussions.models import Discussion
from forum.errors import Refused
from forum.text import slug_of
from tests.cast import NOW, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

GOOD = {
    "title": "骨干会员培训班",
    "slug": "",
    "kind": "cohort",
    "starts_on": "2026-05-04",
    "ends_on": "2026-05-08",
    "timezone": "America/New_York",
    "description": "Five days.\nBring a case.",
}
HOSTILE = '<script>alert(1)</script> & "more" \'></textarea>'


def make(world: World, name: str, **fields: str) -> Page:
    browser = world.client_of(getattr(world.cast, name))
    return browser.submit(browser.get("/classes/new"), "/classes/new", **(GOOD | fields))


def change(world: World, name: str = "olga", **fields: str) -> Page:
    browser = world.client_of(getattr(world.cast, name))
    said = {"kind": "class", **fields}
    return browser.submit(browser.get("/classes/spring/settings"), "/classes/spring/settings", **said)


def the_class(slug: str) -> TrainingClass:
    """Only inside."""
    return db.session.query(TrainingClass).filter_by(slug=slug).one()


def test_who_organises_a_class_makes_another_and_organises_it(world: World) -> None:
    page = make(world, "olga")
    assert page.status == 303
    slug = "gu-gan-hui-yuan-pei-xun-ban"
    assert page.headers["Location"] == f"/classes/{slug}"
    with world.app.app_context():
        made = the_class(slug)
        assert (made.title, made.kind, made.description) == (GOOD["title"], Kind.COHORT, GOOD["description"])
        assert (made.starts_on, made.ends_on, made.timezone) == (date(2026, 5, 4), date(2026, 5, 8), "America/New_York")
        enrolment = get_enrolment(world.member(world.cast.olga), made.id)
        assert enrolment is not None
        assert (enrolment.role, enrolment.organises) == (Role.INSTRUCTOR, True)
    olga = world.client_of(world.cast.olga)
    assert GOOD["title"] in olga.get("/").words
    assert (
        olga.get(f"/classes/{slug}/settings").form(f"/classes/{slug}/settings").fields["timezone"] == "America/New_York"
    )


@pytest.mark.parametrize(("ticked", "enrolled"), [({"takes_part": "y"}, True), ({}, False)])
def test_an_administrator_takes_part_only_if_they_wish(world: World, ticked: dict[str, str], enrolled: bool) -> None:
    assert make(world, "ada", slug="summer", **ticked).status == 303
    with world.app.app_context():
        enrolment = get_enrolment(world.member(world.cast.ada), the_class("summer").id)
        assert (enrolment is not None and enrolment.organises) is enrolled
    assert world.client_of(world.cast.ada).get("/classes/summer/settings").status == 200


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "omar", "stella", "wendy"])
def test_nobody_else_makes_a_class(world: World, name: str) -> None:
    browser = world.client_of(getattr(world.cast, name))
    assert browser.get("/classes/new").status == 403
    assert browser.post("/classes/new", **(GOOD | {"slug": "mine"})).status == 403
    with world.app.app_context():
        assert db.session.query(TrainingClass).count() == 2


def test_who_organises_archived_classes_only_makes_none(world: World) -> None:
    world.archive()
    assert world.client_of(world.cast.olga).get("/classes/new").status == 403
    assert world.client_of(world.cast.ada).get("/classes/new").status == 200


def test_a_short_name_from_the_title_is_one_that_is_free(world: World) -> None:
    for expected in ("spring-2", "spring-3"):
        assert make(world, "olga", title=" Spring ").headers["Location"] == f"/classes/{expected}"
    with world.app.app_context():
        assert propose_slug("🎉") == "class"
        assert propose_slug("New") == "new-2"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("支部负责人研修班", "zhi-bu-fu-ze-ren-yan-xiu-ban"),
        ("Séminaire  d’été — 2026", "seminaire-d-ete-2026"),
        ("🎉 <>", ""),
        ("a" * 60, "a" * 40),
        ("one " * 20, "one-one-one-one-one-one-one-one-one-one"),
    ],
)
def test_a_title_is_spelled_for_an_address(title: str, slug: str) -> None:
    assert slug_of(title, 40) == slug


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slug": "spring"}, "already a class called “spring”"),
        ({"slug": "new"}, "“new” is the address of another page"),
        ({"slug": "a/b"}, "small letters, digits and single hyphens"),
        ({"slug": "a" * 81}, "at most 80 characters"),
        ({"title": " \u3000 "}, "Please fill this in."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"kind": "party"}, "Please choose one of the list."),
        ({"starts_on": ""}, "Please choose a day."),
        ({"ends_on": "soon"}, "Please give a day like 2026-03-02."),
        ({"ends_on": "2026-02-30"}, "Please give a day like 2026-03-02."),
        ({"ends_on": "0226-05-08"}, "Please give a day like 2026-03-02."),
        ({"ends_on": "2026-05-03"}, "The last day is before the first day."),
        ({"timezone": "Mars/Base"}, "There is no such time zone"),
        ({"timezone": "../../etc/passwd"}, "There is no such time zone"),
        ({"description": "x" * 5001}, "at most 5000 characters"),
    ],
)
def test_what_cannot_be_comes_back_with_everything_typed(world: World, fields: dict[str, str], words: str) -> None:
    page = make(world, "olga", **fields)
    assert page.status == 422
    assert words in page.one("main").words
    typed = page.form("/classes/new").fields
    for name, value in (GOOD | fields).items():
        if name != "kind":
            assert typed[name] == " ".join(value.split()) if name != "description" else value, name
    with world.app.app_context():
        assert db.session.query(TrainingClass).count() == 2


@pytest.mark.one_database
def test_a_hostile_title_is_shown_as_typed(world: World) -> None:
    assert change(world, title=HOSTILE, description=HOSTILE).status == 303
    discussion_id = world.discussion()
    olga = world.client_of(world.cast.olga)
    for path in ("", "/settings", "/programme", "/discussions", "/groups", "/announcements"):
        page = olga.get(f"/classes/spring{path}")
        assert page.status == 200
        assert not page.all("script", src="")
        assert "<script>alert" not in page.source
        assert HOSTILE in page.words
    assert "<script>alert" not in olga.discussion(discussion_id).source
    page = change(world, title=HOSTILE, ends_on="")
    assert page.status == 422
    assert page.form("/classes/spring/settings").fields["title"] == HOSTILE


def test_a_new_title_and_zone_are_seen_on_pages_that_were_kept(world: World) -> None:
    discussion_id = world.discussion(closes_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    tina = world.client_of(world.cast.tina)
    before = tina.discussion(discussion_id)
    assert "Spring seminar" in before.words
    assert "17:30" in before.words
    assert change(world, title="Another spring", timezone="America/New_York").status == 303
    after = tina.discussion(discussion_id)
    assert "Another spring" in after.words
    assert "Spring seminar" not in after.words
    assert "04:30" in after.words


def test_the_short_name_stays_and_a_bad_change_changes_nothing(world: World) -> None:
    assert change(world, slug="other", title="Still spring").status == 303
    assert world.client_of(world.cast.olga).get("/classes/other").status == 404
    assert change(world, title="Never", timezone="Nowhere/Land").status == 422
    with world.app.app_context():
        assert the_class("spring").title == "Still spring"
        spring, today = the_class("spring"), NOW.date()
        said = {"title": "T", "timezone": "UTC", "kind": Kind.CLASS, "description": ""}
        with pytest.raises(Refused, match="before the first day"):
            edit_class(spring, starts_on=today, ends_on=today - timedelta(days=1), **said)


def test_an_archived_class_is_closed_at_once_for_everybody_and_opens_again(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + timedelta(days=1))
    tina, olga = world.client_of(world.cast.tina), world.client_of(world.cast.olga)
    open_page = tina.discussion(discussion_id)
    assert open_page.all("form", class_="composer")
    settings = olga.get("/classes/spring/settings")
    assert "All its discussions close at once" in settings.words
    assert settings.one("details", class_="sure").one("form")["action"] == "/classes/spring/archive"
    done = olga.submit(settings, "/classes/spring/archive", follow=True)
    assert "Archived" in done.words
    assert not tina.discussion(discussion_id).all("form", class_="composer")
    assert tina.submit(open_page, f"/discussions/{discussion_id}/posts", body="Too late").status == 422
    assert "Archived" in tina.get("/classes/spring").words
    with world.app.app_context():
        archived_at, roster_revision = the_class("spring").archived_at, the_class("spring").roster_revision
    world.clock.advance(minutes=5)
    olga.submit(settings, "/classes/spring/archive")
    with world.app.app_context():
        assert the_class("spring").archived_at == archived_at
    olga.submit(done, "/classes/spring/unarchive")
    assert tina.publish(discussion_id, "In time again").status == 303
    with world.app.app_context():
        assert the_class("spring").roster_revision == roster_revision
        assert not world.post(discussion_id, 1).late


def test_a_class_archived_after_the_discussion_was_loaded_takes_nothing(world: World) -> None:
    """Two requests at once: this one has read the class when the other archives it."""
    discussion_id = world.discussion()
    with world.app.app_context():
        member, discussion = world.member(world.cast.tina), db.session.get_one(Discussion, discussion_id)
        known = discussion.training_class
        assert not known.is_archived
        table = TrainingClass.__table__
        where = table.c.id == discussion.class_id
        db.session.connection().execute(sa.update(table).where(where).values(archived_at=NOW))
        with pytest.raises(Refused, match="archived"):
            operations.publish_post(member, discussion, "Words", None, "t")
        assert known.is_archived


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "omar"])
def test_who_does_not_organise_changes_nothing(world: World, name: str) -> None:
    browser = world.client_of(getattr(world.cast, name))
    assert browser.get("/classes/spring/settings").status == 403
    for path in ("settings", "archive", "unarchive"):
        assert browser.post(f"/classes/spring/{path}", **GOOD).status == 403
    with world.app.app_context():
        assert the_class("spring").title == "Spring seminar"
        assert not the_class("spring").is_archived
        archive_class(the_class("spring"))


@pytest.mark.one_database
def test_the_pages_speak_chinese(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    olga.submit(olga.get("/"), "/language", language="zh")
    for path in ("/classes/new", "/classes/spring/settings"):
        assert olga.get(path).one("html")["lang"] == "zh-CN"

"""Announcements: the class reads them, its organisers write them, and no text gets lost on its way."""

import pytest

from forum.classes.announcements import publish_announcement
from forum.classes.models import Announcement, TrainingClass
from forum.classes.queries import latest_announcements
from forum.db import db
from tests.cast import World
from tests.markup import faults
from tests.pages import Page

pytestmark = pytest.mark.one_database

HERE = "/classes/spring/announcements"
BODY = '\n**Bring** your case.\n\n<script>alert(1)</script> "so"'


def announce(world: World, title: str = "Tomorrow at nine", body: str = BODY) -> Page:
    olga = world.client_of(world.cast.olga)
    return olga.submit(olga.get(f"{HERE}/new"), f"{HERE}/new", title=title, body=body)


def the_one() -> Announcement:
    """Only inside."""
    return db.session.query(Announcement).one()


def announced(world: World) -> int:
    """The id of one that stands there."""
    assert announce(world).status == 303
    with world.app.app_context():
        return the_one().id


def test_the_class_reads_what_its_organiser_announces(world: World) -> None:
    announcement_id = announced(world)
    for name in ("tina", "ivan", "omar", "ada"):
        page = world.client_of(getattr(world.cast, name)).get(HERE)
        article = page.one("article", id=f"announcement-{announcement_id}")
        assert "Tomorrow at nine Olga" in article.words
        assert article.one("strong").words == "Bring"
        assert not article.all("script")
        assert "<script>alert(1)</script>" in article.words
    with world.app.app_context():
        assert the_one().body == BODY
        assert list(faults(the_one().html)) == []


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "omar"])
def test_who_does_not_organise_only_reads(world: World, name: str) -> None:
    here = f"{HERE}/{announced(world)}"
    browser = world.client_of(getattr(world.cast, name))
    page = browser.get(HERE)
    assert not page.all("nav", class_="subnav")
    assert [form.action for form in page.forms if "announcements" in form.action] == []
    for path in (f"{HERE}/new", here):
        assert browser.get(path).status == 403
    for path in (f"{HERE}/new", here, f"{HERE}/preview", f"{here}/preview", f"{here}/withdraw"):
        assert browser.post(path, title="Mine", body="Mine").status == 403, path
    with world.app.app_context():
        assert (the_one().title, the_one().withdrawn_at) == ("Tomorrow at nine", None)


def test_an_announcement_is_changed_and_says_so(world: World) -> None:
    here, olga = f"{HERE}/{announced(world)}", world.client_of(world.cast.olga)
    page = olga.get(here)
    assert page.form(here).fields["body"] == BODY
    assert olga.submit(page, here).status == 303
    assert "changed" not in world.client_of(world.cast.tina).get(HERE).words
    world.clock.advance(hours=1)
    assert olga.submit(page, here, title="<b>At ten</b>", body="Later").status == 303
    words = world.client_of(world.cast.tina).get(HERE).words
    assert "<b>At ten</b>" in words
    assert "changed 2 Mar, 10:00" in words
    assert "Tomorrow at nine" not in words


def test_what_is_withdrawn_is_read_by_nobody(world: World) -> None:
    here, olga = f"{HERE}/{announced(world)}", world.client_of(world.cast.olga)
    assert olga.submit(olga.get(HERE), f"{here}/withdraw").status == 303
    for name in ("tina", "olga", "ada"):
        assert "Tomorrow at nine" not in world.client_of(getattr(world.cast, name)).get(HERE).words
    assert olga.get(here).status == 404
    refused = olga.post(here, title="Again", body="Kept words")
    assert refused.status == 404
    assert "Kept words" in refused.one("textarea", id="typed").text


def test_the_newest_come_first_and_the_others_on_another_page(world: World) -> None:
    with world.inside():
        spring, olga = db.session.get_one(TrainingClass, world.cast.spring.id), world.member(world.cast.olga)
        for number in range(22):
            publish_announcement(olga, spring, f"Number {number}.", "Words")
        assert [entry.title for entry in latest_announcements(spring, 2)] == ["Number 21.", "Number 20."]
    tina = world.client_of(world.cast.tina)
    page = tina.get(HERE)
    assert [entry.one("h2").words for entry in page.all("article")] == [f"Number {n}." for n in range(21, 1, -1)]
    older = tina.get(page.one("a", rel="next")["href"])
    assert [entry.one("h2").words for entry in older.all("article")] == ["Number 1.", "Number 0."]
    assert not older.all("a", rel="next")


def test_a_button_pressed_twice_announces_once(world: World) -> None:
    first, second = announce(world), announce(world)
    assert first.headers["Location"] == second.headers["Location"]
    with world.app.app_context():
        assert db.session.query(Announcement).count() == 1
    assert announce(world, body="Other words").status == 303
    with world.app.app_context():
        assert db.session.query(Announcement).count() == 2


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "Please fill this in."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"body": "\u200b\n"}, "Please fill this in."),
        ({"body": "x" * 20_001}, "at most 20000 characters"),
        ({"body": (">" * 49 + "a\n\n") * 380}, "more tables or quotations"),
    ],
)
def test_what_is_refused_comes_back_with_everything_typed(world: World, fields: dict[str, str], words: str) -> None:
    said = {"title": "Tomorrow", "body": BODY} | fields
    page = announce(world, **said)
    assert page.status == 422
    assert words in page.one("main").words
    typed = page.form(f"{HERE}/new").fields
    assert typed["body"] == said["body"]
    assert typed["title"] == " ".join(said["title"].split())
    with world.app.app_context():
        assert db.session.query(Announcement).count() == 0


@pytest.mark.one_database
def test_a_preview_shows_the_text_above_the_form_that_still_holds_it(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    new = olga.get(f"{HERE}/new")
    page = olga.submit(new, f"{HERE}/new", to=f"{HERE}/preview", title="Tomorrow", body=BODY)
    assert page.status == 200
    assert page.one("section", class_="preview").one("strong").words == "Bring"
    assert page.form(f"{HERE}/new").fields["body"] == BODY
    alone = olga.client.post(
        f"{HERE}/preview", data={"csrf_token": olga.csrf_token(), "body": BODY}, headers={"X-Fragment": "preview"}
    )
    assert "<form" not in alone.get_data(as_text=True)
    with world.app.app_context():
        assert db.session.query(Announcement).count() == 0


@pytest.mark.one_database
def test_a_preview_of_a_change_leads_back_to_the_announcement(world: World) -> None:
    here, olga = f"{HERE}/{announced(world)}", world.client_of(world.cast.olga)
    page = olga.submit(olga.get(here), here, to=f"{here}/preview", title="", body="Anew")
    assert page.status == 200
    assert olga.submit(page, here, title="Anew").status == 303
    with world.app.app_context():
        assert (the_one().title, the_one().body) == ("Anew", "Anew")


def test_a_session_that_ran_out_gives_title_and_text_back(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    page = olga.get(f"{HERE}/new")
    olga.client.delete_cookie("session")
    asked = olga.submit(page, f"{HERE}/new", title="Tomorrow", body=BODY)
    assert asked.status in (401, 422)
    again = olga.submit(asked, "/sign-in", email=world.cast.olga.email, password="correct horse battery")
    assert "announced to the class" in again.words
    kept = again.form(f"{HERE}/new")
    assert (kept.fields["title"], kept.fields["body"]) == ("Tomorrow", BODY)
    assert olga.submit(again, f"{HERE}/new").status == 303
    with world.app.app_context():
        assert (the_one().title, the_one().body) == ("Tomorrow", BODY)


def test_another_class_reads_nothing_of_it(world: World) -> None:
    announcement_id = announced(world)
    ada = world.client_of(world.cast.ada)
    assert "Tomorrow" not in ada.get("/classes/autumn/announcements").words
    assert ada.get(f"/classes/autumn/announcements/{announcement_id}").status == 404
    assert world.client_of(world.cast.stella).get(HERE).status == 404

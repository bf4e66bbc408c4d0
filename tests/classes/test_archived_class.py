"""What is put away: read as before, and nothing is written in it until it is opened again."""

import pytest

from forum.classes.announcements import publish_announcement
from forum.classes.models import ActivityKind, Announcement, Group, TrainingClass
from forum.classes.operations import create_class
from forum.classes.programme import add_activity
from forum.db import db
from tests.cast import NOW, World
from tests.discussions.setting_up import GOOD

pytestmark = pytest.mark.one_database

PAGES = ("", "/settings", "/programme", "/discussions", "/roster", "/members", "/groups", "/slips", "/announcements")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_its_organisers_says_since_when_and_what_that_means(world: World, path: str) -> None:
    olga = world.client_of(world.cast.olga)
    assert not olga.get(f"/classes/spring{path}").all("p", class_="archived-note")
    world.archive()
    words = olga.get(f"/classes/spring{path}").one("p", class_="archived-note").words
    assert words.startswith("Archived on 2 Mar, 09:00: everything can be read, nothing written.")


def test_nothing_is_written_in_it(world: World) -> None:
    first = world.cast.spring.groups["first"]
    discussion_id = world.discussion()
    with world.inside():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        talk = add_activity(spring, ActivityKind.TALK, "A talk").id
        news = publish_announcement(world.member(world.cast.olga), spring, "News", "Words").id
    world.archive()
    olga, tina = world.client_of(world.cast.olga), str(world.cast.tina.id)
    said = GOOD | {"kind": "talk", "name": "Third", "group": "none", "member": tina, "whom": f"member-{tina}"}
    for path in (
        "/classes/spring/programme/new", f"/classes/spring/programme/{talk}",
        f"/classes/spring/programme/{talk}/delete",
        "/classes/spring/groups", f"/classes/spring/groups/{first}/rename", f"/classes/spring/groups/{first}/down",
        f"/classes/spring/groups/{first}/delete", "/classes/spring/groups/people",
        "/classes/spring/announcements/new", f"/classes/spring/announcements/{news}",
        "/classes/spring/discussions/new", f"/discussions/{discussion_id}/settings",
        f"/discussions/{discussion_id}/delete", "/classes/spring/slips",
    ):  # fmt: skip
        fields = said | ({"opens_at": "", "closes_at": ""} if "discussions" in path else {})
        page = olga.post(path, **fields)
        assert page.status == 422, path
        assert "The class is archived. Open it again to change something." in page.words, path
    with world.app.app_context():
        assert [group.name for group in db.session.query(Group).order_by(Group.id)][:2] == [
            "First group",
            "Second group",
        ]
        assert db.session.query(Announcement).one().title == "News"
    for page in ("programme", "discussions", "groups"):
        main = olga.get(f"/classes/spring/{page}").one("main")
        assert not main.all("form") + main.all("a", class_="button") + main.all("a", class_="more"), page


def test_an_announcement_of_it_can_still_be_withdrawn(world: World) -> None:
    with world.inside():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        news = publish_announcement(world.member(world.cast.olga), spring, "News", "Words").id
    world.archive()
    olga = world.client_of(world.cast.olga)
    assert olga.post(f"/classes/spring/announcements/{news}/withdraw").status == 303


def test_nobody_is_asked_to_set_up_one_in_which_there_was_nothing(world: World) -> None:
    steps, roster, ada = ("Set one up", "Write the programme"), "Import the roster", world.client_of(world.cast.ada)
    with world.inside():
        create_class("bare", "A class without anything", NOW.date(), NOW.date(), "Asia/Shanghai")
    assert all(words in ada.get("/classes/bare").one("main").words for words in (*steps, roster, "First steps"))
    for slug in ("bare", "spring"):
        world.archive(slug)
    for name, slug in (("ada", "bare"), ("olga", "spring"), ("tina", "spring")):
        words = world.client_of(getattr(world.cast, name)).get(f"/classes/{slug}").one("main").words
        assert "The class had no online discussion." in words, name
        for asked in (*steps, roster, "First steps", "as soon as"):
            assert asked not in words, (name, asked)
    assert "The class had no online discussion." in ada.get("/classes/bare/discussions").one("main").words
    assert "below" not in ada.get("/classes/bare/groups").one("main").words

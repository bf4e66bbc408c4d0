"""The pages of organisers: as many statements for much as for little, no script or style in them, headings in order."""

from itertools import pairwise

import pytest

from forum.classes.announcements import publish_announcement
from forum.classes.groups import add_group
from forum.classes.models import ActivityKind, TrainingClass
from forum.classes.programme import Link, add_activity
from forum.db import db
from forum.discussions.models import Stage
from forum.discussions.setup import add_discussion
from tests.cast import NOW, World
from tests.discussions.test_pages import cost

# Statements are counted where they are built, before any database.
pytestmark = pytest.mark.one_database

PAGES = (
    "settings", "programme", "programme/new", "discussions", "discussions/new", "groups", "groups/people",
    "announcements", "announcements/new",
)  # fmt: skip


def fill(world: World, *names: str) -> None:
    """An item of the programme, a group, a discussion of both and an announcement of each name."""
    with world.inside():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        for name in names:
            links = [Link("Slides", "https://example.org/1"), Link("Text", "https://example.org/2")]
            activity = add_activity(spring, ActivityKind.TALK, f"Talk {name}", starts_at=NOW, materials=links)
            group = add_group(spring, f"Group {name}")
            add_discussion(spring, f"Question {name}", Stage.AFTER, activity=activity, groups=[group], closes_at=NOW)
            publish_announcement(world.member(world.cast.olga), spring, f"News {name}", "Words")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_few_statements_and_not_more_when_there_is_much(world: World, page: str) -> None:
    path = f"/classes/spring/{page}"
    fill(world, "one")
    little = cost(world, "olga", path)
    assert little <= 8
    fill(world, *(str(number) for number in range(9)))
    assert cost(world, "olga", path) == little


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_plain_and_whole(world: World, page: str) -> None:
    fill(world, "one", "two")
    found = world.client_of(world.cast.olga).get(f"/classes/spring/{page}")
    assert found.status == 200
    assert [script for script in found.all("script") if not script.get("src")] == found.all("style") == []
    assert not [one for one in found.root.walk() for name in one.attributes if name == "style" or name.startswith("on")]
    levels = [int(one.tag[1]) for one in found.root.walk() if one.tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    ids = [one["id"] for one in found.root.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for form in found.one("main").all("form"):
        assert form.all("input", name="csrf_token")
    labelled = {label.get("for") for label in found.all("label")}
    for field in found.one("main").walk():
        if field.tag in ("input", "select", "textarea") and field.get("type") != "hidden":
            assert field.get("id") in labelled or field.parent.tag == "label", field.attributes


@pytest.mark.parametrize(("name", "status"), [("olga", 302), ("tina", 403), ("stella", 404)])
def test_the_address_of_an_imported_roster_leads_back_to_the_form(world: World, name: str, status: int) -> None:
    page = world.client_of(getattr(world.cast, name)).get("/classes/spring/roster/apply")
    assert page.status == status
    assert page.headers.get("Location") == ("/classes/spring/roster" if status == 302 else None)

"""Discussions set up in the browser: what they ask, whom they are for, and who may."""

from datetime import UTC, datetime

import pytest

from forum.db import db
from forum.discussions.models import Audience, Discussion, Stage
from forum.statistics.checking import faults
from tests.cast import NOW, World
from tests.discussions.setting_up import GOOD, HOSTILE, HOUR, LIST, NEW, add, edit, the_discussion, ticks, window

pytestmark = pytest.mark.one_database


def test_a_discussion_is_set_up_with_all_that_belongs_to_it(world: World) -> None:
    assert add(world, audience="groups", post_first="y", **ticks(world, "first")).status == 303
    with world.app.app_context():
        made = the_discussion()
        assert (made.title, made.stage, made.post_first) == ("What struck you?", Stage.AFTER, True)
        assert "<strong>three</strong>" in made.prompt_html
        assert made.audience is Audience.GROUPS
        assert [group.name for group in made.groups] == ["First group"]
        assert made.opens_at == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
        assert made.closes_at == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
        discussion_id = made.id
    assert world.client_of(world.cast.tina).discussion(discussion_id).status == 200
    assert world.client_of(world.cast.tom).discussion(discussion_id).status == 404
    row = world.client_of(world.cast.olga).get(LIST).one("li", id=f"discussion-{discussion_id}")
    for words in ("After class", "What struck you?", "Open until 3 Mar, 18:00", "First group", "Opened 2 Mar, 08:00"):
        assert words in row.words


def test_without_times_it_is_open_while_the_class_is(world: World) -> None:
    assert add(world, opens_at="", closes_at="").status == 303
    with world.app.app_context():
        discussion_id = the_discussion().id
    assert world.client_of(world.cast.tina).publish(discussion_id, "At once").status == 303


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"title": "x" * 301}, "at most 300 characters"),
        ({"body": "x" * 20_001}, "at most 20000 characters"),
        ({"stage": "later"}, "Please choose one of the list."),
        ({"activity_id": "77"}, "Please choose one of the list."),
        ({"audience": "groups"}, "tick at least one group"),
        ({"opens_at": "now"}, "a day and a time like"),
        ({"closes_at": "2026-03-02T08:00"}, "close before it opens"),
        ({"opens_at": "", "closes_at": "2026-03-02T09:00"}, "has passed already"),
    ],
)
def test_what_cannot_be_comes_back_with_everything_typed(world: World, fields: dict[str, str], words: str) -> None:
    page = add(world, **({"post_first": "y"} | fields))
    assert page.status == 422
    assert words in page.one("main").words
    typed, said = page.form(NEW).fields, GOOD | fields
    for name in ("title", "body", "opens_at", "closes_at"):
        assert typed[name] == said[name], name
    assert "checked" in page.one("input", name="post_first").attributes
    assert page.one("input", type="radio", value=said["audience"]).has(checked="")
    with world.app.app_context():
        assert db.session.query(Discussion).count() == 0


@pytest.mark.one_database
def test_a_hostile_title_is_shown_as_typed(world: World) -> None:
    assert add(world, title=HOSTILE, body=HOSTILE).status == 303
    with world.app.app_context():
        discussion_id = the_discussion().id
    olga = world.client_of(world.cast.olga)
    for path in (LIST, f"/discussions/{discussion_id}/settings", f"/discussions/{discussion_id}"):
        page = olga.get(path)
        assert "<script>alert" not in page.source
        assert HOSTILE in page.words
    assert olga.get(f"/discussions/{discussion_id}/settings").one("textarea").text.lstrip("\r\n") == HOSTILE


def test_a_change_is_seen_on_pages_that_were_kept(world: World) -> None:
    discussion_id = world.discussion("The old title", closes_at=NOW + HOUR)
    tina = world.client_of(world.cast.tina)
    assert "The old title" in tina.discussion(discussion_id).words
    assert edit(world, discussion_id, title="The new title", body="Think *twice*.").status == 303
    page = tina.discussion(discussion_id)
    assert "The new title" in page.words
    assert "The old title" not in page.words
    assert page.one("em").words == "twice"


def test_an_audience_that_leaves_out_who_wrote_is_asked_about_once_more(world: World) -> None:
    discussion_id = world.discussion()
    for person in (world.cast.tina, world.cast.tom, world.cast.olga):
        world.publish(person, discussion_id)
    olga = world.client_of(world.cast.olga)
    page = edit(world, discussion_id, olga, audience="groups", title="For the first", **ticks(world, "first"))
    assert page.status == 422
    assert "1 person who wrote here would no longer see the discussion." in page.refusal
    assert page.form("/settings").fields["title"] == "For the first"
    assert world.client_of(world.cast.tom).discussion(discussion_id).status == 200
    again = {"stage": "during", "activity_id": "", "audience": "groups", "confirmed": "y", **ticks(world, "first")}
    assert "confirmed" in [box.get("name") for box in page.all("input", type="checkbox")]
    assert olga.submit(page, f"/discussions/{discussion_id}/settings", **again).status == 303
    assert world.client_of(world.cast.tom).discussion(discussion_id).status == 404
    assert world.client_of(world.cast.tina).discussion(discussion_id).status == 200
    row = world.figures(by="discussion").rows[0]
    assert (row.posts, row.participants, row.trainees) == (2, 2, 2)
    with world.app.app_context():
        assert list(faults()) == []
    # Who was left out before is not asked about again.
    assert edit(world, discussion_id, audience="groups", title="Again", **ticks(world, "first")).status == 303


def test_an_audience_of_groups_counts_its_trainees_and_all_who_spoke(world: World) -> None:
    discussion_id = world.discussion(groups=["first"])
    world.publish(world.cast.tina, discussion_id)
    assert world.figures(by="discussion").rows[0].trainees == 1
    assert edit(world, discussion_id, audience="groups", **ticks(world, "first", "second")).status == 303
    assert world.figures(by="discussion").rows[0].trainees == 2
    assert edit(world, discussion_id).status == 303
    with world.app.app_context():
        assert the_discussion(discussion_id).audience is Audience.CLASS
        assert the_discussion(discussion_id).groups == []
        assert list(faults()) == []


def test_the_form_shows_the_discussion_as_it_is(world: World) -> None:
    discussion_id = world.discussion(groups=["second"], post_first=True, stage=Stage.BEFORE)
    page = world.client_of(world.cast.olga).get(f"/discussions/{discussion_id}/settings")
    checked = {box["name"] for box in page.all("input") if "checked" in box.attributes}
    assert checked == {"audience", "post_first", *ticks(world, "second")}
    assert page.one("input", type="radio", value="groups").has(checked="")
    assert page.one("option", selected="").words == "Before class"


@pytest.mark.one_database
def test_a_preview_shows_the_prompt_above_the_form_that_still_holds_everything(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    discussion_id = world.discussion("Before")
    for path, preview in ((NEW, f"{LIST}/preview"), (f"/discussions/{discussion_id}/settings",) * 2):
        preview = preview if path == NEW else f"{path}/preview"
        said = GOOD | {"closes_at": "nonsense", "post_first": "y", "audience": "groups"} | ticks(world, "first")
        page = olga.submit(olga.get(path), path, to=preview, **said)
        assert page.status == 200
        assert page.one("section", class_="preview").one("strong").words == "three"
        assert page.form(path).fields["closes_at"] == "nonsense"
        assert "checked" in page.one("input", name=next(iter(ticks(world, "first")))).attributes
    with world.app.app_context():
        assert the_discussion().title == "Before"


def test_a_session_that_ran_out_gives_the_whole_form_back(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    page = olga.get(NEW)
    olga.client.delete_cookie("session")
    both = ticks(world, "first", "second")
    asked = olga.submit(page, NEW, **(GOOD | {"audience": "groups"} | both))
    again = olga.submit(asked, "/sign-in", email=world.cast.olga.email, password="correct horse battery")
    assert olga.submit(again, NEW).status == 303
    with world.app.app_context():
        made = the_discussion()
        assert (made.title, made.prompt) == (GOOD["title"], GOOD["body"])
        assert sorted(group.name for group in made.groups) == ["First group", "Second group"]


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "status"), [("tina", 403), ("ivan", 403), ("omar", 403), ("stella", 404)])
def test_who_does_not_organise_sets_nothing_up(world: World, name: str, status: int) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    browser, path = world.client_of(getattr(world.cast, name)), f"/discussions/{discussion_id}"
    for address in (LIST, NEW, f"{path}/settings"):
        assert browser.get(address).status == status, address
    for address in (
        NEW, f"{LIST}/preview", f"{path}/settings", f"{path}/settings/preview",
        f"{path}/open", f"{path}/close", f"{path}/extend",
    ):  # fmt: skip
        assert browser.post(address, **GOOD, minutes="15").status == status, address
    assert window(world, discussion_id) == (None, NOW + HOUR, None)


def test_groups_and_items_of_another_class_are_none(world: World) -> None:
    ada = world.client_of(world.cast.ada)
    new = "/classes/autumn/discussions/new"
    page = ada.submit(ada.get(new), new, **(GOOD | {"audience": "groups"} | ticks(world, "first")))
    assert page.status == 422
    assert "tick at least one group" in page.words

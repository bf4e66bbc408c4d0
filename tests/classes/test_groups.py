"""The groups of a class: made, named, put in order, filled, removed."""

import pytest

from forum.classes.groups import add_group
from forum.classes.models import Enrolment, Group, TrainingClass
from forum.db import db
from forum.statistics.checking import faults
from tests.cast import Browser, Person, World
from tests.pages import Page

GROUPS = "/classes/spring/groups"


def names(world: World) -> list[str]:
    with world.app.app_context():
        found = db.session.query(Group).filter_by(class_id=world.cast.spring.id).order_by(Group.position)
        return [group.name for group in found]


def group_of(world: World, person: Person) -> str | None:
    with world.app.app_context():
        group = db.session.get_one(Enrolment, (world.cast.spring.id, person.id)).group
        return group.name if group else None


def roster_revision(world: World) -> int:
    with world.app.app_context():
        return db.session.get_one(TrainingClass, world.cast.spring.id).roster_revision


def press(browser: Browser, verb: str, group_id: int, **fields: str) -> Page:
    return browser.submit(browser.get(GROUPS), f"{GROUPS}/{group_id}/{verb}", **fields)


def move(world: World, people: list[Person], target: str) -> Page:
    olga = world.client_of(world.cast.olga)
    data = {"csrf_token": olga.csrf_token(), "group": target, "member": [str(person.id) for person in people]}
    return Page(olga.client.post(f"{GROUPS}/people", data=data))


def test_a_group_is_added_at_the_end_and_counts_its_people(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    assert olga.submit(olga.get(GROUPS), GROUPS, name="  Third   group ").status == 303
    assert names(world) == ["First group", "Second group", "Third group"]
    rows = [row.words for row in olga.get(GROUPS).all("li", class_="row")]
    assert ["1 trainee" in rows[0], "1 trainee" in rows[1], "0 trainees" in rows[2]] == [True] * 3


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Please fill this in."),
        ("\u200b", "Please fill this in."),
        ("x" * 121, "at most 120 characters"),
        ("First group", "already a group called “First group”"),
    ],
)
def test_a_name_that_cannot_be_comes_back(world: World, name: str, words: str) -> None:
    olga, second = world.client_of(world.cast.olga), world.cast.spring.groups["second"]
    for action, page in ((GROUPS, olga.get(GROUPS)), (f"{GROUPS}/{second}/rename", olga.get(GROUPS))):
        refused = olga.submit(page, action, name=name)
        assert refused.status == 422
        assert words in refused.one("main").words
        assert refused.form(action).fields["name"] == name
    assert names(world) == ["First group", "Second group"]


def test_a_group_is_renamed_and_shown_as_typed(world: World) -> None:
    olga, first = world.client_of(world.cast.olga), world.cast.spring.groups["first"]
    before = roster_revision(world)
    assert press(olga, "rename", first, name="<b>Alpha</b>").status == 303
    assert names(world)[0] == "<b>Alpha</b>"
    assert "<b>Alpha</b>" in olga.get(GROUPS).words
    assert roster_revision(world) == before + 1
    assert press(olga, "rename", first, name="<b>Alpha</b>").status == 303


def test_groups_are_put_in_order(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    with world.inside():
        third = add_group(db.session.get_one(TrainingClass, world.cast.spring.id), "Third").id
    assert press(olga, "up", third).status == 303
    assert names(world) == ["First group", "Third", "Second group"]
    press(olga, "down", world.cast.spring.groups["first"])
    assert names(world) == ["Third", "First group", "Second group"]
    olga.post(f"{GROUPS}/{third}/up")
    assert names(world)[0] == "Third"


def test_a_group_with_people_in_it_stays(world: World) -> None:
    page = press(world.client_of(world.cast.olga), "delete", world.cast.spring.groups["first"])
    assert page.status == 422
    assert "There are people in “First group”" in page.refusal
    assert len(names(world)) == 2


def test_a_group_of_whom_the_last_has_left_the_class_stays(world: World) -> None:
    """Wendy withdrew from the second."""
    move(world, [world.cast.tom], "none")
    page = press(world.client_of(world.cast.olga), "delete", world.cast.spring.groups["second"])
    assert page.status == 422
    assert "People who have left the class were in “Second group”" in page.refusal


def test_a_group_that_a_discussion_is_for_stays(world: World) -> None:
    olga, first = world.client_of(world.cast.olga), world.cast.spring.groups["first"]
    world.discussion(groups=["first"])
    move(world, [world.cast.tina], "none")
    page = press(olga, "delete", first)
    assert page.status == 422
    assert "A discussion is for “First group”" in page.refusal
    assert names(world) == ["First group", "Second group"]


def test_an_empty_group_is_removed(world: World) -> None:
    move(world, [world.cast.tina], "none")
    assert press(world.client_of(world.cast.olga), "delete", world.cast.spring.groups["first"]).status == 303
    assert names(world) == ["Second group"]


def test_people_are_moved_together_and_the_roster_changes_once(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    before = roster_revision(world)
    second = world.cast.spring.groups["second"]
    assert move(world, [world.cast.tina, world.cast.tom], str(second)).status == 303
    assert (group_of(world, world.cast.tina), group_of(world, world.cast.tom)) == ("Second group", "Second group")
    assert roster_revision(world) == before + 1
    rows = {row.name: row.posts for row in world.figures(by="group").rows}
    assert rows == {"Second group": 1}
    assert move(world, [world.cast.tina, world.cast.tom], "none").status == 303
    assert roster_revision(world) == before + 2
    assert move(world, [world.cast.tina, world.cast.tom], "none").status == 303
    assert roster_revision(world) == before + 2
    with world.app.app_context():
        assert list(faults()) == []


def test_who_is_moved_sees_other_discussions(world: World) -> None:
    discussion_id = world.discussion(groups=["second"])
    tina = world.client_of(world.cast.tina)
    assert tina.discussion(discussion_id).status == 404
    move(world, [world.cast.tina], str(world.cast.spring.groups["second"]))
    assert tina.discussion(discussion_id).status == 200


def test_only_trainees_of_the_class_are_moved(world: World) -> None:
    cast, first = world.cast, str(world.cast.spring.groups["first"])
    assert move(world, [cast.omar, cast.stella, cast.wendy, cast.tom], first).status == 303
    assert group_of(world, cast.tom) == "First group"
    assert group_of(world, cast.omar) is None
    assert group_of(world, cast.wendy) == "Second group"


def test_a_move_that_says_too_little_comes_back_with_the_ticks(world: World) -> None:
    nobody = move(world, [], str(world.cast.spring.groups["first"]))
    assert nobody.status == 422
    assert "at least one person" in nobody.refusal
    nowhere = move(world, [world.cast.tom], "")
    assert nowhere.status == 422
    assert "choose the group" in nowhere.refusal
    ticked = [box["value"] for box in nowhere.all("input", type="checkbox") if "checked" in box.attributes]
    assert ticked == [str(world.cast.tom.id)]
    assert move(world, [world.cast.tom], "99999").status == 422
    assert group_of(world, world.cast.tom) == "Second group"


def test_the_page_lists_the_trainees_by_group(world: World) -> None:
    move(world, [world.cast.tom], "none")
    page = world.client_of(world.cast.olga).get(f"{GROUPS}/people?to={world.cast.spring.groups['first']}")
    assert [part.one("legend").words for part in page.all("fieldset")] == ["In no group 1", "First group 1"]
    assert page.one("option", selected="").words == "First group"
    assert "Wendy" not in page.words


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "omar"])
def test_who_does_not_organise_changes_no_group(world: World, name: str) -> None:
    browser, first = world.client_of(getattr(world.cast, name)), world.cast.spring.groups["first"]
    assert browser.get(GROUPS).status == browser.get(f"{GROUPS}/people").status == 403
    for path in ("", f"/{first}/rename", f"/{first}/up", f"/{first}/down", f"/{first}/delete", "/people"):
        assert browser.post(GROUPS + path, name="Mine", group="none", member=str(world.cast.tina.id)).status == 403
    assert names(world) == ["First group", "Second group"]
    assert group_of(world, world.cast.tina) == "First group"


@pytest.mark.one_database
def test_the_name_of_a_group_leads_to_its_people(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    link = olga.get(GROUPS).one("li", class_="row").one("h2").one("a")
    page = olga.get(link["href"])
    shown = [person.words for person in page.all("li", class_="person") if "hidden" not in person.attributes]
    assert len(shown) == 1
    assert "Tina" in shown[0]

"""Nothing is found, counted or quoted that the member may not see."""

from __future__ import annotations

import pytest

from tests.cast import Person, World
from tests.search.finding import counts, found

SECRET = "秘密的经济"


def looks(world: World, person: Person, kind: str = "posts", order: str = "newest", typed: str = "秘密") -> list[str]:
    """What the person reads of it, and how much they are told there is."""
    page = world.client_of(person).get(f"/search?q={typed}&kind={kind}&order={order}")
    assert page.status == 200
    texts = found(page)
    assert texts or "的经济" not in page.source
    return [*texts, counts(page)[0]]


SEEN, UNSEEN = ["[秘密]的经济", "1"], ["0"]


@pytest.mark.parametrize("order", ["newest", "best"])
def test_only_who_is_in_the_class_finds_its_posts(world: World, order: str) -> None:
    cast, discussion = world.cast, world.discussion()
    world.publish(cast.tina, discussion, SECRET)
    for person in (cast.olga, cast.ivan, cast.tina, cast.tom, cast.omar, cast.ada):
        assert looks(world, person, order=order) == SEEN, person.name
    for person in (cast.stella, cast.wendy):
        assert looks(world, person, order=order) == UNSEEN, person.name


@pytest.mark.one_database
def test_who_has_not_signed_in_is_led_to_the_door(browser: object, world: World) -> None:
    page = browser.get("/search?q=秘密")  # type: ignore[attr-defined]
    assert (page.status, "/sign-in" in page.headers["Location"]) == (302, True)


@pytest.mark.parametrize("verb", ["hide", "delete"])
def test_a_hidden_or_deleted_post_is_found_by_nobody(world: World, verb: str) -> None:
    cast, discussion = world.cast, world.discussion()
    number = world.publish(cast.tina, discussion, SECRET)
    world.change(
        verb, cast.olga if verb == "hide" else cast.tina, discussion, number, *(["why"] if verb == "hide" else [])
    )
    for person in (cast.olga, cast.tina, cast.ada):
        assert looks(world, person) == UNSEEN, person.name
        assert looks(world, person, order="best") == UNSEEN, person.name
    if verb == "hide":
        world.change("restore", cast.olga, discussion, number)
        assert looks(world, cast.tom) == SEEN


def test_under_post_first_a_trainee_finds_nothing_before_having_posted(world: World) -> None:
    cast, discussion = world.cast, world.discussion(post_first=True)
    world.publish(cast.tina, discussion, SECRET)
    assert looks(world, cast.tom) == UNSEEN
    assert looks(world, cast.tom, order="best") == UNSEEN
    for person in (cast.tina, cast.ivan, cast.omar, cast.olga, cast.ada):
        assert looks(world, person) == SEEN, person.name
    number = world.publish(cast.tom, discussion, "我也说一句")
    assert looks(world, cast.tom) == SEEN
    world.change("delete", cast.tom, discussion, number)
    assert looks(world, cast.tom) == UNSEEN


def test_a_discussion_of_other_groups_is_not_there(world: World) -> None:
    cast = world.cast
    discussion = world.discussion("秘密的题目", groups=["first"])
    world.publish(cast.tina, discussion, SECRET)
    assert looks(world, cast.tom) == UNSEEN
    page = world.client_of(cast.tom).get("/search?q=秘密&kind=discussions")
    assert (counts(page), "题目" in page.source) == (["0", "0", "0"], False)
    for person in (cast.tina, cast.ivan, cast.omar):
        assert looks(world, person) == SEEN, person.name
        assert counts(world.client_of(person).get("/search?q=题目"))[2] == "1"


def test_an_archived_class_is_still_searched_by_its_members(world: World) -> None:
    cast, discussion = world.cast, world.discussion()
    world.publish(cast.tina, discussion, SECRET)
    world.archive()
    assert looks(world, cast.tom) == SEEN
    assert looks(world, cast.stella) == UNSEEN
    assert looks(world, cast.wendy) == UNSEEN


def test_people_and_discussions_of_other_classes_are_not_there(world: World) -> None:
    cast = world.cast
    world.discussion("秘密的题目", "autumn", prompt=SECRET)
    for person in (cast.tina, cast.olga, cast.wendy):
        client = world.client_of(person)
        assert counts(client.get("/search?q=秘密")) == ["0", "0", "0"], person.name
        assert counts(client.get("/search?q=stella")) == ["0", "0", "0"], person.name
    stella = world.client_of(cast.stella)
    assert counts(stella.get("/search?q=秘密")) == ["0", "0", "1"]
    assert counts(stella.get("/search?q=tina")) == ["0", "0", "0"]
    assert counts(stella.get("/search?q=stella")) == ["0", "1", "0"]


@pytest.mark.one_database
def test_who_has_withdrawn_is_not_among_the_people_nor_anybodys_address(world: World) -> None:
    tina = world.client_of(world.cast.tina)
    assert counts(tina.get("/search?q=wendy"))[1] == "0"
    assert counts(tina.get("/search?q=example.org"))[1] == "0"
    assert counts(tina.get("/search?q=13800138000"))[1] == "0"


def test_going_on_from_a_post_of_another_class_tells_nothing(world: World) -> None:
    cast = world.cast
    ours, theirs = world.discussion(), world.discussion(slug="autumn")
    world.publish(cast.tina, ours, SECRET)
    world.clock.advance(minutes=1)
    world.publish(cast.stella, theirs, "秘密的别处")
    for after in (1, 2, 3, 999_999_999):
        page = world.client_of(cast.tom).get(f"/search?q=秘密&after={after}")
        assert "别处" not in page.source
        assert page.status == 200

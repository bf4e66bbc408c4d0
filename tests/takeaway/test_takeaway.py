"""/me/data: all that is one's own, and nothing of anybody else."""

import json
from typing import Any

import pytest

from tests.cast import Person, World

OWN, BEFORE, HIDDEN, GONE, DRAFT, FOREIGN = (
    "What I think of 1 < 2", "What I thought first", "Off the subject", "Better not", "Half a thought", "Of another"
)  # fmt: skip


@pytest.fixture
def written(world: World) -> int:
    """The discussion in which Tina wrote, and others did."""
    here = world.discussion("What did you take home?")
    tina, tom = world.cast.tina, world.cast.tom
    world.publish(tina, here, BEFORE)
    world.change("edit", tina, here, 1, OWN)
    world.publish(tina, here, HIDDEN)
    world.change("hide", world.cast.olga, here, 2, "not about the lecture")
    world.publish(tina, here, GONE)
    world.change("delete", tina, here, 3)
    world.publish(tom, here, FOREIGN)
    world.publish(tina, here, "I agree", parent=4)
    world.change("like", tina, here, 4)
    return here


def taken(world: World, person: Person) -> dict[str, Any]:
    answer = world.client_of(person).get("/me/data.json")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "private, no-store")
    whole: dict[str, Any] = json.loads(answer.source)
    return whole


def test_all_that_is_ones_own_is_in_it(world: World, written: int) -> None:
    whole = taken(world, world.cast.tina)
    assert [(post["number"], post["text"], post["answers"]) for post in whole["posts"]] == [
        (1, OWN, None), (2, HIDDEN, None), (3, GONE, None), (5, "I agree", 4),
    ]  # fmt: skip
    assert [text["text"] for text in whole["posts"][0]["earlier"]] == [BEFORE]
    assert whole["posts"][1]["hidden_reason"] == "not about the lecture"
    assert whole["posts"][2]["deleted_at"]
    assert [(like["number"], like["discussion"]) for like in whole["likes"]] == [(4, "What did you take home?")]
    assert whole["profile"]["email"] == world.cast.tina.email
    assert [(one["class"], one["role"]) for one in whole["classes"]] == [("Spring seminar", "trainee")]


@pytest.mark.one_database
def test_nothing_of_anybody_else_is_in_it(world: World, written: int) -> None:
    tina = world.client_of(world.cast.tina)
    for path in ("/me/data.json", "/me/data.html"):
        assert FOREIGN not in tina.get(path).source
    assert "posts" in taken(world, world.cast.stella)
    assert taken(world, world.cast.stella)["posts"] == []


@pytest.mark.one_database
def test_the_page_says_the_same_and_needs_nothing_beside_it(world: World, written: int) -> None:
    answer = world.client_of(world.cast.tina).get("/me/data.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for text in (OWN.replace("<", "&lt;"), BEFORE, HIDDEN, GONE, "I agree"):
        assert text in answer.source, text
    assert not [tag for name in ("script", "link", "img") for tag in answer.all(name)]


@pytest.mark.one_database
def test_who_is_not_signed_in_is_asked_to(world: World) -> None:
    for path in ("/me/data", "/me/data.json", "/me/data.html"):
        assert world.app.test_client().get(path).status_code == 302

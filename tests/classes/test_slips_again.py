"""Slips that are already on paper: nobody's stops working unasked, and they lie in the order they are handed out."""

import csv
import io

import pytest

from tests.cast import Browser, World
from tests.classes.test_slips import SLIPS, TOKEN, link_on, make, make_anew, names, use
from tests.newcomers import Newcomer


def test_making_slips_once_more_asks_before_it_voids_those_that_work(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina"), newcomer("Nils")
    olga = world.client_of(world.cast.olga)
    first = make(olga)
    world.clock.advance(days=2)
    asked = make(olga)
    assert asked.status == 422
    assert "2 people already have a slip from 2 Mar that still works. Making new ones voids those." in asked.words
    assert not TOKEN.search(asked.source)
    assert Browser(world.app).get(link_on(first, "Nina")).status == 200
    second = make_anew(olga, asked)
    assert {"Nina", "Nils"} < set(names(second))
    assert Browser(world.app).get(link_on(first, "Nina")).status == 404
    assert Browser(world.app).get(link_on(second, "Nina")).status == 200


def test_reloading_the_slips_voids_nothing_not_even_after_new_ones_were_asked_for(
    world: World, newcomer: Newcomer
) -> None:
    newcomer("Nina")
    olga = world.client_of(world.cast.olga)
    make(olga)
    asked = make(olga)
    answer = asked.all("button", name="again")[-1]["value"]
    assert [button["value"] for button in asked.all("button", name="again")] == [answer], "nobody is without one"
    made = olga.submit(asked, SLIPS, again=answer)
    for again in (answer, "without"):
        assert olga.submit(asked, SLIPS, again=again).status == 422
        assert Browser(world.app).get(link_on(made, "Nina")).status == 200


def test_slips_may_be_made_for_those_without_only(world: World, newcomer: Newcomer) -> None:
    nina = newcomer("Nina")
    olga = world.client_of(world.cast.olga)
    first = make(olga, f"member-{nina.id}")
    newcomer("Noor")
    page = olga.submit(make(olga), SLIPS, again="without")
    assert names(page) == ["Noor"]
    assert Browser(world.app).get(link_on(first, "Nina")).status == 200


def test_one_person_s_slip_is_not_replaced_unasked_either(world: World, newcomer: Newcomer) -> None:
    nina = newcomer("Nina")
    olga = world.client_of(world.cast.olga)
    first = make(olga, f"member-{nina.id}")
    asked = make(olga, f"member-{nina.id}")
    assert "1 person already has a slip" in asked.words
    assert Browser(world.app).get(link_on(first, "Nina")).status == 200
    assert names(make_anew(olga, asked)) == ["Nina"]
    assert Browser(world.app).get(link_on(first, "Nina")).status == 404


def test_a_slip_that_was_used_or_is_over_asks_nothing(world: World, newcomer: Newcomer) -> None:
    newcomer("Nina", email="nina@example.org"), newcomer("Nils")
    olga = world.client_of(world.cast.olga)
    use(world, link_on(make(olga), "Nina"))
    assert "1 person already has a slip" in make(olga).words
    world.clock.advance(days=31)
    olga = world.client_of(world.cast.olga)
    assert "Nils" in names(make(olga))


@pytest.mark.one_database
def test_the_list_says_whose_slip_was_made_when(world: World, newcomer: Newcomer) -> None:
    nina = newcomer("Nina")
    newcomer("Noor")
    olga = world.client_of(world.cast.olga)
    make(olga, f"member-{nina.id}")
    lines = {line.one("a").words: line.words for line in olga.get(SLIPS).one("div", class_="waiting-list").all("li")}
    assert "slip made 2 Mar" in lines["Nina"]
    assert "slip made" not in lines["Noor"]


@pytest.mark.one_database
def test_slips_lie_group_by_group_and_name_group_and_position(world: World, newcomer: Newcomer) -> None:
    newcomer("Adam", group="second", position="Chair"), newcomer("Zoe", group="first", unit="City / East")
    newcomer("Abel")
    olga = world.client_of(world.cast.olga)
    page = make(olga)
    assert [name for name in names(page) if name in ("Adam", "Zoe", "Abel")] == ["Zoe", "Adam", "Abel"]
    slip = page.one("article", aria_label="Adam").words
    assert "Second group" in slip
    assert "Chair" in slip
    rows = list(csv.DictReader(io.StringIO(olga.submit(page, "/slips/file").source[1:], newline="")))
    assert [row["Name"] for row in rows] == names(page)
    adam = next(row for row in rows if row["Name"] == "Adam")
    assert (adam["Group"], adam["Position"]) == ("Second group", "Chair")

"""The projector wall: who may show it, what stands on it, and that it says no name where none is wanted."""

from dataclasses import replace

import pytest
from flask import Flask

from forum.db import db
from forum.discussions.models import Discussion
from forum.discussions.wall import POSTS_SHOWN
from forum.qr import qr_svg
from tests.cast import World
from tests.discussions.test_pages import statements
from tests.pages import Page


@pytest.fixture
def discussion_id(world: World) -> int:
    """#1 Tina, #2 Tom to #1, #3 Ivan to #2, #4 Tom."""
    discussion_id = world.discussion("The first lecture", prompt="What **struck** you?")
    world.publish(world.cast.tina, discussion_id, "The first thought")
    world.publish(world.cast.tom, discussion_id, "A reply among trainees", parent=1)
    world.publish(world.cast.ivan, discussion_id, "A word of the instructor", parent=2)
    world.publish(world.cast.tom, discussion_id, "The latest thought")
    return discussion_id


def wall(world: World, discussion_id: int, query: str = "", name: str = "omar") -> Page:
    return world.client_of(getattr(world.cast, name)).get(f"/discussions/{discussion_id}/wall{query}")


def test_staff_and_observers_show_it_and_find_the_way_to_it(world: World, discussion_id: int) -> None:
    expected = {"olga": 200, "ivan": 200, "omar": 200, "ada": 200, "tina": 403, "stella": 404, "wendy": 404}
    assert {name: wall(world, discussion_id, name=name).status for name in expected} == expected
    for name, status in {"omar": 200, "ivan": 200, "tina": 403}.items():
        links = world.client_of(getattr(world.cast, name)).discussion(discussion_id).all("a", class_="more")
        there = [link for link in links if link["href"] == f"/discussions/{discussion_id}/wall"]
        assert bool(there) is (status == 200), name


def test_it_shows_the_newest_reflections_and_comments(world: World, discussion_id: int) -> None:
    page = wall(world, discussion_id)
    assert page.numbers == [4, 3, 1]
    assert [article.has(class_="is-comment") for article in page.all("article")] == [False, True, False]
    assert page.all("article")[1].one("header").words == "I Comment Ivan #3 New OfficeLecturer to #2 Tom"
    assert page.one("h1").words == "The first lecture"
    assert "What struck you?" in page.one("header", class_="wall-head").words
    figures = [(figure.one("b").words, figure.one("span").words) for figure in page.all("div", class_="figure")]
    assert figures == [("2", "of 2 trainees have spoken"), ("3", "posts"), ("1", "comment")]


def test_what_is_hidden_is_gone_at_once_and_only_so_many_are_shown(world: World, discussion_id: int) -> None:
    world.change("hide", world.cast.olga, discussion_id, 4, "off the subject")
    assert wall(world, discussion_id).numbers == [3, 1]
    world.fill(discussion_id, [world.cast.tina], 20)
    assert wall(world, discussion_id).numbers == list(range(24, 24 - POSTS_SHOWN, -1))


def test_without_names_nobody_is_named(world: World, discussion_id: int) -> None:
    page = wall(world, discussion_id, "?names=0")
    main = page.one("main").words
    assert page.numbers == [4, 3, 1]
    assert "The latest thought" in main
    assert "to #2" in main
    for secret in ("Tina", "Tom", "Ivan", "Office", "Lecturer", "East", "West"):
        assert secret not in main, secret
    assert not page.all("span", class_="seal")


def test_the_looks_stand_in_the_address_and_keep_each_other(world: World, discussion_id: int) -> None:
    here = f"/discussions/{discussion_id}/wall"

    def looks(query: str) -> dict[str, str]:
        links = wall(world, discussion_id, query).one("div", class_="wall-looks").all("a")
        return {link.words: link["href"] for link in links}

    either = {"Light": f"{here}?theme=light", "Dark": f"{here}?theme=dark"}
    assert looks("") == {"Hide names": f"{here}?names=0"} | either, "the page's style shows one of them"
    assert looks("?names=0")["Dark"] == f"{here}?names=0&theme=dark"
    assert looks("?theme=dark") == {"Hide names": f"{here}?names=0&theme=dark", "Light": f"{here}?theme=light"}
    assert wall(world, discussion_id, "?theme=dark").one("body").has(class_="is-dark")
    assert wall(world, discussion_id, '?theme="evil').one("body")["class"] == "is-wall"


def test_the_code_leads_to_the_discussion_as_the_room_reaches_it(
    world: World, discussion_id: int, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no other address is set than this computer's own, it is the one that was asked."""
    browser, settings = world.client_of(world.cast.omar), app.extensions["settings"]
    cookie = browser.client.get_cookie("session")
    assert cookie is not None
    browser.client.set_cookie("session", cookie.value, domain="192.168.1.7")
    for base, expected in (
        ("https://forum.example.org", "https://forum.example.org"),
        ("http://127.0.0.1:5000", "http://192.168.1.7:5000"),
    ):
        monkeypatch.setitem(app.extensions, "settings", replace(settings, base_url=base))
        page = browser.get(f"/discussions/{discussion_id}/wall", base_url="http://192.168.1.7:5000")
        address = f"{expected}/discussions/{discussion_id}"
        assert page.one("p", class_="wall-join").one("span").words == address.split("//")[1]
        assert qr_svg(address) in page.source


def test_without_script_it_comes_anew_by_itself(world: World, discussion_id: int) -> None:
    page = wall(world, discussion_id)
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page.source
    assert all("hidden" not in article.attributes for article in page.all("article"))


@pytest.mark.one_database
def test_an_empty_wall_says_what_can_be_done(world: World) -> None:
    discussion_id = world.discussion()
    assert "Scan the code and be the first." in wall(world, discussion_id).words
    with world.inside():
        db.session.get_one(Discussion, discussion_id).closes_at = world.clock.now
    words = wall(world, discussion_id).words
    assert "Nobody wrote in this discussion." in words
    assert "Scan to read along" in words


@pytest.mark.one_database
def test_it_costs_few_statements_however_much_there_is(world: World, discussion_id: int) -> None:
    with statements() as few:
        wall(world, discussion_id)
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 300)
    with statements() as many:
        wall(world, discussion_id)
    assert len(many) == len(few) <= 6

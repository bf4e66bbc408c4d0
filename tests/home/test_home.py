"""The first page: what is on for this person and what is new; nothing that is not theirs to see."""

from datetime import date, timedelta

import pytest

from forum.classes.models import Enrolment, Role
from forum.classes.operations import create_class, enrol_member, withdraw_enrolment
from forum.db import db
from tests.cast import NOW, Person, World, add_person
from tests.discussions.test_pages import cost
from tests.home.first_page import SECRET, home, join_autumn, mark, section


def test_what_closes_next_comes_first_then_what_opens_soon_then_what_closed_lately(world: World) -> None:
    join_autumn(world, world.cast.tina, Role.TRAINEE)
    hour = timedelta(hours=1)
    world.discussion("Without an end")
    world.discussion("Closes later", closes_at=NOW + 5 * hour)
    world.discussion("Closes soon", slug="autumn", closes_at=NOW + hour)
    world.discussion("Opens later", opens_at=NOW + 9 * hour, closes_at=NOW + 10 * hour)
    world.discussion("Opens soon", slug="autumn", opens_at=NOW + hour)
    world.discussion("Closed yesterday", closes_at=NOW - 24 * hour)
    world.discussion("Closed last month", closes_at=NOW - 31 * 24 * hour)
    page = home(world, world.cast.tina)

    def titles(name: str) -> list[str]:
        return [heading.words for heading in section(page, name).all("h3")]

    assert titles("open") == ["Closes soon", "Closes later", "Without an end"]
    assert titles("upcoming") == ["Opens soon", "Opens later"]
    assert titles("closed") == ["Closed yesterday"]
    assert "Autumn seminar" in section(page, "open").one("li").words
    assert "Open until 2 Mar, 10:00" in section(page, "open").one("li").words


def test_what_an_archived_class_discussed_is_no_longer_on(world: World) -> None:
    discussion_id = world.discussion("Long gone", closes_at=NOW + timedelta(days=1))
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.ivan, discussion_id, "Long said", parent=1)
    world.archive()
    for person in (world.cast.tina, world.cast.olga):
        page = home(world, person)
        assert "Long" not in page.words
        assert "Spring seminar" in page.one("aside").words


def test_a_trainee_is_told_plainly_whether_they_have_spoken(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + timedelta(days=3))
    said = section(home(world, world.cast.tina), "open")
    assert "You have not spoken here yet." in said.words
    assert [link.words for link in said.all("a", class_="button")] == ["Write a reflection"]
    world.clock.advance(days=1)
    world.publish(world.cast.tina, discussion_id)
    said = section(home(world, world.cast.tina), "open")
    assert "You spoke on 3 Mar." in said.words
    assert "not spoken" not in said.words
    assert "1 post" in said.words
    assert len(said.all("a", class_="button")) == 1
    world.change("delete", world.cast.tina, discussion_id, 1)
    assert "You have not spoken here yet." in home(world, world.cast.tina).words


def test_what_is_new_is_what_stands_of_others_beyond_the_mark(world: World) -> None:
    discussion_id = world.discussion()
    for person in (world.cast.tina, world.cast.tom, world.cast.tom, world.cast.ivan, world.cast.tom):
        world.publish(person, discussion_id)
    assert "not opened yet" in home(world, world.cast.tina).words
    mark(world, world.cast.tina, discussion_id, 1)
    assert "4 new since your visit" in home(world, world.cast.tina).words
    world.change("hide", world.cast.olga, discussion_id, 2, "off the subject")
    world.change("delete", world.cast.tom, discussion_id, 3)
    assert "2 new since your visit" in home(world, world.cast.tina).words
    mark(world, world.cast.tina, discussion_id, 5)
    world.publish(world.cast.tina, discussion_id)
    page = home(world, world.cast.tina)
    assert "nothing new" in page.words
    assert "new since" not in page.words
    assert "not opened yet" in home(world, world.cast.tom).words, "the mark is Tina's"


def test_an_observer_reads_along_with_the_way_to_the_figures(world: World) -> None:
    world.discussion()
    page = home(world, world.cast.omar)
    assert "The first lecture" in section(page, "open").words
    links = [link["href"] for link in page.all("a")]
    assert "/classes/spring/figures" in links
    assert "/classes/new" not in links
    assert "/classes/spring/figures" not in [link["href"] for link in home(world, world.cast.tina).all("a")]


def test_a_discussion_of_another_group_or_class_leaves_no_trace(world: World) -> None:
    discussion_id = world.discussion("Of the first group", groups=["first"])
    world.publish(world.cast.tina, discussion_id, SECRET)
    foreign = world.discussion("Of the autumn", slug="autumn")
    world.publish(world.cast.stella, foreign, SECRET)
    for person in (world.cast.tom, world.cast.wendy):
        page = home(world, person)
        assert SECRET not in page.source
        assert "Of the " not in page.words, person.name
    assert "Of the first group" in home(world, world.cast.tina).words
    assert "Of the autumn" not in home(world, world.cast.olga).words


def test_one_page_for_somebody_with_several_roles(world: World) -> None:
    join_autumn(world, world.cast.ivan, Role.TRAINEE)
    first = world.discussion("He instructs here")
    world.publish(world.cast.tina, first)
    world.discussion("He learns here", slug="autumn")
    entries = section(home(world, world.cast.ivan), "open").all("li")
    assert "waits for a comment" in entries[0].words
    assert "You have not spoken" not in entries[0].words
    assert "You have not spoken here yet." in entries[1].words
    assert "comment" not in entries[1].words


def test_classes_of_the_past_stand_below_folded_once_they_are_many(world: World) -> None:
    with world.inside():
        for year in (2020, 2021, 2022):
            past = create_class(f"of-{year}", f"Seminar of {year}", date(year, 3, 1), date(year, 3, 5), "Asia/Shanghai")
            enrol_member(past, world.member(world.cast.tina), Role.TRAINEE)
    rail = home(world, world.cast.tina).one("aside")
    assert [heading.words for heading in rail.all("h2")] == ["Your classes", "Past classes"]
    assert not rail.all("details")
    world.archive()
    rail = home(world, world.cast.tina).one("aside")
    folded = rail.one("details")
    assert folded.one("a").words == "Seminar of 2022"
    assert "Spring seminar" in folded.words
    assert "Archived" in folded.words


def test_the_first_page_of_an_empty_forum_leads_on(world: World) -> None:
    stella = home(world, world.cast.stella)
    assert "Nothing is open right now." in stella.words
    assert "ask the organiser" in stella.words
    with world.inside():
        lee = add_person("Lee", administers=True)
        mei = add_person("Mei")
        people = [Person(member.id, member.name, member.email or "") for member in (lee, mei)]
        for enrolment in db.session.query(Enrolment):
            withdraw_enrolment(enrolment)
    assert "You are not in a class yet." in home(world, people[1]).words
    assert "/classes/new" not in home(world, people[1]).source
    assert "/classes/new" in home(world, people[0]).source


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "olga", "omar", "ada"])
def test_the_first_page_costs_the_same_whatever_there_is(world: World, name: str) -> None:
    person = getattr(world.cast, name)
    for slug in ("spring", "autumn"):
        discussion_id = world.discussion(slug=slug)
    before = cost(world, name, "/")
    assert before <= 9
    if name != "ada":
        join_autumn(world, person, Role.TRAINEE, organises=name == "olga")
    for step in range(6):
        with world.inside():
            fresh = create_class(f"c-{step}", f"Class {step}", date(2026, 3, 1), date(2026, 3, 5), "Asia/Shanghai")
            enrol_member(fresh, world.member(person), Role.INSTRUCTOR)
        discussion_id = world.discussion(f"Lecture {step}", post_first=bool(step % 2), groups=["first"])
        world.fill(discussion_id, [world.cast.tina, world.cast.tom], 20)
        world.fill(discussion_id, [world.cast.tom], 5, answers=1)
        world.publish(world.cast.ivan, discussion_id, parent=1)
        mark(world, person, discussion_id, step)
    assert cost(world, name, "/") == before

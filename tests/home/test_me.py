"""/me: what one did in each class, what one still owes, what does not count and why, what came back."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import correct_enrolment, withdraw_enrolment
from forum.classes.queries import person_of
from forum.db import db
from forum.discussions.models import Discussion
from forum.discussions.setup import open_discussion
from forum.home.own_queries import own_figures
from forum.home.rows import OwnFigures
from tests.attendance.conftest import Meeting
from tests.cast import NOW, Person, World
from tests.counted import CountedClass
from tests.discussions.test_pages import cost
from tests.home.first_page import SECRET, join_autumn, section
from tests.pages import Element, Page


def me(world: World, person: Person, query: str = "") -> Page:
    page = world.client_of(person).get(f"/me{query}")
    assert page.status == 200
    return page


def own_class(page: Page, world: World) -> Element:
    return section(page, f"class-{world.cast.spring.id}")


def figures_of(page: Page, world: World) -> dict[str, str]:
    """By name."""
    found = own_class(page, world).all("div", class_="figure")
    return {one.one("summary").words: one.one("b").words for one in found}


@pytest.fixture
def counted(world: World) -> CountedClass:
    return CountedClass(world)


def test_at_its_foot_are_ones_tokens(world: World) -> None:
    page = me(world, world.cast.stella)
    assert page.one("main").one("a", href="/me/tokens").words == "Your tokens"


def test_the_figures_are_those_of_the_class_by_trainee(world: World, counted: CountedClass) -> None:
    world.change("like", world.cast.tom, counted.a, 1)
    world.change("hide", world.cast.olga, counted.a, 3, "off the subject")
    world.change("hide", world.cast.olga, counted.a, 4, "with comments below it")
    rows = {row.key: row for row in world.figures(by="trainee").rows}
    assert len(rows) == 4
    for member_id, row in rows.items():
        with world.inside():
            found = own_figures(world.member(Person(member_id, "", ""))).get(world.cast.spring.id, OwnFigures())
        mine = asdict(found)
        for name in ("posts", "reflections", "replies", "characters", "comments", "discussions"):
            assert mine[name] == getattr(row, name), (row.name, name)
    page = me(world, world.cast.tina)
    shown = figures_of(page, world)
    assert (shown["Posts"], shown["Characters"], shown["Comments received"], shown["Likes received"]) == (
        "2", "6", "1", "1",
    )  # fmt: skip


@pytest.mark.one_database
def test_what_is_still_to_do_is_what_is_open_to_one_and_without_a_post_of_ones_own(world: World) -> None:
    hour = timedelta(hours=1)
    world.discussion("Closes later", closes_at=NOW + 5 * hour)
    soon = world.discussion("Closes soon", closes_at=NOW + hour)
    world.discussion("Opens tomorrow", opens_at=NOW + 24 * hour)
    world.discussion("Of the others", groups=["second"])
    world.discussion("Missed", closes_at=NOW - hour)

    def owed() -> list[str]:
        return [line.words for line in section(me(world, world.cast.tina), "owed").all("p", class_="own-title")]

    assert owed() == ["Closes soon", "Closes later", "Opens tomorrow"]
    world.publish(world.cast.tina, soon)
    assert owed() == ["Closes later", "Opens tomorrow"]
    world.change("hide", world.cast.olga, soon, 1, "off the subject")
    assert owed() == ["Closes soon", "Closes later", "Opens tomorrow"], "what does not count is owed again"
    assert "Nothing from me" in own_class(me(world, world.cast.tina), world).words
    assert "Of the others" not in me(world, world.cast.tina).words
    assert me(world, world.cast.ivan).all("section", aria_labelledby="owed") == []
    with world.inside():
        _change_role(world, Role.TRAINEE, organises=True)
    assert owed() == ["Closes soon", "Closes later", "Opens tomorrow"], (
        "she sees that of the others, and owes it nothing"
    )
    assert "Of the others" in own_class(me(world, world.cast.tina), world).words
    world.archive()
    assert me(world, world.cast.tina).all("section", aria_labelledby="owed") == []


@pytest.mark.one_database
def test_a_post_that_does_not_count_says_why_and_by_whom(world: World) -> None:
    cast, discussion_id = world.cast, world.discussion(closes_at=NOW + timedelta(hours=1))
    for words in ("hidden by Olga", "hidden by Ivan", SECRET, "counts"):
        world.publish(cast.tina, discussion_id, words)
    world.change("hide", cast.olga, discussion_id, 1, "Twice the same.")
    world.change("hide", cast.ivan, discussion_id, 2, "Off the subject.")
    world.change("delete", cast.tina, discussion_id, 3)
    said = section(me(world, cast.tina), "uncounted")
    assert [line.words.partition(" The first lecture")[0] for line in said.all("li")] == ["#3", "#2", "#1"]
    assert "Does not count Hidden by an organiser: Twice the same." in said.words
    assert "Does not count Hidden by an instructor: Off the subject." in said.words
    assert "Does not count Deleted by me." in said.words
    assert SECRET not in said.words, "what one has deleted is not held up again"
    assert "counts" not in " ".join(line.one("p", class_="answer-text").words for line in said.all("li")[1:])
    assert me(world, cast.tom).all("section", aria_labelledby="uncounted") == []


@pytest.mark.one_database
def test_late_posts_count_and_what_was_written_in_another_role_does_not(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + timedelta(hours=1))
    with world.inside():
        _change_role(world, Role.INSTRUCTOR)
    world.publish(world.cast.tina, discussion_id, "As an instructor")
    with world.inside():
        _change_role(world, Role.TRAINEE)
    world.clock.advance(hours=2)
    with world.inside():
        open_discussion(db.session.get_one(Discussion, discussion_id), None)
    world.publish(world.cast.tina, discussion_id, "Too late")
    page = me(world, world.cast.tina)
    said = section(page, "uncounted")
    assert "Counts, as late Written after the first closing. Too late" in said.words
    assert "Does not count Written as an instructor: it is a comment. As an instructor" in said.words
    assert "1 post 1 of them late" in own_class(page, world).words.replace("late1", "late 1").replace("post1", "post 1")


def _change_role(world: World, role: Role, organises: bool | None = None) -> None:
    enrolment = person_of(db.session.get_one(TrainingClass, world.cast.spring.id), world.cast.tina.id)
    assert enrolment is not None
    correct_enrolment(enrolment, role, None, enrolment.group, organises)


@pytest.mark.one_database
def test_comments_are_listed_newest_first_and_paged(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    for number in range(23):
        world.clock.advance(minutes=1)
        world.publish(world.cast.ivan, discussion_id, f"Comment {number}.", parent=1)
    world.publish(world.cast.tom, discussion_id, "A classmate's answer", parent=1)

    def shown(query: str = "") -> list[str]:
        return [
            text.words for text in section(me(world, world.cast.tina, query), "comments").all("p", class_="answer-text")
        ]

    assert shown() == [f"Comment {number}." for number in range(22, 12, -1)]
    page = me(world, world.cast.tina)
    assert page.one("a", rel="next")["href"] == "/me?page=2#comments"
    assert shown("?page=3") == ["Comment 2.", "Comment 1.", "Comment 0."]
    assert me(world, world.cast.tina, "?page=3").all("a", rel="next") == []
    assert "none any further back" in me(world, world.cast.tina, "?page=9").words
    world.archive()
    assert len(shown()) == 10, "what was said stays to be read"


@pytest.mark.one_database
def test_an_instructor_finds_what_they_wrote_whom_they_reached_and_what_waits(world: World) -> None:
    discussion_id = world.discussion()
    for person in (world.cast.tina, world.cast.tom, world.cast.tom):
        world.publish(person, discussion_id)
    world.publish(world.cast.ivan, discussion_id, "One", parent=1)
    world.publish(world.cast.ivan, discussion_id, "Two", parent=1)
    page = me(world, world.cast.ivan)
    assert figures_of(page, world) == {
        "Comments written": "2",
        "Reflections reached": "1",
        "Waiting for a comment": "2",
    }
    assert own_class(page, world).one("a", href="/classes/spring/desk")
    assert "2 comments by me" in own_class(page, world).words
    assert page.all("section", aria_labelledby="comments") == []


@pytest.mark.one_database
def test_what_one_said_in_the_room_stands_beside_what_one_wrote(world: World) -> None:
    meeting = Meeting(world)
    meeting.record(spoke=[world.cast.tina])
    meeting.note(world.cast.tina, "Once more")
    shown = figures_of(me(world, world.cast.tina), world)
    assert (shown["Posts"], shown["Times present"], shown["Times spoken in the room"]) == ("0", "1", "1")


@pytest.mark.one_database
def test_past_classes_are_folded_below_and_those_one_left_are_gone(world: World) -> None:
    join_autumn(world, world.cast.tina, Role.TRAINEE)
    page = me(world, world.cast.tina)
    assert page.all("details", class_="past") == []
    world.archive()
    folded = me(world, world.cast.tina).one("details", class_="past")
    assert "Spring seminar" in folded.words
    assert "Autumn seminar" not in folded.words
    with world.inside():
        enrolment = person_of(db.session.get_one(TrainingClass, world.cast.spring.id), world.cast.tina.id)
        assert enrolment is not None
        withdraw_enrolment(enrolment)
    assert "Spring seminar" not in me(world, world.cast.tina).one("main").words


@pytest.mark.one_database
def test_everybody_has_a_page_of_their_own_and_nobody_elses_is_on_it(world: World) -> None:
    discussion_id = world.discussion(SECRET)
    world.publish(world.cast.tina, discussion_id, SECRET)
    world.publish(world.cast.ivan, discussion_id, SECRET, parent=1)
    for name in ("stella", "wendy", "ada"):
        assert SECRET not in me(world, getattr(world.cast, name)).words, name
    assert "You are in no class yet." in me(world, world.cast.ada).words
    assert me(world, world.cast.omar).all("section", aria_labelledby="comments") == []
    page = me(world, world.cast.tina)
    assert page.one("div", class_="menu-sheet").one("a", href="/me").words == "My page"
    zh = world.client_of(world.cast.tina)
    zh.post("/language", language="zh")
    assert zh.get("/me").status == 200


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "olga", "ada"])
def test_the_page_costs_no_more_with_more_classes_and_posts(world: World, name: str) -> None:
    first = world.discussion()
    world.publish(world.cast.tina, first)
    world.publish(world.cast.ivan, first, parent=1)
    before = cost(world, name, "/me")
    join_autumn(world, getattr(world.cast, name), Role.INSTRUCTOR if name == "ivan" else Role.TRAINEE)
    for step in range(4):
        discussion_id = world.discussion(f"Lecture {step}", slug=("spring", "autumn")[step % 2])
        if step % 2 == 0:
            world.fill(discussion_id, [world.cast.tina, world.cast.tom], 20)
            world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
            world.publish(world.cast.ivan, discussion_id, parent=3)
    Meeting(world).record(spoke=[world.cast.tina])
    assert cost(world, name, "/me") == before
    assert before <= 14

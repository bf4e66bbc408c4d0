"""A discussion on paper: everything that stands, in the order of its threads, for those who may read it."""

import pytest

from forum.discussions import print_views
from tests.cast import Person, World
from tests.discussions.test_pages import cost, inline
from tests.pages import Page

pytestmark = pytest.mark.one_database

SECRET = "unmistakable-words"


def printed(world: World, person: Person, discussion_id: int, query: str = "") -> Page:
    page = world.client_of(person).get(f"/discussions/{discussion_id}/print{query}")
    assert page.status == 200
    return page


def test_posts_stand_in_the_order_of_threads_with_all_their_replies(world: World) -> None:
    discussion_id = world.discussion("What struck you?", prompt="One **thing**.")
    world.publish(world.cast.tina, discussion_id, "First")
    world.publish(world.cast.tom, discussion_id, "Second")
    for step in range(5):
        world.publish(world.cast.tom, discussion_id, f"Reply {step}", parent=1)
    world.publish(world.cast.ivan, discussion_id, "Well seen", parent=7)
    page = printed(world, world.cast.tina, discussion_id)
    assert page.numbers == [1, 3, 4, 5, 6, 7, 8, 2]
    assert [heading.words for heading in page.all("h1")] == ["What struck you?"]
    assert page.one("div", class_="prompt").words == "One thing."
    comment = page.post(8)
    assert comment.has(class_="is-comment")
    assert "Comment" in comment.words
    assert "to #7 Tom" in comment.words
    assert "East" in page.post(1).words
    assert "2 Mar, 09:00" in page.post(1).words
    figures = [(figure.one("b").words, figure.one("span").words) for figure in page.all("div", class_="figure")]
    assert figures == [
        ("2", "of 2 trainees"),
        ("5", "replies"),
        ("1", "comment"),
        ("2", "reflections"),
        ("50.0 %", "of them commented"),
    ]
    assert inline(page) == []


def test_what_is_hidden_or_deleted_is_left_out_and_the_replies_to_it_stand(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, SECRET)
    world.publish(world.cast.tom, discussion_id, "A reply", parent=1)
    world.publish(world.cast.tom, discussion_id, SECRET)
    world.publish(world.cast.tom, discussion_id, SECRET, parent=1)
    world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
    world.change("delete", world.cast.tom, discussion_id, 3)
    world.change("delete", world.cast.tom, discussion_id, 4)
    for person in (world.cast.tina, world.cast.olga, world.cast.ada):
        page = printed(world, person, discussion_id)
        assert page.numbers == [2], person.name
        assert SECRET not in page.source
        assert "Reflection #1 is not shown" in page.words


def test_a_long_discussion_comes_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_views, "REFLECTIONS_A_PART", 3)
    discussion_id = world.discussion()
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 7)
    world.fill(discussion_id, [world.cast.tom], 2, answers=2)
    first = printed(world, world.cast.tina, discussion_id)
    assert first.numbers == [1, 2, 8, 9, 3]
    assert "1–3 of 7" in first.words
    second = printed(world, world.cast.tina, discussion_id, "?after=3")
    assert first.one("a", rel="next")["href"] == second.path
    assert second.numbers == [4, 5, 6]
    last = printed(world, world.cast.tina, discussion_id, "?after=6")
    assert last.numbers == [7]
    assert not last.all("a", rel="next")


def test_five_hundred_reflections_make_a_part(world: World) -> None:
    discussion_id = world.discussion()
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 501)
    assert len(printed(world, world.cast.omar, discussion_id).numbers) == 500
    assert printed(world, world.cast.omar, discussion_id, "?after=500").numbers == [501]


def test_under_post_first_nothing_is_printed_before_one_has_written(world: World) -> None:
    discussion_id = world.discussion(post_first=True, prompt="The question")
    world.publish(world.cast.tina, discussion_id, SECRET)
    world.publish(world.cast.ivan, discussion_id, SECRET, parent=1)
    for query in ("", "?after=0"):
        page = printed(world, world.cast.tom, discussion_id, query)
        assert page.numbers == []
        assert SECRET not in page.source
        assert "Tina" not in page.words
        assert "Write first, then read the others." in page.words
        assert "The question" in page.words
    world.publish(world.cast.tom, discussion_id, "My own")
    assert printed(world, world.cast.tom, discussion_id).numbers == [1, 2, 3]
    assert printed(world, world.cast.omar, discussion_id).numbers == [1, 2, 3]


def test_strangers_and_other_groups_find_nothing_to_print(world: World) -> None:
    discussion_id = world.discussion("Of the first group", groups=["first"])
    world.publish(world.cast.tina, discussion_id, SECRET)
    for person in (world.cast.tom, world.cast.stella, world.cast.wendy):
        page = world.client_of(person).get(f"/discussions/{discussion_id}/print")
        assert page.status == 404, person.name
        assert SECRET not in page.source
    assert printed(world, world.cast.tina, discussion_id).numbers == [1]


def test_an_empty_discussion_says_so(world: World) -> None:
    assert "No reflections yet." in printed(world, world.cast.tina, world.discussion()).words


@pytest.mark.one_database
def test_printing_costs_the_same_however_long_the_discussion_is(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    path = f"/discussions/{discussion_id}/print"
    before = cost(world, "tina", path)
    assert before <= 6
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 100)
    world.fill(discussion_id, [world.cast.tom], 50, answers=1)
    assert cost(world, "tina", path) == before

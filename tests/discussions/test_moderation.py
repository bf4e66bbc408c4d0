"""What was hidden in a class, for its staff: with its text, by whom, why, and the way back."""

import pytest

from forum.home import queries
from tests.cast import World
from tests.discussions.test_pages import cost

HIDDEN = "/classes/spring/hidden"
SECRET = "unmistakable-words"


@pytest.fixture
def discussion_id(world: World) -> int:
    discussion_id = world.discussion("The first lecture")
    for step in (1, 2, 3):
        world.publish(world.cast.tina, discussion_id, f"{SECRET} {step}")
    world.clock.advance(hours=1)
    world.change("hide", world.cast.olga, discussion_id, 1, "Names <b>somebody</b>")
    world.clock.advance(hours=1)
    world.change("hide", world.cast.ivan, discussion_id, 3, "Twice the same")
    return discussion_id


def test_staff_read_what_was_hidden_by_whom_when_and_why(world: World, discussion_id: int) -> None:
    for name in ("olga", "ivan", "ada"):
        page = world.client_of(getattr(world.cast, name)).get(HIDDEN)
        assert page.status == 200
        articles = page.all("article")
        assert len(articles) == 2, name
        newest, oldest = (article.words for article in articles)
        for words in ("#3 Tina", "by Ivan", "Twice the same", f"{SECRET} 3", "2 Mar, 11:00", "The first lecture"):
            assert words in newest, (name, words)
        for words in ("#1 Tina", "by Olga", "Names <b>somebody</b>", f"{SECRET} 1", "2 Mar, 10:00"):
            assert words in oldest, (name, words)
        assert f"{SECRET} 2" not in page.words


def test_a_post_is_restored_from_there(world: World, discussion_id: int) -> None:
    olga = world.client_of(world.cast.olga)
    answer = olga.submit(olga.get(HIDDEN), f"/discussions/{discussion_id}/posts/3/restore", follow=True)
    assert "The post is back in its place." in answer.words
    assert len(olga.get(HIDDEN).all("article")) == 1
    assert world.totals().posts == 2


def test_others_of_the_class_may_not_look_and_strangers_find_nothing(world: World, discussion_id: int) -> None:
    for name, status in (("tina", 403), ("tom", 403), ("omar", 403), ("stella", 404), ("wendy", 404)):
        page = world.client_of(getattr(world.cast, name)).get(HIDDEN)
        assert page.status == status, name
        assert SECRET not in page.source, name


def test_what_is_deleted_or_of_another_class_is_not_listed(world: World, discussion_id: int) -> None:
    elsewhere = world.discussion("Of the autumn", slug="autumn")
    world.publish(world.cast.stella, elsewhere, SECRET)
    world.change("hide", world.cast.ada, elsewhere, 1, "off the subject")
    with world.inside():
        world.post(discussion_id, 3).deleted_at = world.clock.now
    page = world.client_of(world.cast.olga).get(HIDDEN)
    assert [article.one("h2").words for article in page.all("article")] == ["#1 Tina"]


def test_a_class_with_nothing_hidden_says_what_would_stand_here(world: World) -> None:
    assert "Nothing is hidden." in world.client_of(world.cast.olga).get(HIDDEN).words


def test_many_come_in_pages(world: World, discussion_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "HIDDEN_SHOWN", 1)
    olga = world.client_of(world.cast.olga)
    first = olga.get(HIDDEN)
    assert "#3 Tina" in first.words
    assert first.one("a", rel="next")["href"] == f"{HIDDEN}?page=2"
    second = olga.get(f"{HIDDEN}?page=2")
    assert "#1 Tina" in second.words
    assert not second.all("a", rel="next")
    assert olga.get(f"{HIDDEN}?page=999999999").status == 200


@pytest.mark.one_database
def test_it_costs_the_same_however_much_is_hidden(world: World, discussion_id: int) -> None:
    before = cost(world, "olga", HIDDEN)
    assert before <= 5
    for step in range(6):
        other = world.discussion(f"Lecture {step}")
        world.publish(world.cast.tom, other)
        world.change("hide", world.cast.olga, other, 1, "off the subject")
    assert cost(world, "olga", HIDDEN) == before

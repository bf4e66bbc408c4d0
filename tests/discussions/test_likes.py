"""赞: who may, that it is counted once and taken back, and where it is seen."""

import pytest
import sqlalchemy as sa

from forum.db import db
from forum.discussions import operations
from forum.discussions.models import Discussion, Like, Post
from forum.errors import Refused
from forum.statistics.checking import faults
from tests.cast import Person, World
from tests.discussions.test_pages import statements
from tests.pages import Page


@pytest.fixture
def discussion_id(world: World) -> int:
    """#1 Tina, #2 Tom to #1, #3 Ivan to #2."""
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "One")
    world.publish(world.cast.tom, discussion_id, "Two", parent=1)
    world.publish(world.cast.ivan, discussion_id, "Three", parent=2)
    return discussion_id


def press(world: World, person: Person, discussion_id: int, number: int, verb: str = "like") -> Page:
    """The button on the post's own page, as without script."""
    browser, path = world.client_of(person), f"/discussions/{discussion_id}/posts/{number}"
    return browser.submit(browser.get(path), f"{path}/{verb}")


def stored(world: World, discussion_id: int, number: int) -> tuple[int, int]:
    """Likes and revision of the post."""
    with world.app.app_context():
        post = world.post(discussion_id, number)
        return post.likes, post.revision


def shown(page: Page, number: int) -> str:
    return page.post(number).one("a", class_="is-like").words


def test_a_like_is_counted_once_and_taken_back(world: World, discussion_id: int) -> None:
    tom, omar = world.cast.tom, world.cast.omar
    assert press(world, tom, discussion_id, 1).status == 303
    assert press(world, omar, discussion_id, 1).headers["Location"] == f"/discussions/{discussion_id}/posts/1"
    assert stored(world, discussion_id, 1) == (2, 5)
    world.change("like", tom, discussion_id, 1)
    assert stored(world, discussion_id, 1) == (2, 5), "once more changes nothing"
    assert press(world, tom, discussion_id, 1, "unlike").status == 303
    world.change("unlike", tom, discussion_id, 1)
    assert stored(world, discussion_id, 1) == (1, 6)
    with world.inside():
        assert list(faults()) == []


def test_likes_change_no_figure_but_are_news_to_who_listens(world: World, discussion_id: int) -> None:
    before = world.totals()
    world.change("like", world.cast.tom, discussion_id, 3)
    assert world.totals() == before
    page = world.client_of(world.cast.tina).get(f"/discussions/{discussion_id}/posts?since=3")
    assert page.numbers == [3]
    assert shown(page, 3) == "Like 1, #3 Ivan"


def test_the_count_is_everybody_s_and_what_one_likes_is_one_s_own(world: World, discussion_id: int) -> None:
    world.change("like", world.cast.tom, discussion_id, 1)
    world.change("like", world.cast.tom, discussion_id, 3)
    for person, own in ((world.cast.tom, "1 3"), (world.cast.ivan, ""), (world.cast.tom, "1 3")):
        page = world.client_of(person).discussion(discussion_id)
        assert [shown(page, number) for number in (1, 2, 3)] == ["Like 1, #1 Tina", "Like, #2 Tom", "Like 1, #3 Ivan"]
        marks = page.one("div", class_="which")
        assert (marks["data-likes"], marks["data-viewer"]) == (own, str(person.id))
        focus = world.client_of(person).get(f"/discussions/{discussion_id}/posts/2").one("div", class_="is-focus")
        assert focus["data-likes"] == own


def test_the_page_of_a_post_has_the_button_for_who_may(world: World, discussion_id: int) -> None:
    world.change("like", world.cast.tom, discussion_id, 1)
    path = f"/discussions/{discussion_id}/posts/1"
    for name, verbs in {"tom": ["unlike"], "ivan": ["like"], "omar": ["like"], "tina": [], "ada": []}.items():
        page = world.client_of(getattr(world.cast, name)).get(path)
        found = [form.action.removeprefix(f"{path}/") for form in page.forms]
        assert [verb for verb in found if verb.endswith("like")] == verbs, name
        assert page.one("p", class_="likes").words == "1 like"


def test_with_script_only_the_article_comes_back(world: World, discussion_id: int) -> None:
    tom = world.client_of(world.cast.tom)
    tokens = {"csrf_token": tom.csrf_token()}
    path = f"/discussions/{discussion_id}/posts/1"
    for verb, words in (("like", "Like 1, #1 Tina"), ("unlike", "Like, #1 Tina")):
        page = Page(tom.client.post(f"{path}/{verb}", data=tokens, headers={"X-Fragment": "post"}))
        assert (page.status, page.numbers, len(page.all("form"))) == (200, [1], 0)
        assert shown(page, 1) == words
    assert not tom.discussion(discussion_id).all("p", class_="notice")


def test_nobody_likes_what_is_their_own_hidden_archived_or_not_yet_to_be_read(world: World, discussion_id: int) -> None:
    tina, tom = world.client_of(world.cast.tina), world.client_of(world.cast.tom)
    path = f"/discussions/{discussion_id}/posts"
    assert tina.post(f"{path}/1/like").status == 403
    assert world.client_of(world.cast.ada).post(f"{path}/1/like").status == 403, "of another house"
    world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
    assert tom.post(f"{path}/1/like").status == 403
    post_first = world.discussion(post_first=True)
    world.publish(world.cast.tina, post_first, "Mine")
    assert tom.post(f"/discussions/{post_first}/posts/1/like").status == 404
    world.archive()
    assert tom.post(f"{path}/3/like").status == 403
    assert "data-likes" not in tom.discussion(discussion_id).source
    assert "data-likes" not in tom.get(f"{path}/3").source
    with world.app.app_context():
        assert db.session.query(Like).count() == 0


def test_archived_or_hidden_meanwhile_it_is_refused_with_a_sentence(world: World, discussion_id: int) -> None:
    """Between the page's question whether one may, and the row that is held."""
    world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
    with world.app.app_context(), pytest.raises(Refused, match="hidden or deleted"):
        operations.like_post(world.member(world.cast.tom), world.post(discussion_id, 1))
    world.archive()
    with world.app.app_context(), pytest.raises(Refused, match="archived"):
        operations.unlike_post(world.member(world.cast.tom), world.post(discussion_id, 2))


def test_a_closed_discussion_is_still_liked(world: World, discussion_id: int) -> None:
    with world.inside():
        db.session.get_one(Discussion, discussion_id).closes_at = world.clock.now
    assert press(world, world.cast.tom, discussion_id, 1).status == 303
    assert stored(world, discussion_id, 1)[0] == 1


def test_a_kept_page_asks_nothing_more_for_the_likes(world: World, discussion_id: int) -> None:
    tom = world.client_of(world.cast.tom)
    for path in (f"/discussions/{discussion_id}", f"/discussions/{discussion_id}/posts/1"):
        tom.get(path)
        with statements() as sent:
            tom.get(path)
        assert "likes.member_id" not in " ".join(sent), path
    world.change("like", world.cast.tom, discussion_id, 1)
    assert tom.discussion(discussion_id).one("div", class_="which")["data-likes"] == "1"


def test_an_empty_discussion_is_ready_for_the_likes_of_what_comes(world: World) -> None:
    marks = world.client_of(world.cast.tom).discussion(world.discussion()).one("div", class_="which")
    assert marks.has(data_likes="", hidden="")
    assert marks.words == ""


def test_with_the_post_its_likes_go(world: World, discussion_id: int) -> None:
    world.change("like", world.cast.ivan, discussion_id, 1)
    with world.inside():
        db.session.execute(sa.delete(Post).where(Post.discussion_id == discussion_id, Post.number == 3))
        db.session.execute(sa.delete(Post).where(Post.discussion_id == discussion_id, Post.number == 2))
        db.session.execute(sa.delete(Post).where(Post.discussion_id == discussion_id, Post.number == 1))
    with world.app.app_context():
        assert db.session.query(Like).count() == 0

"""Edit, delete, hide, restore, feature: who sees what afterwards, and what the figures say."""

import pytest

from forum.db import db
from forum.discussions.models import Discussion, Participation
from tests.cast import Person, World

pytestmark = pytest.mark.one_database

SECRET = "unmistakable-words"


@pytest.fixture
def discussion_id(world: World) -> int:
    """#1 Tina, #2 Tom to #1, #3 Ivan to #2, #4 Tom."""
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, f"One {SECRET}")
    world.publish(world.cast.tom, discussion_id, "Two words", parent=1)
    world.publish(world.cast.ivan, discussion_id, "Three", parent=2)
    world.publish(world.cast.tom, discussion_id, "Four")
    return discussion_id


def act(world: World, person: Person, discussion_id: int, number: int, verb: str, **fields: str) -> int:
    """Through the form on the post's own page."""
    browser, path = world.client_of(person), f"/discussions/{discussion_id}/posts/{number}"
    return browser.submit(browser.get(path), f"{path}/{verb}", **fields).status


def straight(world: World, person: Person, discussion_id: int, number: int, verb: str, **fields: str) -> int:
    """By somebody who has no such form."""
    return world.client_of(person).post(f"/discussions/{discussion_id}/posts/{number}/{verb}", **fields).status


def pages_with_posts(discussion_id: int) -> list[str]:
    here = f"/discussions/{discussion_id}"
    posts = [f"{here}/posts/{number}" for number in range(1, 5)]
    return [here, f"{here}?show=2", f"{here}?show=1", f"{here}/posts?since=0", "/", "/classes/spring", *posts]


def revision(world: World, discussion_id: int) -> int:
    with world.app.app_context():
        return db.session.get_one(Discussion, discussion_id).revision


def test_an_edit_changes_the_text_and_is_marked_but_stays_of_its_time(world: World, discussion_id: int) -> None:
    written = world.clock.now
    world.clock.advance(hours=3)
    assert act(world, world.cast.tina, discussion_id, 1, "edit", body="今天学习") == 303
    article = world.client_of(world.cast.tom).discussion(discussion_id).post(1)
    assert "今天学习" in article.words
    assert SECRET not in article.words
    assert "edited" in article.words
    with world.app.app_context():
        assert world.post(discussion_id, 1).created_at == written
    # 4 characters, and 3 of Tom's "Two words" and "Four".
    assert world.totals().characters == 7


@pytest.mark.one_database
@pytest.mark.parametrize(("body", "reason"), [("", "write something"), ("x" * 100_001, "longer than")])
def test_an_edit_that_will_not_do_is_refused(world: World, discussion_id: int, body: str, reason: str) -> None:
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts/1"
    page = tina.submit(tina.get(path), f"{path}/edit", body=body)
    assert page.status == 422
    assert reason in page.refusal
    assert SECRET in tina.discussion(discussion_id).words


@pytest.mark.one_database
def test_a_refused_edit_keeps_the_text(world: World, discussion_id: int) -> None:
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts/1"
    page = tina.get(path)
    world.archive()
    refused = tina.submit(page, f"{path}/edit", body="A long\nnew text")
    assert refused.status == 422
    assert refused.form(f"{path}/edit").fields["body"] == "A long\nnew text"


@pytest.mark.one_database
@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_only_the_author_edits_and_deletes(world: World, discussion_id: int, verb: str) -> None:
    cast = world.cast
    for person in (cast.tom, cast.ivan, cast.olga, cast.omar, cast.ada):
        assert straight(world, person, discussion_id, 1, verb, body="Not mine") == 403, person.name
    assert straight(world, cast.stella, discussion_id, 1, verb, body="Not mine") == 404


def test_deleting_an_unanswered_post_takes_it_from_page_and_figures(world: World, discussion_id: int) -> None:
    before = world.totals()
    assert (before.posts, before.reflections, before.participants) == (3, 2, 2)
    assert act(world, world.cast.tom, discussion_id, 4, "delete") == 303
    after = world.totals()
    assert (after.posts, after.reflections, after.replies, after.participants) == (2, 1, 1, 2)
    assert world.client_of(world.cast.olga).discussion(discussion_id).numbers == [1, 2, 3]


def test_who_has_no_counted_post_left_is_no_participant_any_more(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    act(world, world.cast.tina, discussion_id, 1, "delete")
    assert world.totals().person_times == 0
    with world.app.app_context():
        assert db.session.query(Participation).count() == 0


@pytest.mark.one_database
def test_an_answered_post_stays(world: World, discussion_id: int) -> None:
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts/1"
    page = tina.submit(tina.get(path), f"{path}/delete")
    assert page.status == 422
    assert "Somebody has answered" in page.refusal
    assert world.totals().posts == 3


@pytest.mark.one_database
def test_a_post_whose_only_answer_is_deleted_can_be_deleted(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.tom, discussion_id, parent=1)
    act(world, world.cast.tom, discussion_id, 2, "delete")
    assert act(world, world.cast.tina, discussion_id, 1, "delete") == 303


@pytest.mark.one_database
def test_a_deleted_text_is_nowhere_not_even_for_its_author(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, f"Regretted {SECRET}")
    act(world, world.cast.tina, discussion_id, 1, "delete")
    for person in (world.cast.tina, world.cast.tom, world.cast.olga, world.cast.ada):
        browser = world.client_of(person)
        assert browser.get(f"/discussions/{discussion_id}/posts/1").status == 404
        for path in pages_with_posts(discussion_id):
            assert SECRET not in browser.get(path).source, (person.name, path)


@pytest.mark.one_database
def test_a_hidden_text_is_on_no_page_of_the_others(world: World, discussion_id: int) -> None:
    for person in (world.cast.tom, world.cast.omar):
        world.client_of(person).discussion(discussion_id)  # what is kept from before must not be shown either
    assert act(world, world.cast.olga, discussion_id, 1, "hide", reason="names a colleague") == 303
    for person in (world.cast.tom, world.cast.omar):
        browser = world.client_of(person)
        for path in pages_with_posts(discussion_id):
            source = browser.get(path).source
            assert SECRET not in source, (person.name, path)
            assert "names a colleague" not in source, (person.name, path)
        assert "This post is hidden." in browser.discussion(discussion_id).post(1).words


@pytest.mark.one_database
def test_author_and_staff_find_the_hidden_text_and_the_reason_on_its_own_page_only(
    world: World, discussion_id: int
) -> None:
    act(world, world.cast.olga, discussion_id, 1, "hide", reason="names a colleague")
    for person in (world.cast.tina, world.cast.ivan, world.cast.olga, world.cast.ada):
        browser = world.client_of(person)
        page = browser.get(f"/discussions/{discussion_id}/posts/1")
        assert SECRET in page.words
        assert "names a colleague" in page.words
        assert SECRET not in browser.discussion(discussion_id).source
        assert SECRET not in browser.get(f"/discussions/{discussion_id}/posts?since=0").source


def test_hiding_touches_that_post_only(world: World, discussion_id: int) -> None:
    act(world, world.cast.olga, discussion_id, 1, "hide", reason="off the subject")
    page = world.client_of(world.cast.tom).discussion(discussion_id)
    assert page.numbers == [1, 2, 3, 4]
    assert "Two words" in page.post(2).words
    totals = world.totals()
    # Tom's reply stays a reply; Tina has spoken no more.
    assert (totals.posts, totals.reflections, totals.replies, totals.participants) == (2, 1, 1, 1)


def test_restoring_brings_text_and_figures_back(world: World, discussion_id: int) -> None:
    before = world.totals()
    act(world, world.cast.olga, discussion_id, 1, "hide", reason="by mistake")
    assert world.totals() != before
    assert act(world, world.cast.ivan, discussion_id, 1, "restore") == 303
    assert world.totals() == before
    assert SECRET in world.client_of(world.cast.tom).discussion(discussion_id).post(1).words


@pytest.mark.one_database
def test_hiding_needs_a_reason(world: World, discussion_id: int) -> None:
    olga, path = world.client_of(world.cast.olga), f"/discussions/{discussion_id}/posts/1"
    page = olga.submit(olga.get(path), f"{path}/hide", reason="  ")
    assert page.status == 422
    assert "say why" in page.refusal
    assert world.totals().posts == 3


@pytest.mark.one_database
@pytest.mark.parametrize("verb", ["hide", "feature"])
def test_trainees_and_observers_neither_hide_nor_feature(world: World, discussion_id: int, verb: str) -> None:
    for person in (world.cast.tina, world.cast.tom, world.cast.omar):
        assert straight(world, person, discussion_id, 1, verb, reason="because") == 403, person.name


def test_a_comment_that_is_hidden_no_longer_covers_the_reflection(world: World, discussion_id: int) -> None:
    assert (world.totals().comments, world.totals().commented) == (1, 1)
    act(world, world.cast.olga, discussion_id, 3, "hide", reason="too sharp")
    assert (world.totals().comments, world.totals().commented) == (0, 0)


@pytest.mark.one_database
def test_featuring_marks_a_post_and_can_be_taken_back(world: World, discussion_id: int) -> None:
    tom = world.client_of(world.cast.tom)
    assert act(world, world.cast.ivan, discussion_id, 1, "feature") == 303
    article = tom.discussion(discussion_id).post(1)
    assert article.has(class_="is-featured")
    assert "Featured" in article.words
    assert act(world, world.cast.olga, discussion_id, 1, "unfeature") == 303
    assert not tom.discussion(discussion_id).post(1).has(class_="is-featured")
    assert world.totals().posts == 3


def test_every_change_takes_a_revision_and_stamps_the_post_with_it(world: World, discussion_id: int) -> None:
    assert revision(world, discussion_id) == 4
    changes = [
        ("olga", 1, "hide", {"reason": "x"}),
        ("olga", 1, "restore", {}),
        ("olga", 1, "feature", {}),
        ("olga", 1, "unfeature", {}),
        ("tina", 1, "edit", {"body": "anew"}),
        ("tom", 4, "delete", {}),
    ]
    for step, (name, number, verb, fields) in enumerate(changes, start=5):
        assert act(world, getattr(world.cast, name), discussion_id, number, verb, **fields) == 303
        assert revision(world, discussion_id) == step, verb
        with world.app.app_context():
            assert world.post(discussion_id, number).revision == step, verb

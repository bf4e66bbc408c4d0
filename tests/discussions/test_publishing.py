"""Publishing a post: its number, its place, its role, once only; what is refused keeps the text."""

from datetime import timedelta

import pytest

from forum.classes.models import Role
from forum.classes.operations import correct_enrolment, withdraw_enrolment
from forum.classes.queries import get_enrolment
from forum.db import db
from forum.discussions.models import Discussion
from tests.cast import NOW, Person, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

TEXT = 'My "own" words,\nover <two> lines & more'


def facts(world: World, discussion_id: int, number: int) -> dict[str, object]:
    with world.app.app_context():
        post = world.post(discussion_id, number)
        return {
            "parent": post.parent.number if post.parent else None,
            "is_root": post.root_id is None,
            "depth": post.depth,
            "role": post.role.value,
            "revision": post.revision,
            "late": post.late,
            "at": post.created_at,
            "body": post.body,
        }


def counters(world: World, discussion_id: int) -> tuple[int, int]:
    with world.app.app_context():
        discussion = db.session.get_one(Discussion, discussion_id)
        return discussion.last_number, discussion.revision


def kept_text(page: Page, discussion_id: int) -> str:
    return page.form(f"/discussions/{discussion_id}/posts").fields["body"]


def test_posts_are_numbered_in_the_order_in_which_they_come(world: World) -> None:
    discussion_id, other = world.discussion(), world.discussion("Another lecture")
    tina, tom = world.client_of(world.cast.tina), world.client_of(world.cast.tom)
    assert tina.publish(discussion_id, TEXT).headers["Location"] == f"/discussions/{discussion_id}?show=1#post-1"
    assert tom.publish(discussion_id, "Second").headers["Location"] == f"/discussions/{discussion_id}?show=2#post-2"
    assert tina.publish(other, "First elsewhere").headers["Location"] == f"/discussions/{other}?show=1#post-1"
    assert counters(world, discussion_id) == (2, 2)
    assert facts(world, discussion_id, 1) == {
        "parent": None, "is_root": True, "depth": 0, "role": "trainee", "revision": 1, "late": False, "at": NOW,
        "body": TEXT,
    }  # fmt: skip


def test_the_new_post_stands_on_the_page_that_follows(world: World) -> None:
    discussion_id = world.discussion()
    page = world.client_of(world.cast.tina).publish(discussion_id, "Words of *mine*", follow=True)
    article = page.post(1)
    assert "Words of mine" in article.words
    assert article.one("em").text == "mine"
    assert "Tina" in article.words
    assert "East" in article.words


def test_a_reply_stands_under_the_reflection_at_the_root(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "A reflection")
    tom, tina = world.client_of(world.cast.tom), world.client_of(world.cast.tina)
    assert tom.publish(discussion_id, "An answer", parent=1).status == 303
    assert tina.publish(discussion_id, "An answer to the answer", parent=2).status == 303
    assert (facts(world, discussion_id, 2)["parent"], facts(world, discussion_id, 2)["depth"]) == (1, 1)
    assert (facts(world, discussion_id, 3)["parent"], facts(world, discussion_id, 3)["depth"]) == (2, 2)
    with world.app.app_context():
        root = world.post(discussion_id, 1).id
        assert [world.post(discussion_id, number).root_id for number in (1, 2, 3)] == [None, root, root]
    thread = tina.discussion(discussion_id).one("div", id="thread-1")
    assert [article["data-number"] for article in thread.all("article")] == ["1", "2", "3"]
    assert "to #2 Tom" in thread.one("article", id="post-3").words


def test_what_an_instructor_writes_is_a_comment_and_looks_like_one(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    ivan = world.client_of(world.cast.ivan)
    assert ivan.publish(discussion_id, "Well observed", parent=1).status == 303
    assert facts(world, discussion_id, 2)["role"] == "instructor"
    comment = ivan.discussion(discussion_id).post(2)
    assert comment.has(class_="is-comment")
    assert comment.one("span", class_="label").words == "Comment"


def test_a_post_keeps_the_role_it_was_written_in(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    with world.inside():
        enrolment = get_enrolment(world.member(world.cast.tina), world.cast.spring.id)
        assert enrolment is not None
        correct_enrolment(enrolment, Role.INSTRUCTOR, enrolment.unit, enrolment.group)
    world.publish(world.cast.tina, discussion_id, "Now as a colleague")
    assert facts(world, discussion_id, 1)["role"] == "trainee"
    assert facts(world, discussion_id, 2)["role"] == "instructor"


def test_the_same_form_sent_twice_is_posted_once(world: World) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    first = tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    again = tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    assert [first.status, again.status] == [303, 303]
    assert again.headers["Location"] == first.headers["Location"]
    assert counters(world, discussion_id) == (1, 1)
    assert world.totals().posts == 1


def test_the_same_form_sent_again_after_the_closing_still_gives_the_first_post(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + timedelta(hours=1))
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    world.clock.advance(hours=2)
    assert tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT).status == 303


def test_the_same_form_with_another_text_is_refused_and_the_text_can_be_sent_anew(world: World) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    tina.submit(page, f"/discussions/{discussion_id}/posts", body="First")
    refused = tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    assert refused.status == 422
    assert "sent already" in refused.refusal
    assert kept_text(refused, discussion_id) == TEXT
    assert counters(world, discussion_id) == (1, 1)
    assert tina.submit(refused, f"/discussions/{discussion_id}/posts").status == 303
    assert facts(world, discussion_id, 2)["body"] == TEXT


def test_the_same_text_as_an_answer_to_another_post_is_not_the_same(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id)
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    tina.submit(page, f"/discussions/{discussion_id}/posts", body="Yes")
    assert tina.submit(page, f"/discussions/{discussion_id}/posts", body="Yes", parent="1").status == 422


def test_a_token_belongs_to_its_author(world: World) -> None:
    discussion_id = world.discussion()
    for person in (world.cast.tina, world.cast.tom):
        world.client_of(person).publish(discussion_id, "The same words", token="the-same-token")
    assert counters(world, discussion_id) == (2, 2)


def test_two_forms_without_a_token_make_two_posts(world: World) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    assert [tina.publish(discussion_id, "Again", token="").status for _ in range(2)] == [303, 303]
    assert counters(world, discussion_id)[0] == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [("", "write something"), (" \n\t　", "write something"), ("long " * 20001, "longer than a post can be")],
    ids=["empty", "blank", "too long"],
)
def test_a_text_that_is_no_post_is_refused(world: World, body: str, reason: str) -> None:
    discussion_id = world.discussion()
    page = world.client_of(world.cast.tina).publish(discussion_id, body)
    assert page.status == 422
    assert reason in page.refusal
    assert kept_text(page, discussion_id) == body
    assert counters(world, discussion_id) == (0, 0)


@pytest.mark.parametrize("parent", ["99", "0", "-1", "x", "1; DROP TABLE posts", "9" * 30])
def test_an_answer_to_no_post_is_refused_with_its_text(world: World, parent: str) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id)
    tina = world.client_of(world.cast.tina)
    page = tina.submit(tina.discussion(discussion_id), f"/discussions/{discussion_id}/posts", body=TEXT, parent=parent)
    assert page.status == 422
    assert kept_text(page, discussion_id) == TEXT


@pytest.mark.parametrize("verb", ["hide", "delete"])
def test_an_answer_to_a_post_that_went_meanwhile_is_refused_with_its_text(world: World, verb: str) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id, "Soon gone")
    tina = world.client_of(world.cast.tina)
    page = tina.get(f"/discussions/{discussion_id}/posts/1")
    who, arguments = (world.cast.olga, ["off the subject"]) if verb == "hide" else (world.cast.tom, [])
    world.change(verb, who, discussion_id, 1, *arguments)
    refused = tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    assert refused.status == 422
    assert "no longer there" in refused.refusal
    assert kept_text(refused, discussion_id) == TEXT
    assert counters(world, discussion_id)[0] == 1
    assert "Soon gone" not in refused.words


def test_a_number_is_never_used_twice_even_after_a_refusal(world: World) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    tina.publish(discussion_id, "One")
    tina.publish(discussion_id, "")
    tina.publish(discussion_id, "Two")
    assert tina.discussion(discussion_id).numbers == [1, 2]


def post_without_form(world: World, person: Person, discussion_id: int) -> int:
    return world.client_of(person).post(f"/discussions/{discussion_id}/posts", body=TEXT, parent="", token="t").status


def test_an_observer_reads_and_finds_no_composer_and_is_refused_if_one_posts_anyway(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    page = world.client_of(world.cast.omar).discussion(discussion_id)
    assert page.numbers == [1]
    assert not page.all("form", class_="composer")
    assert "You read along as an observer." in page.words
    assert post_without_form(world, world.cast.omar, discussion_id) == 403
    assert counters(world, discussion_id) == (1, 1)


def test_an_administrator_who_is_not_enrolled_reads_but_does_not_post(world: World) -> None:
    discussion_id = world.discussion()
    assert world.client_of(world.cast.ada).discussion(discussion_id).status == 200
    assert post_without_form(world, world.cast.ada, discussion_id) == 403


def test_who_withdrew_finds_the_discussion_gone(world: World) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    with world.inside():
        enrolment = get_enrolment(world.member(world.cast.tina), world.cast.spring.id)
        assert enrolment is not None
        withdraw_enrolment(enrolment)
    assert tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT).status == 404
    assert post_without_form(world, world.cast.wendy, discussion_id) == 404
    assert counters(world, discussion_id) == (0, 0)


def test_a_preview_shows_the_text_and_posts_nothing(world: World) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    preview = tina.submit(
        page, f"/discussions/{discussion_id}/posts", to=f"/discussions/{discussion_id}/preview", body="**Bold** words"
    )
    assert preview.one("section", class_="preview").one("strong").text == "Bold"
    assert kept_text(preview, discussion_id) == "**Bold** words"
    assert counters(world, discussion_id) == (0, 0)
    assert tina.submit(preview, f"/discussions/{discussion_id}/posts").status == 303

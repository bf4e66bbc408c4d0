"""Posting by script: the answer is the post as every page shows it, or in JSON the reason why not."""

import json
from typing import Any

from forum.db import db
from forum.discussions.models import Discussion
from forum.discussions.setup import close_discussion
from tests.cast import Browser, Person, World
from tests.pages import Page


class Answer(Page):
    @property
    def json(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.source)
        return answer


def send(browser: Browser, discussion_id: int, body: str = "A thought", **fields: str) -> Answer:
    data = {"csrf_token": browser.csrf_token(), "body": body, "parent": "", "token": "t", **fields}
    return Answer(browser.client.post(f"/discussions/{discussion_id}/posts", data=data, headers={"X-Fragment": "post"}))


def test_the_answer_is_the_post_as_the_page_shows_it(world: World, discussion_id: int, tina: Browser) -> None:
    world.publish(world.cast.tom, discussion_id)
    answer = send(tina, discussion_id, "I **agree**", parent="1")
    assert answer.status == 201
    assert (answer.headers["X-Post-Number"], answer.headers["X-Revision"]) == ("2", "2")
    assert answer.one("article")["id"] == "post-2"
    shown = tina.discussion(discussion_id).post(2)
    assert answer.one("article").words == shown.words
    assert answer.one("article").attributes == shown.attributes
    assert "<strong>agree</strong>" in answer.source
    assert "<html" not in answer.source


def test_the_post_comes_in_the_language_of_its_author(discussion_id: int, tina: Browser) -> None:
    tina.post("/language", language="zh")
    assert "回复" in send(tina, discussion_id).words


def test_sent_again_the_same_post_is_the_answer(world: World, discussion_id: int, tina: Browser) -> None:
    first = send(tina, discussion_id)
    world.publish(world.cast.tom, discussion_id)
    again = send(tina, discussion_id)
    assert again.status == 201
    assert [again.headers[name] for name in ("X-Post-Number", "X-Revision")] == ["1", "1"]
    assert again.source == first.source
    assert tina.discussion(discussion_id).numbers == [1, 2]


def test_another_text_with_the_same_token_is_refused(discussion_id: int, tina: Browser) -> None:
    send(tina, discussion_id)
    answer = send(tina, discussion_id, "Another thought")
    assert (answer.status, answer.json["can_answer"]) == (422, True)
    assert answer.json["refused"].startswith("This form has been sent already")


def test_a_closed_discussion_says_so(world: World, discussion_id: int, tina: Browser) -> None:
    with world.inside():
        close_discussion(db.session.get_one(Discussion, discussion_id))
    answer = send(tina, discussion_id)
    assert answer.status == 422
    assert answer.json["refused"] == "This discussion has closed, so your text was not posted. It is still here."


def test_where_only_the_answered_post_is_in_the_way_it_says_so(world: World, discussion_id: int, tina: Browser) -> None:
    world.publish(world.cast.tom, discussion_id)
    world.change("hide", world.cast.olga, discussion_id, 1, "twice")
    for parent in ("1", "7", "none"):
        answer = send(tina, discussion_id, parent=parent)
        assert (answer.status, answer.json["can_answer"]) == (422, False)
    assert send(tina, discussion_id).status == 201


def test_what_is_refused_changes_nothing(world: World, discussion_id: int, tina: Browser) -> None:
    assert send(tina, discussion_id, " ").json["refused"] == "Please write something first."
    assert world.totals().posts == 0


def test_without_a_session_it_says_where_to_sign_in(discussion_id: int, browser: Browser) -> None:
    answer = send(browser, discussion_id)
    assert (answer.status, answer.json["sign_in"]) == (401, "/sign-in")
    assert "kept on this device" in answer.json["refused"]


def test_a_token_that_ran_out_is_answered_with_a_new_one_and_whose_it_is(
    world: World, discussion_id: int, tina: Browser
) -> None:
    answer = send(tina, discussion_id, csrf_token="stale")
    assert (answer.status, answer.json["member"]) == (400, world.cast.tina.id)
    assert send(tina, discussion_id, csrf_token=answer.json["csrf_token"]).status == 201
    assert tina.discussion(discussion_id).numbers == [1]


def test_a_text_never_goes_out_under_another_name(world: World, discussion_id: int, tina: Browser) -> None:
    tom: Person = world.cast.tom
    answer = send(tina, discussion_id, "Tom's words", member=str(tom.id))
    assert answer.status == 409
    assert "written by somebody else" in answer.json["refused"]
    assert send(world.client_of(tom), discussion_id, "Tom's words", member=str(tom.id)).status == 201
    page = tina.discussion(discussion_id)
    assert (page.numbers, page.post(1)["data-author"]) == ([1], str(tom.id))


def test_who_may_not_post_and_who_sees_nothing_are_told_in_the_same_shape(world: World, discussion_id: int) -> None:
    observer = send(world.client_of(world.cast.omar), discussion_id)
    assert (observer.status, observer.json["refused"][:16]) == (403, "You can see this")
    stranger = send(world.client_of(world.cast.stella), discussion_id)
    assert (stranger.status, list(stranger.json)) == (404, ["refused"])


def test_another_site_learns_no_token(world: World, discussion_id: int, tina: Browser) -> None:
    """It cannot send the header without asking first, and is answered nothing; without it there is no JSON."""
    page = tina.client.post(f"/discussions/{discussion_id}/posts", data={"body": "planted", "csrf_token": "stale"})
    assert page.status_code == 422
    assert page.mimetype == "text/html"

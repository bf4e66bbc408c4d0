"""Whatever stops a text on its way, it comes back: to be sent again, or at least to be copied."""

import io

import pytest

from forum.classes.models import Role
from forum.classes.operations import correct_enrolment, withdraw_enrolment
from forum.classes.queries import get_enrolment
from tests.cast import Person, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

TEXT = '\nMy "own" words,\n第二行 <b>'
OWN = "It can be posted as a reflection of its own."


def become(world: World, person: Person, role: Role | None) -> None:
    """Another role in the class, or none."""
    with world.inside():
        enrolment = get_enrolment(world.member(person), world.cast.spring.id)
        assert enrolment is not None
        if role is None:
            withdraw_enrolment(enrolment)
        else:
            correct_enrolment(enrolment, role, enrolment.unit, enrolment.group)


def copied(page: Page) -> str:
    """From the read-only field of a page that can do no more."""
    assert "Your text, to copy" in page.words
    field = page.one("textarea", id="typed")
    assert "readonly" in field.attributes
    return field.text.replace("\r\n", "\n").removeprefix("\n")


@pytest.mark.parametrize(("role", "status"), [(Role.OBSERVER, 403), (None, 404)])
def test_who_may_post_no_more_gets_the_text_to_copy(world: World, role: Role | None, status: int) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    page = tina.discussion(discussion_id)
    become(world, world.cast.tina, role)
    refused = tina.submit(page, f"/discussions/{discussion_id}/posts", body=TEXT)
    assert refused.status == status
    assert copied(refused) == TEXT


@pytest.mark.parametrize(("verb", "status"), [("hide", 403), ("delete", 404)])
def test_an_edit_of_a_post_that_went_meanwhile_gives_the_text_to_copy(world: World, verb: str, status: int) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts/1"
    page = tina.get(path)
    who, arguments = (world.cast.olga, ["a reason"]) if verb == "hide" else (world.cast.tina, [])
    world.change(verb, who, discussion_id, 1, *arguments)
    refused = tina.submit(page, f"{path}/edit", body=TEXT)
    assert refused.status == status
    assert copied(refused) == TEXT


def test_a_post_hidden_at_the_very_moment_of_its_edit_keeps_the_text(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policy has allowed it, then the operation finds it hidden."""
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts/1"
    page = tina.get(path)
    world.change("hide", world.cast.olga, discussion_id, 1, "a reason")
    monkeypatch.setattr("forum.policy.can_edit", lambda _member, post: post.hidden_at is None or not asked)
    asked: list[int] = []
    monkeypatch.setattr("forum.discussions.views.require", lambda *_: asked.append(1))
    refused = tina.submit(page, f"{path}/edit", body=TEXT)
    assert refused.status == 422
    assert refused.form(f"{path}/edit").fields["body"] == TEXT


def test_an_error_page_repeats_nothing_that_another_site_sent(world: World) -> None:
    discussion_id = world.discussion()
    omar = world.client_of(world.cast.omar)
    fields = {"csrf_token": omar.csrf_token(), "body": "planted", "parent": "", "token": "t"}
    page = Page(omar.client.post(f"/discussions/{discussion_id}/posts", data=fields, headers={"Origin": "http://x"}))
    assert page.status == 403
    assert "planted" not in page.source


def test_the_text_to_copy_comes_in_both_languages(world: World) -> None:
    discussion_id = world.discussion()
    omar = world.client_of(world.cast.omar)
    omar.submit(omar.get("/"), "/language", language="zh")
    page = omar.post(f"/discussions/{discussion_id}/posts", body=TEXT, parent="", token="t")
    assert page.one("textarea", id="typed").text.removeprefix("\n").replace("\r\n", "\n") == TEXT
    assert "Your text, to copy" not in page.words


@pytest.mark.parametrize("parent", ["99", "x", "1\n", "１"])
def test_an_answer_that_has_nothing_to_answer_can_be_posted_by_itself(world: World, parent: str) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id)
    tina = world.client_of(world.cast.tina)
    path = f"/discussions/{discussion_id}/posts"
    refused = tina.submit(tina.discussion(discussion_id), path, body=TEXT, parent=parent)
    assert refused.status == 422
    assert OWN in refused.refusal
    assert refused.form(path).fields["parent"] == ""
    assert tina.submit(refused, path).status == 303
    with world.app.app_context():
        post = world.post(discussion_id, 2)
        assert (post.body, post.parent) == (TEXT, None)


def test_an_answer_before_ones_own_reflection_becomes_that_reflection(world: World) -> None:
    discussion_id = world.discussion(post_first=True)
    world.publish(world.cast.tom, discussion_id)
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts"
    refused = tina.post(path, body=TEXT, parent="1", token="t")
    assert refused.status == 422
    assert OWN in refused.refusal
    assert tina.submit(refused, path).status == 303


def test_what_stands_in_the_way_of_the_text_itself_leaves_the_answer_an_answer(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id)
    tina = world.client_of(world.cast.tina)
    refused = tina.publish(discussion_id, "", parent=1)
    assert refused.form(f"/discussions/{discussion_id}/posts").fields["parent"] == "1"
    assert OWN not in refused.refusal


@pytest.mark.parametrize("body", ["\u200b\u200d", "\ufeff", "\u2060\n\u00ad", "\u3164"])
def test_a_text_that_nobody_can_see_is_no_post(world: World, body: str) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts/1"
    assert tina.publish(discussion_id, body).status == 422
    assert tina.submit(tina.get(path), f"{path}/edit", body=body).status == 422


@pytest.mark.parametrize(("reason", "words"), [("x" * 501, "at most 500"), ("\u200b\u200b", "say why")])
def test_a_reason_that_will_not_do_comes_back(world: World, reason: str, words: str) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    olga, path = world.client_of(world.cast.olga), f"/discussions/{discussion_id}/posts/1"
    page = olga.submit(olga.get(path), f"{path}/hide", reason=reason)
    assert page.status == 422
    assert words in page.refusal
    assert page.form(f"{path}/hide").fields["reason"] == reason


def test_a_line_end_counts_once_however_the_browser_sends_it(world: World) -> None:
    discussion_id = world.discussion()
    tina = world.client_of(world.cast.tina)
    assert tina.publish(discussion_id, "a\n" * 49_999 + "ab").status == 303
    path = f"/discussions/{discussion_id}/posts/1"
    assert tina.submit(tina.get(path), f"{path}/edit", body="b\n" * 49_999 + "ab").status == 303


def test_a_form_whose_post_was_deleted_since_says_so_and_can_be_sent_anew(world: World) -> None:
    discussion_id = world.discussion()
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts"
    page = tina.discussion(discussion_id)
    tina.submit(page, path, body=TEXT)
    world.change("delete", world.cast.tina, discussion_id, 1)
    refused = tina.submit(page, path, body=TEXT)
    assert refused.status == 422
    assert "deleted it since" in refused.refusal
    assert tina.submit(refused, path).headers["Location"].endswith("#post-2")


def test_nul_and_files_in_the_place_of_the_text_do_no_harm(world: World) -> None:
    discussion_id = world.discussion()
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts"
    assert tina.publish(discussion_id, "\x00one\x00", token="t\x00").status == 303
    with world.app.app_context():
        assert world.post(discussion_id, 1).body == "one"
    fields = {"csrf_token": tina.csrf_token(), "parent": "", "token": "u"}
    answer = tina.client.post(path, data={**fields, "body": (io.BytesIO(b"x"), "x.txt")})
    assert answer.status_code == 422
    for slug in ("/classes/%00", "/classes/spring%00", "/classes/%00/figures", "/classes/%00/members"):
        assert tina.get(slug).status == 404


BOMB = ">" * 50 + "a" + ("\n\n" + ">" * 50 + "a") * 1800


@pytest.mark.parametrize(
    ("body", "words"), [(BOMB, "more tables or quotations"), ("a" * 100_001, "longer than"), ("", "write something")]
)
def test_a_text_that_would_fill_pages_is_neither_posted_nor_previewed(world: World, body: str, words: str) -> None:
    discussion_id = world.discussion()
    tina, path = world.client_of(world.cast.tina), f"/discussions/{discussion_id}/posts"
    page = tina.discussion(discussion_id)
    for to in (path, f"/discussions/{discussion_id}/preview"):
        refused = tina.submit(page, path, to=to, body=body)
        assert refused.status == 422
        assert words in refused.refusal
        assert refused.form(path).fields["body"] == body

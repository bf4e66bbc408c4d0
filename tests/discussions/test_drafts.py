"""A text under way: kept for its author, never over a newer one that was not seen, gone once it is posted."""

import json
from datetime import timedelta
from typing import Any

import pytest

from forum.db import db
from forum.discussions.drafts import drop_drafts_before
from forum.discussions.models import LONGEST_BODY, Discussion, Draft
from tests.cast import Browser, Person, World
from tests.discussions.test_pages import statements
from tests.pages import Page


def keep(browser: Browser, discussion_id: int, body: str, version: int = 0, parent: int | str = "", **more: str) -> Any:
    page = browser.post(
        f"/discussions/{discussion_id}/draft", body=body, version=str(version), parent=str(parent), **more
    )
    return page.status, json.loads(page.source)


def kept(browser: Browser, discussion_id: int, parent: int = 0) -> dict[str, Any]:
    page = browser.get(f"/discussions/{discussion_id}/draft?parent={parent}")
    assert page.status == 200
    answer: dict[str, Any] = json.loads(page.source)
    return answer


def hint(page: Page) -> str:
    return page.one("form", class_="composer")["data-draft-versions-value"]


def test_another_device_finds_the_text(world: World, discussion_id: int, tina: Browser) -> None:
    status, answer = keep(tina, discussion_id, "Half a thought\r\nand more")
    assert (status, answer["kept_at"]) == (200, "2026-03-02T01:00:00+00:00")
    phone = world.client_of(world.cast.tina)
    assert kept(phone, discussion_id) == {**answer, "body": "Half a thought\nand more"}
    assert kept(phone, discussion_id, 1) == {"version": 0, "kept_at": None, "body": ""}


def test_each_keeping_is_a_newer_version(world: World, discussion_id: int, tina: Browser) -> None:
    _, first = keep(tina, discussion_id, "One")
    world.clock.advance(seconds=5)
    _, second = keep(tina, discussion_id, "One, two", first["version"])
    assert second["version"] > first["version"]
    assert second["kept_at"] == "2026-03-02T01:00:05+00:00"
    assert keep(tina, discussion_id, "One, two", second["version"]) == (200, second)


def test_what_was_not_seen_is_not_overwritten(discussion_id: int, tina: Browser) -> None:
    _, first = keep(tina, discussion_id, "On the phone")
    for stale in (0, first["version"] - 1, first["version"] + 1):
        status, answer = keep(tina, discussion_id, "At the desk", stale)
        assert status == 409
        assert (answer["version"], answer["body"]) == (first["version"], "On the phone")
        assert answer["refused"] == "Another device has another text here."
    assert kept(tina, discussion_id)["body"] == "On the phone"
    assert keep(tina, discussion_id, "", 0)[0] == 409
    assert keep(tina, discussion_id, "On the phone", 0) == (200, first)


def test_an_empty_text_drops_it_and_the_next_is_newer_than_all_before(
    world: World, discussion_id: int, tina: Browser
) -> None:
    _, first = keep(tina, discussion_id, "One")
    _, second = keep(tina, discussion_id, "Two", first["version"])
    assert keep(tina, discussion_id, " \n", second["version"]) == (200, {"version": 0, "kept_at": None})
    assert kept(tina, discussion_id)["version"] == 0
    assert keep(tina, discussion_id, "", second["version"])[0] == 200
    world.clock.advance(seconds=30)
    assert keep(tina, discussion_id, "Three")[1]["version"] > second["version"]
    assert keep(tina, discussion_id, "Stale", second["version"])[0] == 409


def test_a_text_that_goes_on_from_a_dropped_draft_is_kept(discussion_id: int, tina: Browser) -> None:
    _, first = keep(tina, discussion_id, "One")
    keep(tina, discussion_id, "", first["version"])
    status, answer = keep(tina, discussion_id, "One and more", first["version"])
    assert status == 200
    assert answer["version"] > first["version"]


def test_each_person_and_each_answered_post_has_a_draft_of_its_own(
    world: World, discussion_id: int, tina: Browser
) -> None:
    world.publish(world.cast.tom, discussion_id)
    tom = world.client_of(world.cast.tom)
    keep(tina, discussion_id, "Tina's reflection")
    keep(tina, discussion_id, "Tina's reply", parent=1)
    keep(tom, discussion_id, "Tom's reflection")
    assert kept(tina, discussion_id)["body"] == "Tina's reflection"
    assert kept(tina, discussion_id, 1)["body"] == "Tina's reply"
    assert kept(tom, discussion_id)["body"] == "Tom's reflection"
    assert kept(tom, discussion_id, 1)["version"] == 0


@pytest.mark.parametrize("parent", ["2", "999999999"])
def test_there_is_no_draft_of_an_answer_to_no_post(
    world: World, discussion_id: int, tina: Browser, parent: str
) -> None:
    world.publish(world.cast.tom, discussion_id)
    assert keep(tina, discussion_id, "To nobody", parent=parent)[0] == 422


def test_a_draft_is_no_longer_than_a_post(discussion_id: int, tina: Browser) -> None:
    assert keep(tina, discussion_id, "x" * LONGEST_BODY)[0] == 200
    status, answer = keep(tina, discussion_id, "x" * (LONGEST_BODY + 1))
    assert status == 422
    assert answer["refused"].startswith("This text is longer")


def test_a_closed_discussion_still_keeps_what_is_typed(world: World, discussion_id: int, tina: Browser) -> None:
    world.archive()
    assert keep(tina, discussion_id, "Too late, but mine")[0] == 200


@pytest.mark.parametrize("name", ["omar", "ada"])
def test_who_may_not_post_has_no_draft(world: World, discussion_id: int, name: str) -> None:
    browser = world.client_of(getattr(world.cast, name))
    path = f"/discussions/{discussion_id}/draft"
    assert browser.get(path).status == 403
    assert browser.post(path, body="Mine").status == 403


def test_what_one_person_typed_is_never_kept_under_another_name(
    world: World, discussion_id: int, tina: Browser
) -> None:
    fields = {"body": "Tom's words", "member": str(world.cast.tom.id)}
    page = tina.post(f"/discussions/{discussion_id}/draft", **fields)
    assert page.status == 409
    assert "Tom's words" not in page.source
    assert kept(tina, discussion_id)["version"] == 0
    assert keep(tina, discussion_id, "My words", member=str(world.cast.tina.id))[0] == 200


def drafts_of(world: World, person: Person) -> list[str]:
    with world.app.app_context():
        return [draft.body for draft in db.session.query(Draft).filter_by(member_id=person.id)]


def test_posting_drops_the_draft_of_its_place_alone(world: World, discussion_id: int, tina: Browser) -> None:
    world.publish(world.cast.tom, discussion_id)
    _, draft = keep(tina, discussion_id, "A thought")
    keep(tina, discussion_id, "A reply", parent=1)
    tina.publish(discussion_id, "A thought, finished", draft=str(draft["version"]))
    assert drafts_of(world, world.cast.tina) == ["A reply"]
    tina.publish(discussion_id, "A reply", parent=1)
    assert drafts_of(world, world.cast.tina) == []


def test_posting_leaves_a_newer_text_of_another_device(world: World, discussion_id: int, tina: Browser) -> None:
    _, seen = keep(tina, discussion_id, "A thought")
    keep(tina, discussion_id, "The next thought", seen["version"])
    tina.publish(discussion_id, "A thought, finished", draft=str(seen["version"]))
    assert drafts_of(world, world.cast.tina) == ["The next thought"]


def test_a_refused_post_leaves_the_draft(world: World, discussion_id: int, tina: Browser) -> None:
    _, draft = keep(tina, discussion_id, "A thought")
    page = tina.discussion(discussion_id)
    world.archive()
    fields = {"body": "A thought", "draft": str(draft["version"])}
    assert tina.submit(page, f"/discussions/{discussion_id}/posts", **fields).status == 422
    assert drafts_of(world, world.cast.tina) == ["A thought"]


def test_drafts_go_with_their_discussion_and_stand_in_no_figure(
    world: World, discussion_id: int, tina: Browser
) -> None:
    before = world.totals()
    keep(tina, discussion_id, "A thought")
    assert world.totals() == before
    with world.inside():
        db.session.delete(db.session.get_one(Discussion, discussion_id))
    assert drafts_of(world, world.cast.tina) == []


def test_the_page_says_which_drafts_there_are_without_a_further_statement(
    world: World, discussion_id: int, tina: Browser
) -> None:
    world.publish(world.cast.tom, discussion_id)
    tina.discussion(discussion_id)
    with statements() as before:
        assert hint(tina.discussion(discussion_id)) == ""
    reflection, reply = (keep(tina, discussion_id, "A text", parent=parent)[1]["version"] for parent in ("", 1))
    with statements() as after:
        page = tina.discussion(discussion_id)
    assert sorted(hint(page).split()) == [f"0:{reflection}", f"1:{reply}"]
    assert len(after) == len(before)
    of_post = tina.get(f"/discussions/{discussion_id}/posts/1")
    assert sorted(hint(of_post).split()) == [f"0:{reflection}", f"1:{reply}"]
    assert hint(world.client_of(world.cast.olga).discussion(discussion_id)) == ""


def test_a_page_that_is_not_kept_says_it_too(world: World, discussion_id: int, tina: Browser) -> None:
    world.publish(world.cast.tina, discussion_id)
    version = keep(tina, discussion_id, "A text")[1]["version"]
    assert hint(tina.discussion(discussion_id, "?filter=mine")) == f"0:{version}"
    refused = tina.publish(discussion_id, " ")
    assert refused.status == 422
    assert hint(refused) == f"0:{version}"


def test_keeping_a_text_takes_few_statements(discussion_id: int, tina: Browser) -> None:
    keep(tina, discussion_id, "A text")
    token = tina.csrf_token()
    with statements() as sent:
        tina.client.post(f"/discussions/{discussion_id}/draft", data={"body": "More", "csrf_token": token})
    assert len(sent) <= 4, sent


def test_a_draft_that_nobody_came_back_to_is_dropped_one_day(world: World) -> None:
    old, new = world.discussion("Long ago"), world.discussion("Of today")
    tina = world.client_of(world.cast.tina)
    keep(tina, old, "Left alone")
    keep(tina, new, "Begun then")
    world.clock.advance(days=1)
    keep(tina, new, "Gone on with", kept(tina, new)["version"])
    moment = world.clock.now - timedelta(hours=1)
    with world.inside():
        drop_drafts_before(moment)
    assert [kept(tina, one).get("body") or "" for one in (old, new)] == ["", "Gone on with"]

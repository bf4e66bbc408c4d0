"""From when to when a discussion is open, as organisers say it: in the class's time zone, and what a closing means."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import NOW, World
from tests.discussions.setting_up import HOUR, LIST, add, edit, in_zone, press, the_discussion, window

pytestmark = pytest.mark.one_database


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("closes", "moment"),
    [
        ("2026-03-07T18:00", datetime(2026, 3, 7, 23, 0, tzinfo=UTC)),
        ("2026-03-08T18:00", datetime(2026, 3, 8, 22, 0, tzinfo=UTC)),
        ("2026-11-01T18:00", datetime(2026, 11, 1, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_window_is_that_of_the_zone_through_the_year(world: World, closes: str, moment: datetime) -> None:
    in_zone(world, "America/New_York")
    assert add(world, closes_at=closes).status == 303
    with world.app.app_context():
        assert the_discussion().closes_at == moment
        discussion_id = the_discussion().id
    page = world.client_of(world.cast.olga).get(f"/discussions/{discussion_id}/settings")
    assert page.form("/settings").fields["closes_at"] == closes


def test_what_is_left_as_it_was_stays_to_the_second(world: World) -> None:
    opens_at, closes_at = NOW - HOUR + timedelta(seconds=7), NOW + timedelta(seconds=42)
    discussion_id = world.discussion(opens_at=opens_at, closes_at=closes_at, prompt="\n  indented\n")
    assert edit(world, discussion_id, title="Another title").status == 303
    assert window(world, discussion_id) == (opens_at, closes_at, None)
    with world.app.app_context():
        assert the_discussion(discussion_id).prompt == "\n  indented\n"


def test_a_closed_discussion_changed_keeps_its_first_closing(world: World) -> None:
    discussion_id = world.discussion(opens_at=NOW - HOUR, closes_at=NOW + HOUR)
    world.publish(world.cast.tina, discussion_id)
    world.clock.advance(hours=2)
    assert edit(world, discussion_id, title="Only the title").status == 303
    assert edit(world, discussion_id, closes_at="2026-03-02T20:00").status == 303
    assert window(world, discussion_id)[1:] == (datetime(2026, 3, 2, 12, 0, tzinfo=UTC), NOW + HOUR)
    world.publish(world.cast.tom, discussion_id)
    with world.app.app_context():
        assert [world.post(discussion_id, number).late for number in (1, 2)] == [False, True]


def test_a_closing_time_is_moved_before_it_came_and_nothing_is_late(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    assert edit(world, discussion_id, closes_at="2026-03-02T20:00").status == 303
    world.clock.advance(hours=2)
    world.publish(world.cast.tina, discussion_id)
    with world.app.app_context():
        assert not world.post(discussion_id, 1).late


def test_a_closing_time_cannot_be_moved_into_the_past(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    page = edit(world, discussion_id, closes_at="2026-03-01T20:00")
    assert page.status == 422
    assert "has passed already" in page.one("main").words
    assert window(world, discussion_id) == (None, NOW + HOUR, None)


def test_a_discussion_that_was_never_open_has_no_first_closing(world: World) -> None:
    """A slip of the year, set right before anybody wrote."""
    discussion_id = world.discussion(closes_at=NOW - timedelta(days=365))
    assert edit(world, discussion_id, closes_at="2026-03-02T20:00").status == 303
    world.publish(world.cast.tina, discussion_id)
    with world.app.app_context():
        assert not world.post(discussion_id, 1).late


def test_opened_now_it_keeps_the_closing_that_was_planned(world: World) -> None:
    discussion_id = world.discussion(opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
    assert press(world, "open", discussion_id).status == 303
    assert window(world, discussion_id) == (NOW, NOW + 2 * HOUR, None)
    tina = world.client_of(world.cast.tina)
    assert tina.publish(discussion_id, "At once").status == 303


def test_opened_until_a_time_or_without_one(world: World) -> None:
    discussion_id = world.discussion(opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
    olga, path = world.client_of(world.cast.olga), f"/discussions/{discussion_id}/open"
    page = olga.get(LIST)
    assert page.form(path).fields["closes_at"] == "2026-03-02T11:00"
    assert olga.submit(page, path, closes_at="2026-03-02T09:30").status == 303
    assert window(world, discussion_id) == (NOW, NOW + HOUR / 2, None)
    assert press(world, "open", discussion_id, closes_at="").status == 303
    assert window(world, discussion_id)[1] is None


def test_closed_and_opened_again_makes_late(world: World) -> None:
    discussion_id = world.discussion()
    olga, path = world.client_of(world.cast.olga), f"/discussions/{discussion_id}"
    tina = world.client_of(world.cast.tina)
    writing = tina.discussion(discussion_id)
    assert olga.submit(olga.get(LIST), f"{path}/close").status == 303
    refused = tina.submit(writing, f"{path}/posts", body="Kept words")
    assert refused.status == 422
    assert refused.form(f"{path}/posts").fields["body"] == "Kept words"
    world.clock.advance(minutes=10)
    page = olga.get(LIST)
    assert "What is written from now on is late." in page.words
    assert olga.submit(page, f"{path}/open", closes_at="2026-03-02T18:00").status == 303
    assert window(world, discussion_id)[2] == NOW
    assert "Late" in tina.submit(refused, f"{path}/posts", follow=True).post(1).words


@pytest.mark.parametrize(("minutes", "hours"), [("15", 0.25), ("30", 0.5), ("60", 1), ("1440", 24)])
def test_extended_by_a_button(world: World, minutes: str, hours: float) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    assert press(world, "extend", discussion_id, minutes=minutes).status == 303
    assert window(world, discussion_id)[1:] == (NOW + HOUR + timedelta(hours=hours), None)


def test_extended_to_a_time(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    path = f"/discussions/{discussion_id}/extend"
    olga = world.client_of(world.cast.olga)
    page = [form for form in olga.get(LIST).forms if form.action == path and "closes_at" in form.fields]
    assert page[0].fields["closes_at"] == "2026-03-02T10:00"
    assert press(world, "extend", discussion_id, closes_at="2026-03-02T12:15").status == 303
    assert window(world, discussion_id)[1] == datetime(2026, 3, 2, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("verb", "fields", "words"),
    [
        ("close", {}, "The discussion is not open."),
        ("open", {"closes_at": "2026-03-02T08:59"}, "has passed already"),
        ("open", {"closes_at": "x" * 40}, "a day and a time like"),
        ("extend", {"closes_at": "2026-03-02T10:30"}, "The discussion is not open."),
        ("extend", {"minutes": "16"}, "Please say until when."),
        ("extend", {}, "Please say until when."),
    ],
)
def test_what_cannot_be_done_to_a_window_is_refused_beside_it(
    world: World, verb: str, fields: dict[str, str], words: str
) -> None:
    """At nine in the morning of the class, of a discussion from ten until eleven."""
    other = world.discussion("Another")
    discussion_id = world.discussion(opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
    page = press(world, verb, discussion_id, **fields)
    assert page.status == 422
    assert words in page.one("li", id=f"discussion-{discussion_id}").words
    assert not page.one("li", id=f"discussion-{other}").all("p", class_="refusal")
    if "closes_at" in fields:
        assert fields["closes_at"] in [form.fields.get("closes_at") for form in page.forms]
    assert window(world, discussion_id) == (NOW + HOUR, NOW + 2 * HOUR, None)


@pytest.mark.parametrize(
    ("closes_at", "words"),
    [("2026-03-02T08:59", "has passed already"), ("2026-03-02T09:30", "open longer than that already")],
)
def test_extending_makes_nothing_shorter(world: World, closes_at: str, words: str) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    page = press(world, "extend", discussion_id, closes_at=closes_at)
    assert page.status == 422
    assert words in page.one("li", id=f"discussion-{discussion_id}").words
    assert window(world, discussion_id)[1] == NOW + HOUR


def test_without_a_closing_time_there_is_nothing_to_extend(world: World) -> None:
    page = press(world, "extend", world.discussion(), minutes="15")
    assert page.status == 422
    assert "has no closing time" in page.words


def test_in_an_archived_class_nothing_opens(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    world.archive()
    for verb in ("open", "extend"):
        page = press(world, verb, discussion_id, minutes="15")
        assert page.status == 422
        assert "The class is archived" in page.words


def test_each_change_raises_the_revision(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    revisions = []
    for change in (
        lambda: edit(world, discussion_id, title="Anew"),
        lambda: press(world, "extend", discussion_id, minutes="15"),
        lambda: press(world, "close", discussion_id),
        lambda: press(world, "open", discussion_id),
    ):
        assert change().status == 303
        with world.app.app_context():
            revisions.append(the_discussion(discussion_id).revision)
    assert revisions == [1, 2, 3, 4]

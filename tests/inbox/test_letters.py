"""Mail: what is due at a person's hour, sent once, through a real mail server; and the way out of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from forum.administration.operations import close_account
from forum.db import db
from forum.inbox import digest
from forum.jobs import send_letters
from forum.members.models import Member
from forum.notifications.models import Kind, Notification
from forum.notifications.operations import choose
from tests.cast import Person, World
from tests.inbox.post_office import PostOffice
from tests.inbox.test_notifications import withdraw


@pytest.fixture
def office(world: World) -> Iterator[PostOffice]:
    """The forum's mail server. It is 09:00 in Shanghai, an hour after the usual hour of mail."""
    office, kept = PostOffice(), world.app.extensions["settings"]
    changed = {"mail_url": office.open(), "mail_from": "forum@example.org", "base_url": "https://forum.example.org"}
    world.app.extensions["settings"] = replace(kept, **changed)
    yield office
    world.app.extensions["settings"] = kept
    office.close()


@pytest.fixture
def discussion_id(world: World) -> int:
    """Tina's reflection is #1."""
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "My thought")
    return discussion_id


def post_round(world: World) -> None:
    with world.app.app_context():
        send_letters()


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def want_mail(world: World, person: Person, hour: int | None, zone: str = "Asia/Shanghai") -> None:
    with world.inside():
        choose(world.member(person), set(Kind), hour, zone)


def test_a_day_s_news_goes_out_in_one_letter_at_the_usual_hour(
    world: World, office: PostOffice, discussion_id: int
) -> None:
    world.publish(world.cast.tom, discussion_id, "I *agree*", 1)
    world.publish(world.cast.ivan, discussion_id, "Well said", 1)
    world.clock.advance(hours=22)
    post_round(world)
    assert office.letters == [], "before eight nothing goes out"
    world.clock.advance(hours=1)
    post_round(world)
    post_round(world)
    assert [letter["To"] for letter in office.letters] == ["Tina <tina@example.org>"]
    letter = office.letters[0]
    assert (letter["Subject"], letter["From"]) == ("2 notifications", "Training Forum <forum@example.org>")
    assert re.search(rb"^List-Unsubscribe: <https://forum\.example\.org/\S+>\r?$", office.raw[0], re.M)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert "Tom replied below your post #1" in text_of(letter, kind)
        assert f"https://forum.example.org/discussions/{discussion_id}?show=3#post-3" in text_of(letter, kind)
    assert "I agree" in text_of(letter)


def test_each_has_an_hour_and_a_time_zone_of_their_own(world: World, office: PostOffice, discussion_id: int) -> None:
    cast = world.cast
    number = world.publish(cast.tom, discussion_id, "I agree", 1)
    world.publish(cast.tina, discussion_id, "Thanks", number)
    want_mail(world, cast.tina, 3, "Europe/Berlin")
    want_mail(world, cast.tom, None)
    world.clock.advance(minutes=59)
    post_round(world)
    assert office.letters == []
    world.clock.advance(minutes=1)
    post_round(world)
    assert [letter["To"] for letter in office.letters] == ["Tina <tina@example.org>"]
    world.clock.advance(days=1)
    post_round(world)
    assert len(office.letters) == 1, "Tom wants no mail, and Tina has nothing new"


@pytest.mark.one_database
def test_in_the_language_of_who_gets_it(world: World, office: PostOffice, discussion_id: int) -> None:
    with world.inside():
        db.session.get_one(Member, world.cast.tina.id).locale = "zh"
    world.publish(world.cast.tom, discussion_id, "同意", 1)
    world.clock.advance(days=1)
    post_round(world)
    assert "研修论坛" in office.letters[0]["From"]
    assert "同意" in text_of(office.letters[0])
    assert 'lang="zh-CN"' in text_of(office.letters[0], "html")


@pytest.mark.one_database
def test_what_was_read_hidden_or_lost_is_in_no_letter(world: World, office: PostOffice, discussion_id: int) -> None:
    cast = world.cast
    world.publish(cast.tom, discussion_id, "Read already", 1)
    world.client_of(cast.tina).post("/notifications/read")
    number = world.publish(cast.tom, discussion_id, "Off the subject", 1)
    world.change("hide", cast.olga, discussion_id, number, "off the subject")
    other = world.publish(cast.tom, discussion_id, "Mine")
    world.publish(cast.tina, discussion_id, "I agree", other)
    withdraw(world, cast.tom)
    world.clock.advance(days=1)
    post_round(world)
    assert office.letters == []


@pytest.mark.one_database
def test_a_reminder_goes_out_at_once(world: World, office: PostOffice, discussion_id: int) -> None:
    world.client_of(world.cast.ivan).post(f"/discussions/{discussion_id}/remind")
    post_round(world)
    assert [letter["Subject"] for letter in office.letters] == ["Ivan asks for your reflection: “The first lecture”"]
    assert office.letters[0]["To"] == "Tom <tom@example.org>"


@pytest.mark.one_database
def test_a_server_that_takes_nothing_is_tried_again_and_a_bad_address_is_not(
    world: World, office: PostOffice, discussion_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    world.client_of(world.cast.ivan).post(f"/discussions/{discussion_id}/remind")
    office.is_full = True
    post_round(world)
    assert office.letters == []
    office.is_full = False
    post_round(world)
    assert len(office.letters) == 1
    world.clock.advance(days=1)
    office.refuses = {"tom@example.org"}
    world.client_of(world.cast.ivan).post(f"/discussions/{discussion_id}/remind")
    post_round(world)
    post_round(world)
    assert len(office.letters) == 1
    said = [record.message for record in caplog.records]
    assert len([one for one in said if one.startswith("No mail goes to member")]) == 1


@pytest.mark.one_database
def test_an_address_that_no_letter_can_bear_holds_up_nobody(
    world: World, office: PostOffice, discussion_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    with world.inside():
        db.session.get_one(Member, world.cast.tom.id).email = "汤姆@example.org"
    number = world.publish(world.cast.tom, discussion_id, "I agree", 1)
    world.publish(world.cast.tina, discussion_id, "Thanks", number)
    world.clock.advance(days=1)
    post_round(world)
    post_round(world)
    assert [letter["To"] for letter in office.letters] == ["Tina <tina@example.org>"]
    assert len(caplog.records) == 1


@pytest.mark.one_database
def test_where_no_server_answers_nothing_is_lost(world: World, office: PostOffice, discussion_id: int) -> None:
    world.client_of(world.cast.ivan).post(f"/discussions/{discussion_id}/remind")
    address = world.app.extensions["settings"].mail_url
    world.app.extensions["settings"] = replace(world.app.extensions["settings"], mail_url="smtp://127.0.0.1:1")
    post_round(world)
    world.app.extensions["settings"] = replace(world.app.extensions["settings"], mail_url=address)
    post_round(world)
    assert len(office.letters) == 1


def test_what_one_process_has_claimed_another_does_not_send(world: World, discussion_id: int) -> None:
    world.publish(world.cast.tom, discussion_id, "I agree", 1)
    now = world.clock.advance(days=1)
    with world.inside():
        first, second = (digest.claim(world.cast.tina.id, now) for _turn in range(2))
        assert (len(first), second) == (1, [])
    with world.app.app_context():
        assert db.session.query(Notification).one().mailed_at == now
        assert digest.due(now) == []


@pytest.mark.one_database
def test_the_way_out_takes_one_click_and_no_signing_in(world: World, office: PostOffice, discussion_id: int) -> None:
    world.client_of(world.cast.ivan).post(f"/discussions/{discussion_id}/remind")
    post_round(world)
    way = office.letters[0]["List-Unsubscribe"].strip("<>").removeprefix("https://forum.example.org")
    client = world.app.test_client()
    asked = client.get(way)
    assert asked.status_code == 200
    world.clock.advance(days=1)
    world.client_of(world.cast.ivan).post(f"/discussions/{discussion_id}/remind")
    post_round(world)
    assert len(office.letters) == 2, "looking at the page changes nothing"
    answer = client.post(way, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "No more mail goes to tom@example.org" in answer.get_data(as_text=True)
    world.clock.advance(days=1)
    world.client_of(world.cast.ivan).post(f"/discussions/{discussion_id}/remind")
    post_round(world)
    assert len(office.letters) == 2
    assert client.post(way[:-1] + "_").status_code == 404
    assert client.get("/notifications/unsubscribe/guess").status_code == 404


@pytest.mark.parametrize(
    ("hour", "zone", "now", "passed"),
    [
        (8, "Asia/Shanghai", (2026, 3, 2, 0, 0), (2026, 3, 2, 0, 0)),
        (8, "Asia/Shanghai", (2026, 3, 1, 23, 59), (2026, 3, 1, 0, 0)),
        (2, "Europe/Berlin", (2026, 3, 29, 1, 30), (2026, 3, 29, 1, 0)),
        (23, "-05:00", (2026, 3, 2, 3, 0), (2026, 3, 1, 4, 0)),
    ],
)
def test_when_an_hour_struck_last(hour: int, zone: str, now: tuple[int, ...], passed: tuple[int, ...]) -> None:
    """On the day on which the clocks skip it, at the hour that stands in its place."""
    moment = datetime(*now, tzinfo=UTC)  # type: ignore[arg-type]
    assert digest.hour_last_passed(hour, zone, moment) == datetime(*passed, tzinfo=UTC)  # type: ignore[arg-type]


def test_a_closed_account_is_told_nothing_and_gets_no_letter(
    world: World, office: PostOffice, discussion_id: int
) -> None:
    cast = world.cast
    world.publish(cast.tom, discussion_id, "Before", 1)
    with world.inside():
        close_account(world.member(cast.tina))
    world.publish(cast.tom, discussion_id, "After", 1)
    world.clock.advance(hours=23)
    post_round(world)
    assert office.letters == []
    with world.inside():
        told = db.session.query(Notification).filter_by(member_id=cast.tina.id).all()
        assert len(told) == 1

"""The code in the room: new each minute, good for three; who scans it is asked once and is down."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from forum.attendance import codes
from tests.attendance.conftest import Meeting
from tests.cast import NOW, Browser, World
from tests.pages import Page

pytestmark = pytest.mark.one_database


def code(world: World, meeting: Meeting) -> str:
    """The address in the code as the screen shows it now."""
    return f"/check-in/{codes.code_for(meeting.id, world.clock.now, world.app.config['SECRET_KEY'])}"


def scan(world: World, meeting: Meeting, name: str = "tina") -> Page:
    return world.client_of(getattr(world.cast, name)).get(code(world, meeting))


def press(browser: Browser, page: Page) -> Page:
    return browser.submit(page, page.path, follow=True)


def test_who_scans_and_says_so_is_down_and_twice_does_no_harm(world: World, meeting: Meeting) -> None:
    tina = world.client_of(world.cast.tina)
    page = tina.get(code(world, meeting))
    assert page.status == 200
    assert meeting.down() == {}, "to look is not to check in"
    done = press(tina, page)
    assert "You are checked in, Tina." in done.words
    assert meeting.down() == {"Tina": ("trainee", "code", 0)}
    world.clock.advance(minutes=7)
    again = press(tina, page)
    assert "You are checked in, Tina. Since 09:00." in again.words
    assert meeting.down() == {"Tina": ("trainee", "code", 0)}
    assert (
        "Checked in by the code, 2 Mar, 09:00."
        in world.client_of(world.cast.ivan).get(f"{meeting.path}/{world.cast.tina.id}").words
    )


def test_the_code_changes_each_minute_and_is_good_for_three(world: World, meeting: Meeting) -> None:
    first = code(world, meeting)
    world.clock.advance(seconds=59)
    assert code(world, meeting) == first
    world.clock.advance(seconds=1)
    assert code(world, meeting) != first
    tom = world.client_of(world.cast.tom)
    world.clock.advance(seconds=119)
    assert tom.get(first).status == 200
    world.clock.advance(seconds=1)
    old = world.client_of(world.cast.tina).get(first)
    assert old.status == 410
    assert "This code is too old." in old.refusal
    assert world.client_of(world.cast.tina).post(first).status == 410
    assert meeting.down() == {}
    assert press(tom, tom.get(first)).status == 200, "he had scanned it while it was good"
    assert list(meeting.down()) == ["Tom"]


def test_signing_in_may_take_longer_than_the_code_is_good(world: World, meeting: Meeting, browser: Browser) -> None:
    address = code(world, meeting)
    door = browser.get(address)
    assert door.headers["Location"].startswith("/sign-in?next=/check-in/")
    world.clock.advance(minutes=10)
    page = browser.submit(
        browser.get(door.headers["Location"]), "/sign-in", email=world.cast.tina.email,
        password="correct horse battery", follow=True,
    )  # fmt: skip
    assert "Checking in as Tina." in page.words
    press(browser, page)
    assert list(meeting.down()) == ["Tina"]
    assert world.client_of(world.cast.tom).get(address).status == 410, "the address alone is of no use elsewhere"


def test_a_pass_is_for_one_activity_and_ends(world: World, meeting: Meeting) -> None:
    other = Meeting(world)
    tina = world.client_of(world.cast.tina)
    address, elsewhere = code(world, meeting), code(world, other)
    assert tina.get(address).status == 200
    world.clock.advance(minutes=4)
    assert tina.get(elsewhere).status == 410
    assert tina.get(address).status == 200
    world.clock.advance(minutes=17)
    assert tina.get(address).status == 410


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda world: Meeting(world, NOW + timedelta(minutes=61)), "opens an hour before"),
        (lambda world: Meeting(world, NOW - timedelta(hours=2)), "has closed"),
        (lambda world: Meeting(world, NOW - timedelta(hours=10), hours=0), "has closed"),
        (lambda world: Meeting(world, None), "not fixed yet"),
    ],
)
def test_outside_its_hours_there_is_no_check_in(world: World, make: Callable[[World], Meeting], says: str) -> None:
    meeting = make(world)
    page = scan(world, meeting)
    assert (page.status, page.all("button", class_="is-large")) == (422, [])
    assert says in page.refusal
    assert world.client_of(world.cast.tina).post(code(world, meeting)).status == 422
    assert meeting.down() == {}
    screen = world.client_of(world.cast.olga).get(meeting.code_path)
    assert says in screen.words
    assert screen.all("svg") == []


def test_without_an_end_it_is_open_until_the_day_is_over(world: World) -> None:
    meeting = Meeting(world, NOW - timedelta(hours=8), hours=0)
    assert scan(world, meeting).status == 200
    world.clock.advance(hours=15, minutes=1)
    assert scan(world, meeting).status == 422


def test_an_archived_class_takes_nobody_in(world: World, meeting: Meeting) -> None:
    page = scan(world, meeting)
    world.archive()
    assert "archived" in world.client_of(world.cast.tina).post(page.path).refusal
    assert meeting.down() == {}


def test_who_may_check_in(world: World, meeting: Meeting) -> None:
    for name, status in {"omar": 200, "olga": 200, "ada": 403, "stella": 404, "wendy": 404}.items():
        assert scan(world, meeting, name).status == status, name
        browser = world.client_of(getattr(world.cast, name))
        assert browser.post(code(world, meeting)).status == (303 if status == 200 else status), name
    assert meeting.down() == {"Omar": ("observer", "code", 0), "Olga": ("instructor", "code", 0)}


def test_no_code_is_made_up(world: World, meeting: Meeting) -> None:
    signed = code(world, meeting)
    for guess in ("/check-in/guess", signed[:-1] + ("A" if signed[-1] != "A" else "B"), f"/check-in/{meeting.id}.1.x"):
        assert world.client_of(world.cast.tina).get(guess).status == 404
        assert world.client_of(world.cast.tina).post(guess).status == 404


def test_the_screen_shows_the_code_and_how_many_have_come(world: World, meeting: Meeting) -> None:
    olga = world.client_of(world.cast.olga)
    page = olga.get(meeting.code_path)
    assert page.one("svg", class_="qr")
    assert "0of 2 trainees are there" in page.words
    tina = world.client_of(world.cast.tina)
    press(tina, tina.get(code(world, meeting)))
    assert "1of 2 trainees are there" in olga.get(meeting.code_path).words

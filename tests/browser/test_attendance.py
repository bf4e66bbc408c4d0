"""The list kept on a phone in the room, and the code that a phone scans."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from forum import clock
from forum.attendance import codes
from forum.attendance.models import Attendance, Speech
from forum.attendance.operations import Ticks, record_roll
from forum.classes.models import Activity, ActivityKind, TrainingClass
from forum.classes.programme import add_activity
from forum.db import commit, db
from forum.members.models import Member
from tests.browser.conftest import Site, Visitor
from tests.cast import PASSWORD, Person

pytestmark = pytest.mark.browser


class Meeting:
    def __init__(self, site: Site) -> None:
        self.site = site
        with site.app.app_context():
            activity = add_activity(
                self.spring(), ActivityKind.TALK, "In the room", starts_at=clock.now() - timedelta(minutes=5)
            )
            commit()
            self.id = activity.id
        self.path = f"/classes/spring/activities/{self.id}/attendance"

    def spring(self) -> TrainingClass:
        return db.session.query(TrainingClass).filter_by(slug="spring").one()

    def record(self, person: Person) -> None:
        """By somebody else, elsewhere."""
        with self.site.app.app_context():
            recorder = db.session.get_one(Member, self.site.cast.olga.id)
            activity = db.session.get_one(Activity, self.id)
            record_roll(recorder, self.spring(), activity, Ticks(present={person.id}))
            commit()

    def down(self) -> dict[int, int]:
        """Who is there, and how often they spoke."""
        with self.site.app.app_context():
            there = [row.member_id for row in db.session.query(Attendance).filter_by(activity_id=self.id)]
            speeches = [row.member_id for row in db.session.query(Speech).filter_by(activity_id=self.id)]
            return {member_id: speeches.count(member_id) for member_id in there}


@pytest.fixture
def meeting(site: Site) -> Meeting:
    return Meeting(site)


def box(visitor: Visitor, name: str, person: Person) -> Any:
    return visitor.page.locator(f"input[name={name}][value='{person.id}']")


def tap(visitor: Visitor, name: str, person: Person) -> None:
    """And wait until it is saved."""
    with visitor.page.expect_response(lambda answer: answer.request.method == "POST"):
        box(visitor, name, person).locator("xpath=..").click()


def test_a_tap_saves_counts_and_can_be_undone(site: Site, visit: Callable[..., Visitor], meeting: Meeting) -> None:
    cast, ivan = site.cast, visit(width=390, height=844)
    ivan.sign_in(cast.ivan)
    ivan.go(meeting.path)
    assert not ivan.page.get_by_role("button", name="Save the list").is_visible()
    tap(ivan, "spoke", cast.tina)
    said = ivan.page.locator(".roll-said")
    said.get_by_text("Tina: spoke").wait_for()
    assert meeting.down() == {cast.tina.id: 1}
    assert box(ivan, "present", cast.tina).is_checked(), "who spoke is there"
    ivan.page.locator(".roll-totals").get_by_text("of 2 trainees are there").wait_for()
    assert ivan.page.locator(".roll-totals b").all_text_contents() == ["1", "1"]
    with ivan.page.expect_response(lambda answer: answer.request.method == "POST"):
        said.get_by_role("button", name="Undo").click()
    said.get_by_text("Tina: not spoke").wait_for()
    assert meeting.down() == {cast.tina.id: 0}
    assert ivan.complaints == []


def test_what_others_tick_comes_in_and_what_is_refused_goes_back(
    site: Site, visit: Callable[..., Visitor], meeting: Meeting
) -> None:
    cast, ivan = site.cast, visit(width=390, height=844)
    ivan.sign_in(cast.ivan)
    ivan.page.clock.install()
    ivan.go(meeting.path)
    meeting.record(cast.tom)
    with ivan.page.expect_response(lambda answer: "fragment=state" in answer.url):
        ivan.page.clock.run_for(10_000)
    ivan.page.wait_for_function(f"document.querySelector('input[name=present][value=\"{cast.tom.id}\"]').checked")
    tap(ivan, "spoke", cast.tom)
    ivan.page.locator(".roll-said").get_by_text("Tom: spoke").wait_for()
    tap(ivan, "present", cast.tom)
    ivan.page.locator(".roll-said").get_by_text("Tom spoke, and so was there.").wait_for()
    assert box(ivan, "present", cast.tom).is_checked()
    ivan.page.context.set_offline(True)
    box(ivan, "present", cast.tina).locator("xpath=..").click()
    ivan.page.locator(".roll-said").get_by_text("Not saved: no connection.").wait_for()
    assert not box(ivan, "present", cast.tina).is_checked()
    assert meeting.down() == {cast.tom.id: 1}


def test_somebody_is_found_by_pinyin_or_unit_while_typing(
    site: Site, visit: Callable[..., Visitor], meeting: Meeting
) -> None:
    ivan = visit(width=390, height=844)
    ivan.sign_in(site.cast.ivan)
    ivan.go(meeting.path)
    ivan.page.get_by_label("Name, pinyin, unit or position").fill("east")
    assert [name.strip() for name in ivan.page.locator(".roll-person:visible .roll-name a").all_text_contents()] == [
        "Tina"
    ]


def test_without_script_the_list_is_one_form(site: Site, visit: Callable[..., Visitor], meeting: Meeting) -> None:
    ivan = visit(javascript=False, width=390, height=844)
    ivan.sign_in(site.cast.ivan)
    ivan.go(meeting.path)
    box(ivan, "present", site.cast.tom).check()
    box(ivan, "spoke", site.cast.tina).check()
    ivan.page.get_by_role("button", name="Save the list").click()
    ivan.page.get_by_text("The list is saved.").wait_for()
    assert meeting.down() == {site.cast.tom.id: 0, site.cast.tina.id: 1}


def test_the_screen_counts_who_comes_in_from_the_door_by_their_phones(
    site: Site, visit: Callable[..., Visitor], meeting: Meeting
) -> None:
    cast, screen, phone = site.cast, visit(), visit(width=390, height=844)
    screen.sign_in(cast.olga)
    screen.page.clock.install()
    screen.go(f"/classes/spring/activities/{meeting.id}/check-in")
    screen.page.locator("svg.qr").wait_for()
    phone.go(f"/check-in/{codes.code_for(meeting.id, clock.now(), site.app.config['SECRET_KEY'])}")
    phone.page.get_by_label("E-mail or phone number").fill(cast.tom.email)
    phone.page.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign in").click()
    phone.page.get_by_role("button", name="I am here").click()
    phone.page.get_by_text("You are checked in, Tom.").wait_for()
    assert meeting.down() == {cast.tom.id: 0}
    screen.page.clock.run_for(8_000)
    screen.page.locator(".figure b").get_by_text("1", exact=True).wait_for()
    assert phone.complaints == screen.complaints == []

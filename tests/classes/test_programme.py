"""The programme as organisers write it: days and times of the class's zone, and links that lead nowhere bad."""

from datetime import UTC, datetime

import pytest

from forum.classes.models import Activity, ActivityKind, Material, TrainingClass
from forum.classes.programme import Link, add_activity, delete_activity, is_web_address
from forum.classes.queries import get_activity
from forum.db import db
from forum.errors import Refused
from tests.cast import World
from tests.pages import Page

PROGRAMME = "/classes/spring/programme"
GOOD = {
    "kind": "lecture",
    "title": "A first lecture",
    "speaker": "Ivan",
    "place": "Room 2",
    "starts_at": "2026-03-03T09:00",
    "ends_at": "2026-03-03T11:30",
    "description": "Bring a case.",
}
HOSTILE = "<img src=x onerror=alert(1)>"


def add(world: World, name: str = "olga", **fields: str) -> Page:
    browser = world.client_of(getattr(world.cast, name))
    return browser.submit(browser.get(f"{PROGRAMME}/new"), f"{PROGRAMME}/new", **(GOOD | fields))


def edit(world: World, activity_id: int, **fields: str) -> Page:
    olga, path = world.client_of(world.cast.olga), f"{PROGRAMME}/{activity_id}"
    return olga.submit(olga.get(path), path, **({"kind": "lecture"} | fields))


def the_activity(world: World) -> Activity:
    """Only inside; there is but one."""
    activity = db.session.query(Activity).filter_by(class_id=world.cast.spring.id).one()
    found = get_activity(db.session.get_one(TrainingClass, world.cast.spring.id), activity.id)
    assert found is not None
    return found


def activity_id(world: World) -> int:
    with world.app.app_context():
        return the_activity(world).id


def in_zone(world: World, zone: str) -> None:
    with world.inside():
        db.session.get_one(TrainingClass, world.cast.spring.id).timezone = zone


def links(world: World) -> list[tuple[str, str]]:
    with world.app.app_context():
        return [(material.title, material.url) for material in the_activity(world).materials]


def test_an_item_stands_in_the_programme_under_its_day(world: World) -> None:
    assert add(world).status == 303
    with world.app.app_context():
        activity = the_activity(world)
        assert (activity.kind, activity.title, activity.speaker) == (ActivityKind.LECTURE, "A first lecture", "Ivan")
        assert activity.starts_at == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
        assert activity.ends_at == datetime(2026, 3, 3, 3, 30, tzinfo=UTC)
    words = world.client_of(world.cast.olga).get(PROGRAMME).one("main").words
    for part in ("3 Mar Tuesday", "09:00 – 11:30", "Lecture A first lecture", "Ivan", "Room 2", "Bring a case."):
        assert part in words
    assert "A first lecture" in world.client_of(world.cast.tina).get("/classes/spring").words


def test_an_item_can_wait_for_its_day(world: World) -> None:
    assert add(world, starts_at="", ends_at="").status == 303
    assert "Day not fixed yet" in world.client_of(world.cast.olga).get(PROGRAMME).words


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-03-07T09:00", datetime(2026, 3, 7, 14, 0, tzinfo=UTC)),
        ("2026-03-08T09:00", datetime(2026, 3, 8, 13, 0, tzinfo=UTC)),
        ("2026-11-01T01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("2026-11-01 12:00", datetime(2026, 11, 1, 17, 0, tzinfo=UTC)),
    ],
    ids=["winter", "the day the clocks go forward", "shown twice: the first", "after they went back"],
)
def test_times_are_those_of_the_zone_through_the_year(world: World, typed: str, moment: datetime) -> None:
    in_zone(world, "America/New_York")
    assert add(world, starts_at=typed, ends_at="").status == 303
    with world.app.app_context():
        assert the_activity(world).starts_at == moment


@pytest.mark.one_database
def test_a_time_that_the_clocks_skip_is_refused(world: World) -> None:
    in_zone(world, "America/New_York")
    page = add(world, starts_at="2026-03-08T02:30", ends_at="")
    assert page.status == 422
    assert "never show this time" in page.one("main").words
    assert page.form("/new").fields["starts_at"] == "2026-03-08T02:30"


def test_a_time_left_as_it_is_shown_stays_to_the_second(world: World) -> None:
    """Also in the hour that the clocks show twice."""
    in_zone(world, "America/New_York")
    second_half_past_one = datetime(2026, 11, 1, 6, 30, 42, tzinfo=UTC)
    with world.inside():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        add_activity(spring, ActivityKind.VISIT, "A visit", starts_at=second_half_past_one)
    assert edit(world, activity_id(world), title="Another visit").status == 303
    with world.app.app_context():
        assert the_activity(world).title == "Another visit"
        assert the_activity(world).starts_at == second_half_past_one


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"speaker": "x" * 201}, "at most 200 characters"),
        ({"kind": "picnic"}, "Please choose one of the list."),
        ({"starts_at": "soon"}, "a day and a time like"),
        ({"starts_at": "2026-03-03T25:00"}, "a day and a time like"),
        ({"starts_at": "20260-03-03T09:00"}, "a day and a time like"),
        ({"starts_at": "2026-03-03T09:00+08:00"}, "a day and a time like"),
        ({"ends_at": "2026-03-03T09:00"}, "would end before it starts"),
        ({"starts_at": ""}, "Please say when it starts, too."),
        ({"materials-0-url": "www.example.org"}, "beginning with https://"),
        ({"materials-0-title": "Slides"}, "empty both lines"),
        ({"materials-1-url": "https://example.org/" + "x" * 1000}, "at most 1000 characters"),
    ],
)
def test_what_cannot_be_comes_back_with_everything_typed(world: World, fields: dict[str, str], words: str) -> None:
    page = add(world, **fields)
    assert page.status == 422
    assert words in page.one("main").words
    typed = page.form("/new").fields
    assert {name: typed[name] for name in (GOOD | fields) if name != "kind"} == {
        name: value for name, value in (GOOD | fields).items() if name != "kind"
    }
    with world.app.app_context():
        assert db.session.query(Activity).count() == 0


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org/slides.pdf?x=1#page", True),
        ("http://例子.测试/讲义", True),
        ("http://[::1]:8080/x", True),
        ("javascript:alert(1)", False),
        (" https://example.org", False),
        ("https://example.org/a b", False),
        ("https:///nowhere", False),
        ("//example.org", False),
        ("data:text/html,x", False),
        ("https://[", False),
        ("https://a\\b", False),
        ("https://example.org/\u202egnp.exe", False),
    ],
)
def test_a_link_leads_to_a_page_or_is_refused(url: str, good: bool) -> None:
    assert is_web_address(url) is good


def test_links_are_added_changed_and_removed(world: World) -> None:
    assert add(world, **{"materials-0-title": "Slides", "materials-0-url": "https://example.org/s"}).status == 303
    here = activity_id(world)
    more = {
        "materials-1-url": "https://example.org/read/me",
        "materials-3-title": "Last",
        "materials-3-url": "http://x",
    }
    page = edit(world, here, **{"materials-0-title": "The slides", **more})
    assert page.status == 303
    assert links(world) == [
        ("The slides", "https://example.org/s"),
        ("example.org/read/me", "https://example.org/read/me"),
        ("Last", "http://x"),
    ]
    assert edit(world, here, **{"materials-0-title": "", "materials-0-url": ""}).status == 303
    assert [title for title, _ in links(world)] == ["example.org/read/me", "Last"]
    with world.app.app_context():
        assert db.session.query(Material).count() == 2


def test_a_link_stands_with_its_words_escaped_and_is_followed_by_no_machine(world: World) -> None:
    add(world, title=HOSTILE, **{"materials-0-title": HOSTILE, "materials-0-url": 'https://example.org/"onclick="x'})
    page = world.client_of(world.cast.olga).get(PROGRAMME)
    assert not page.all("img")
    link = page.one("ul", class_="materials").one("a")
    assert (link.words, link["href"]) == (HOSTILE, 'https://example.org/"onclick="x')
    assert link["rel"] == "noopener nofollow"
    assert not link.get("onclick")


def test_an_item_is_removed_unless_a_discussion_belongs_to_it(world: World) -> None:
    add(world, **{"materials-0-url": "https://example.org/s"})
    olga, here = world.client_of(world.cast.olga), activity_id(world)
    with world.app.app_context():
        activity = the_activity(world)
        db.session.expunge_all()
    discussion_id = world.discussion(activity=activity)
    page = olga.submit(olga.get(PROGRAMME), f"{PROGRAMME}/{here}/delete")
    assert page.status == 422
    assert "“A first lecture” stays: a discussion belongs to it" in page.refusal
    assert activity_id(world) == here
    settings = f"/discussions/{discussion_id}/settings"
    olga.submit(olga.get(settings), settings, stage="during", audience="class", activity_id="")
    assert olga.submit(olga.get(PROGRAMME), f"{PROGRAMME}/{here}/delete", follow=True).status == 200
    with world.app.app_context():
        assert db.session.query(Activity).count() == db.session.query(Material).count() == 0


def test_a_new_title_is_seen_on_the_kept_page_of_its_discussion(world: World) -> None:
    add(world)
    with world.app.app_context():
        activity = the_activity(world)
        db.session.expunge_all()
    discussion_id = world.discussion(activity=activity)
    tina = world.client_of(world.cast.tina)
    assert "A first lecture" in tina.discussion(discussion_id).words
    assert edit(world, activity.id, title="Another lecture").status == 303
    words = tina.discussion(discussion_id).words
    assert "Another lecture" in words
    assert "A first lecture" not in words


def test_an_item_of_another_class_is_not_there(world: World) -> None:
    with world.inside():
        autumn = db.session.get_one(TrainingClass, world.cast.autumn.id)
        other = add_activity(autumn, ActivityKind.TALK, "Elsewhere").id
    olga = world.client_of(world.cast.olga)
    assert olga.get(f"{PROGRAMME}/{other}").status == 404
    assert olga.post(f"{PROGRAMME}/{other}/delete").status == 404


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "omar"])
def test_who_does_not_organise_writes_no_programme(world: World, name: str) -> None:
    add(world)
    browser, here = world.client_of(getattr(world.cast, name)), activity_id(world)
    for path in ("", "/new", f"/{here}"):
        assert browser.get(PROGRAMME + path).status == 403
    for path in ("/new", f"/{here}", f"/{here}/delete"):
        assert browser.post(PROGRAMME + path, **(GOOD | {"title": "Mine"})).status == 403
    with world.app.app_context():
        assert the_activity(world).title == "A first lecture"


def test_the_rules_hold_beneath_the_forms(world: World) -> None:
    with world.app.app_context():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        for wrong in ({"materials": [Link("x", "javascript:x")]}, {"title": " "}, {"place": "x" * 201}):
            with pytest.raises(Refused):
                add_activity(spring, **{"kind": ActivityKind.TALK, "title": "A talk", **wrong})
        delete_activity(spring, add_activity(spring, ActivityKind.TALK, "A talk"))
        assert db.session.query(Activity).count() == 0


def test_an_item_outside_the_dates_of_the_class_is_taken_with_a_word_about_it(world: World) -> None:
    """The class is from 2 until 13 March, in Shanghai."""
    olga, path = world.client_of(world.cast.olga), "/classes/spring/programme/new"
    note = "It is outside the dates of the class."
    for starts_at, outside in (
        ("2026-03-01T23:59", True),
        ("2026-03-02T00:00", False),
        ("2026-03-13T23:59", False),
        ("2026-03-14T00:00", True),
        ("", False),
    ):
        said = {"kind": "talk", "title": "A talk", "starts_at": starts_at}
        page = olga.submit(olga.get(path), path, follow=True, **said)
        assert page.status == 200
        assert "“A talk” is in the programme." in page.words
        assert (note in page.words) is outside, starts_at

"""The page of a class: what is open first and large, the programme by day, announcements, people; first steps."""

from datetime import timedelta

import pytest

from forum.classes.models import ActivityKind, Announcement, Kind, Material, Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.classes.programme import add_activity
from forum.db import db
from forum.members.operations import issue_password_link
from tests.cast import NOW, World, add_person
from tests.discussions.test_pages import cost
from tests.pages import Page

pytestmark = pytest.mark.one_database


def class_page(world: World, name: str = "tina", slug: str = "spring") -> Page:
    page = world.client_of(getattr(world.cast, name)).get(f"/classes/{slug}")
    assert page.status == 200
    return page


def spring() -> TrainingClass:
    """Only inside."""
    return db.session.query(TrainingClass).filter_by(slug="spring").one()


def announce(world: World, title: str, **options: object) -> None:
    with world.inside():
        text = {"body": title, "html": f"<p>{title}</p>", "created_at": world.clock.now}
        author = world.cast.olga.id
        db.session.add(Announcement(class_id=spring().id, author_id=author, title=title, **text | options))


def lecture(world: World, title: str, days: float, *materials: tuple[str, str]) -> None:
    with world.inside():
        activity = add_activity(spring(), ActivityKind.LECTURE, title, starts_at=NOW + timedelta(days=days))
        for position, (name, url) in enumerate(materials):
            db.session.add(Material(activity_id=activity.id, title=name, url=url, position=position))


def test_what_is_open_stands_first_and_tells_a_trainee_whether_they_have_spoken(world: World) -> None:
    world.discussion("Long closed", closes_at=NOW - timedelta(days=30))
    world.discussion("Coming up", opens_at=NOW + timedelta(days=1))
    discussion_id = world.discussion("Open now and here")
    lecture(world, "A lecture", 0)
    page = class_page(world)
    assert [heading.words for heading in page.one("main").all("h2")][:4] == [
        "Open now",
        "Opening soon",
        "Programme",
        "Closed discussions",
    ]
    entry = page.one("section", aria_labelledby="open")
    assert "You have not spoken here yet." in entry.words
    assert entry.one("a", class_="button")["href"] == f"/discussions/{discussion_id}"
    assert "0 of 2 trainees" in entry.words


def test_the_figures_beside_the_class_are_those_of_the_figures_page(world: World) -> None:
    first, second = world.discussion("One"), world.discussion("Two", groups=["second"])
    for person, discussion_id in (("tina", first), ("tom", first), ("tom", second)):
        world.publish(getattr(world.cast, person), discussion_id)
    world.publish(world.cast.ivan, first, parent=1)
    world.publish(world.cast.tom, first, parent=1)
    world.publish(world.cast.tom, first)
    world.change("hide", world.cast.olga, first, 5, "twice the same")
    totals, rows = world.totals(), {row.key: row for row in world.figures(by="discussion").rows}
    shown = [figure.one("b").words for figure in class_page(world).one("aside").all("div", class_="figure")]
    assert shown == [
        str(totals.participants),
        str(totals.person_times),
        str(totals.reflections),
        f"{100 * (totals.comment_coverage or 0):.1f} %",
    ]
    assert shown == ["2", "3", "3", "33.3 %"]
    lines = class_page(world, "olga").one("section", aria_labelledby="open").all("li")
    for discussion_id, line in zip((first, second), lines, strict=True):
        row = rows[discussion_id]
        assert f"{row.posts} post" in line.words
        assert f"{row.participants} of {row.trainees} trainees" in line.words


def test_the_programme_shows_its_materials_as_links_that_vouch_for_nothing(world: World) -> None:
    lecture(
        world, "With slides", 0, ("Slides <b>1</b>", "https://example.org/?a=1&b=2"), ("讲义", "https://example.org/2")
    )
    links = class_page(world).one("ul", class_="materials").all("a")
    assert [(link.words, link["href"], link["rel"]) for link in links] == [
        ("Slides <b>1</b>", "https://example.org/?a=1&b=2", "noopener nofollow"),
        ("讲义", "https://example.org/2", "noopener nofollow"),
    ]


def test_a_material_that_is_no_web_address_is_no_link(world: World) -> None:
    lecture(world, "With a trap", 0, ("A trap", "javascript:alert(1)"), ("Another", " data:text/html,x"))
    materials = class_page(world).one("ul", class_="materials")
    assert materials.words == "A trapAnother"
    assert not materials.all("a")


def test_days_behind_us_are_folded_while_the_class_goes_on(world: World) -> None:
    for day in range(4):
        lecture(world, f"Lecture {day}", day)
    assert not class_page(world).all("details", class_="days-behind")
    world.clock.advance(days=2)
    page = class_page(world)
    folded = page.one("details", class_="days-behind")
    assert [heading.words for heading in folded.all("h4")] == ["Lecture 0", "Lecture 1"]
    assert [heading.words for heading in page.all("h4")] == [f"Lecture {day}" for day in range(4)]
    world.clock.advance(days=20)
    assert not class_page(world).all("details", class_="days-behind"), "nothing lies ahead to fold them for"


def test_the_newest_three_announcements_that_stand_are_shown(world: World) -> None:
    assert "Announcements" not in class_page(world).one("main").words
    for step in range(4):
        announce(world, f"News {step}")
        world.clock.advance(minutes=1)
    announce(world, "A slip", withdrawn_at=NOW)
    shown = class_page(world).one("section", aria_labelledby="announcements")
    assert [link.words for link in shown.all("a")] == ["News 3", "News 2", "News 1", "All announcements"]


def test_an_empty_class_tells_its_people_what_will_be_there(world: World) -> None:
    page = class_page(world)
    assert "Discussions appear here as soon as an organiser has set them up." in page.words
    assert "No programme yet." in page.words
    for path in ("/discussions/new", "/roster", "/slips", "/settings"):
        assert f"spring{path}" not in page.source
    assert "First steps" not in page.words


def test_organisers_of_an_empty_class_are_led_through_the_first_steps(world: World) -> None:
    with world.inside():
        for enrolment in spring_trainees():
            db.session.delete(enrolment)

    def steps() -> dict[str, bool]:
        found = class_page(world, "olga").one("section", aria_labelledby="first-steps").all("li")
        return {step.one("a")["href"].rpartition("spring")[2]: step.has(class_="is-done") for step in found}

    assert steps() == {"/programme": False, "/roster": False, "/slips": False, "/discussions/new": False}
    page = class_page(world, "olga")
    assert "No trainee is enrolled yet." in page.words
    assert "The programme is empty." in page.words
    assert len(page.all("nav", class_="subnav")) == 1
    lecture(world, "The first lecture", 0)
    assert steps()["/programme"]
    with world.inside():
        pia = add_person("Pia")
        pia.password_hash = None
        pia_id = pia.id
        enrol_member(spring(), pia, Role.TRAINEE)
    assert steps() == {"/programme": True, "/roster": True, "/slips": False, "/discussions/new": False}
    with world.inside():
        issue_password_link(db.session.get_one(type(world.member(world.cast.tom)), pia_id))
    assert steps()["/slips"]
    world.discussion()
    assert "First steps" not in class_page(world, "olga").words


def spring_trainees() -> list[object]:
    from forum.classes.models import Enrolment

    found = db.session.query(Enrolment).filter_by(class_id=spring().id, role=Role.TRAINEE)
    return list(found)


def test_the_first_steps_end_with_the_first_post_and_a_salon_needs_no_programme(world: World) -> None:
    discussion_id = world.discussion()
    assert "Write the programme" in class_page(world, "ada").one("section", aria_labelledby="first-steps").words
    with world.inside():
        spring().kind = Kind.SALON
    assert "First steps" not in class_page(world, "ada").words
    with world.inside():
        spring().kind = Kind.CLASS
    world.publish(world.cast.tina, discussion_id)
    assert "First steps" not in class_page(world, "ada").words
    for name in ("tina", "ivan", "omar"):
        assert not class_page(world, name).all("nav", class_="subnav"), name


def test_the_way_to_the_hidden_posts_is_shown_to_staff_alone(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    assert "/hidden" not in class_page(world, "olga").source
    world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
    for name in ("olga", "ivan", "ada"):
        assert "/classes/spring/hidden" in class_page(world, name).source, name
    for name in ("tina", "tom", "omar"):
        assert "/classes/spring/hidden" not in class_page(world, name).source, name


def test_strangers_find_no_class(world: World) -> None:
    for name in ("stella", "wendy"):
        assert world.client_of(getattr(world.cast, name)).get("/classes/spring").status == 404


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["tina", "ivan", "olga", "omar", "ada"])
def test_the_page_of_a_class_costs_twelve_statements_whatever_there_is(world: World, name: str) -> None:
    world.publish(world.cast.tina, world.discussion())
    lecture(world, "A lecture", 0)
    before = cost(world, name, "/classes/spring")
    assert before <= 12
    for step in range(6):
        discussion_id = world.discussion(f"Lecture {step}", groups=["first"] if step % 2 else None)
        world.fill(discussion_id, [world.cast.tina, world.cast.tom], 20)
        lecture(world, f"Lecture {step}", step, ("Slides", "https://example.org"))
        announce(world, f"News {step}")
    assert cost(world, name, "/classes/spring") == before

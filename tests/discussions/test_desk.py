"""The instructor's desk: what lies on it, in which order, and what is done with it."""

import pytest

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import db
from forum.discussions.models import Discussion
from forum.discussions.setup import close_discussion
from tests.cast import Person, World, add_person
from tests.discussions.test_pages import statements
from tests.pages import Element, Page

DESK = "/classes/spring/desk"
# Who asks, the class, their place in it; the items, their posts, the replies; three of figures.
MOST_STATEMENTS = 10


def desk(world: World, person: Person, query: str = "") -> Page:
    page = world.client_of(person).get(DESK + query)
    assert page.status == 200
    return page


def items(page: Page) -> list[Element]:
    return page.all("div", class_="desk-item")


def lying(page: Page) -> list[tuple[int, int]]:
    """Discussion and number of what lies there, in order."""
    return [(int(item["data-discussion"]), int(item["data-number"])) for item in items(page)]


def counts(page: Page) -> list[str]:
    """Of mine, of all."""
    return [link.one("b").words for link in page.one("nav", id="desk-filters").all("a")]


def figures(page: Page) -> dict[str, str]:
    found = page.one("aside", id="desk-figures").all("div", class_="figure")
    return {figure.one("span").words: figure.one("b").words for figure in found}


def enrol(world: World, name: str, unit: str | None, group: str | None = None) -> Person:
    with world.inside():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        member = add_person(name, unit)
        enrolment = enrol_member(spring, member, Role.TRAINEE)
        enrolment.group_id = world.cast.spring.groups[group] if group else None
        return Person(member.id, member.name, member.email or "")


def stand_in(world: World, person: Person, group: str) -> None:
    with world.inside():
        enrolment = db.session.get_one(Enrolment, (world.cast.spring.id, person.id))
        enrolment.group_id = world.cast.spring.groups[group]


def test_instructors_organisers_and_administrators_use_it_and_nobody_else(world: World) -> None:
    statuses = {
        name: world.client_of(getattr(world.cast, name)).get(DESK).status
        for name in ("ivan", "olga", "ada", "tina", "omar", "stella", "wendy")
    }
    assert statuses == {"ivan": 200, "olga": 200, "ada": 200, "tina": 403, "omar": 403, "stella": 404, "wendy": 404}


def test_what_waits_are_the_counted_reflections_without_a_comment_anywhere_below(world: World) -> None:
    cast, first, second = world.cast, world.discussion("One"), world.discussion("Two")
    for discussion in (first, second):
        for _ in range(3):
            world.publish(cast.tina, discussion)
    world.publish(cast.tom, first, "An answer", parent=1)
    world.publish(cast.ivan, first, "A comment below it", parent=4)
    world.publish(cast.ivan, first, "A word to all")
    world.change("hide", cast.olga, first, 2, "off the subject")
    world.change("delete", cast.tina, second, 3)
    page = desk(world, cast.ivan)
    assert sorted(lying(page)) == [(first, 3), (second, 1), (second, 2)]
    assert counts(page) == ["3", "3"]
    totals = world.totals()
    assert totals.reflections - totals.commented == 3
    world.change("hide", cast.olga, first, 5, "a mistake")
    assert sorted(lying(desk(world, cast.ivan))) == [(first, 1), (first, 3), (second, 1), (second, 2)]


def test_each_unit_has_its_turn_and_within_a_turn_the_groups_alternate(world: World) -> None:
    cast, discussion = world.cast, world.discussion()
    ann, bob = enrol(world, "Ann", "City / North", "first"), enrol(world, "Bob", None, "second")
    # Tina: East, first group; Tom: West, second group.
    for author in (cast.tina, cast.tina, cast.tina, ann, cast.tom, bob, cast.tina, cast.tom):
        world.publish(author, discussion)
        world.clock.advance(minutes=1)
    numbers = [number for _, number in lying(desk(world, cast.ivan))]
    assert numbers == [1, 5, 4, 6, 2, 8, 3, 7]


def test_what_can_be_commented_now_comes_before_what_has_closed(world: World) -> None:
    early, late = world.discussion("Early"), world.discussion("Late")
    world.publish(world.cast.tina, early)
    world.clock.advance(minutes=5)
    world.publish(world.cast.tom, late)
    assert lying(desk(world, world.cast.ivan)) == [(early, 1), (late, 1)]
    with world.inside():
        close_discussion(db.session.get_one(Discussion, early))
    page = desk(world, world.cast.ivan)
    assert lying(page) == [(late, 1), (early, 1)]
    assert [bool(item.all("a", class_="button")) for item in items(page)] == [True, False]


def test_mine_is_without_what_i_have_read_and_only_my_group_if_i_stand_in_one(world: World) -> None:
    cast, discussion = world.cast, world.discussion()
    world.publish(cast.tina, discussion)
    world.publish(cast.tom, discussion)
    ivan = world.client_of(cast.ivan)
    page = ivan.submit(ivan.get(DESK), f"/discussions/{discussion}/posts/1/read", follow=True)
    assert "Marked as read." in page.words
    assert lying(page) == [(discussion, 2)]
    assert counts(page) == ["1", "2"]
    everything = ivan.get(f"{DESK}?show=all")
    assert lying(everything) == [(discussion, 1), (discussion, 2)]
    assert len(lying(desk(world, cast.olga))) == 2, "each has a desk of their own"
    back = ivan.submit(everything, f"/discussions/{discussion}/posts/1/unread", follow=True)
    assert back.path == f"{DESK}?show=all"
    assert counts(back) == ["2", "2"]
    stand_in(world, cast.ivan, "second")
    page = ivan.get(DESK)
    assert lying(page) == [(discussion, 2)]
    assert "Second group" in page.one("main").words
    assert counts(page) == ["1", "2"]


def test_marking_as_read_twice_is_marking_once(world: World) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion)
    ivan = world.client_of(world.cast.ivan)
    for _ in range(2):
        assert ivan.post(f"/discussions/{discussion}/posts/1/read").status == 303
    assert world.client_of(world.cast.tina).post(f"/discussions/{discussion}/posts/1/read").status == 403
    assert lying(ivan.get(DESK)) == []


def test_a_comment_from_the_desk_leads_back_to_it(world: World) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion)
    world.publish(world.cast.tom, discussion)
    ivan = world.client_of(world.cast.ivan)
    link = items(ivan.get(DESK))[0].one("a", aria_keyshortcuts="c")["href"]
    page = ivan.submit(ivan.get(link.partition("#")[0]), f"/discussions/{discussion}/posts", body="Go on.", follow=True)
    assert page.path == DESK
    assert "Your comment is posted." in page.words
    assert lying(page) == [(discussion, 2)]
    assert figures(page)["reflection answered"] == "1"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"]
)
@pytest.mark.one_database
def test_no_form_leads_to_another_site(world: World, elsewhere: str) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion)
    ivan = world.client_of(world.cast.ivan)
    verbs: dict[str, dict[str, str]] = {
        "read": {},
        "feature": {},
        "unfeature": {},
        "hide": {"reason": "off the subject"},
    }
    for verb, fields in verbs.items():
        page = ivan.post(f"/discussions/{discussion}/posts/1/{verb}", next=elsewhere, **fields)
        assert page.status == 303, verb
        assert "example.org" not in page.headers["Location"]
        assert "javascript" not in page.headers["Location"]
    page = ivan.publish(discussion, "A word to all", next=elsewhere)
    assert page.headers["Location"].startswith(f"/discussions/{discussion}")


def test_featuring_and_hiding_lead_back_and_say_so(world: World) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion)
    olga = world.client_of(world.cast.olga)
    page = olga.submit(olga.get(DESK), f"/discussions/{discussion}/posts/1/feature", follow=True)
    assert page.path == DESK
    assert "The post is featured." in page.words
    assert "Remove from featured" in items(page)[0].words
    page = olga.submit(page, f"/discussions/{discussion}/posts/1/hide", reason="off the subject", follow=True)
    assert page.path == DESK
    assert lying(page) == []
    assert "Nothing waits for a comment." in page.words


def test_the_figures_of_the_desk_are_those_of_the_glossary(world: World) -> None:
    cast, discussion = world.cast, world.discussion()
    ann = enrol(world, "Ann", "City / East")
    enrol(world, "Zoe", "City / North")
    for author in (cast.tina, cast.tina, cast.tom, ann):
        world.publish(author, discussion)
    world.publish(cast.ivan, discussion, "One", parent=1)
    world.publish(cast.ivan, discussion, "Two", parent=1)
    world.publish(cast.ivan, discussion, "To all")
    world.publish(cast.olga, discussion, "Another's", parent=4)
    world.publish(cast.ivan, discussion, "To a colleague", parent=8)
    page = desk(world, cast.ivan)
    assert figures(page) == {
        "comments": "4", "reflections answered": "2", "trainee without a comment": "1", "unit without a comment": "1",
    }  # fmt: skip
    beside = page.one("aside", id="desk-figures")
    lists = [sheet.one("p").words for sheet in beside.all("details")]
    assert lists == ["Tom West", "West", "Zoe North"]
    assert "1 trainee has not spoken yet" in beside.words
    assert "Wendy" not in beside.words, "she has left"
    assert figures(desk(world, cast.olga))["reflection answered"] == "1"


def test_the_fragment_is_the_list_alone(world: World) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion)
    ivan = world.client_of(world.cast.ivan)
    page = ivan.get(f"{DESK}?fragment=list")
    assert lying(page) == [(discussion, 1)]
    assert not page.all("header", class_="top")
    page = ivan.post(f"/discussions/{discussion}/posts/1/read", next=f"{DESK}?fragment=list", follow=True)
    shown = page.one("div", id="desk-list")
    assert (shown["data-said"], shown["data-left"]) == ("Marked as read.", "Nothing is left.")


def test_one_discussion_of_the_class_alone(world: World) -> None:
    first, second = world.discussion("One"), world.discussion("Two")
    world.publish(world.cast.tina, first)
    world.publish(world.cast.tina, second)
    page = desk(world, world.cast.ivan, f"?discussion={second}")
    assert lying(page) == [(second, 1)]
    assert "All discussions of the class" in page.words
    assert counts(page) == ["1", "1"]
    assert len(lying(desk(world, world.cast.ivan, "?discussion=999999"))) == 2
    assert len(lying(desk(world, world.cast.ivan, "?discussion=x"))) == 2


def test_twenty_to_a_page(world: World) -> None:
    discussion = world.discussion()
    world.fill(discussion, [world.cast.tina, world.cast.tom], 45)
    ivan, seen = world.client_of(world.cast.ivan), []
    page = ivan.get(DESK)
    while True:
        seen += lying(page)
        more = page.all("a", rel="next")
        if not more:
            break
        page = ivan.get(more[0]["href"])
    assert len(seen) == len(set(seen)) == 45
    assert len(lying(ivan.get(f"{DESK}?page=9"))) == 20, "a page that is no longer there is the first"


def test_the_statements_do_not_grow_with_what_waits(world: World) -> None:
    first, ivan = world.discussion("One"), world.client_of(world.cast.ivan)
    world.publish(world.cast.tina, first)
    with statements() as few:
        assert len(lying(ivan.get(DESK))) == 1
    second = world.discussion("Two")
    for discussion in (first, second):
        world.fill(discussion, [world.cast.tina, world.cast.tom], 30)
        world.fill(discussion, [world.cast.tom], 10, answers=1)
    with statements() as many:
        assert len(lying(ivan.get(DESK))) == 20
    assert len(many) == len(few) <= MOST_STATEMENTS


def test_the_staff_find_the_desk_from_the_class_and_from_the_discussion(world: World) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion)
    for name in ("ivan", "olga", "ada", "tina", "omar"):
        browser = world.client_of(getattr(world.cast, name))
        is_staff = name in ("ivan", "olga", "ada")
        class_page, discussion_page = browser.get("/classes/spring"), browser.discussion(discussion)
        assert ("1 reflection waits for a comment." in class_page.words) == is_staff, name
        assert bool(class_page.all("a", href=DESK)) == is_staff, name
        assert bool(discussion_page.all("a", href=f"{DESK}?discussion={discussion}")) == is_staff, name

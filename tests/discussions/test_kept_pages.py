"""A page that is kept: one light statement, and every fact that the page depends on is asked anew each time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.db import db
from forum.discussions.models import Discussion, Draft, ReadMark
from forum.members.models import Member
from tests.cast import NOW, Browser, World
from tests.discussions.test_pages import statements
from tests.pages import Page


@pytest.fixture
def discussion_id(world: World) -> int:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id, "Tom's own thought.")
    return discussion_id


@pytest.fixture
def warm(world: World, tina: Browser, discussion_id: int) -> Browser:
    """Tina, who has just seen the page; nothing of it has to be made for her again."""
    for _time in range(2):
        assert tina.discussion(discussion_id).status == 200
    with statements() as asked:
        assert "Tom's own thought." in tina.discussion(discussion_id).words
    assert len(asked) == 1, asked
    return tina


def test_it_asks_one_light_question(warm: Browser, discussion_id: int) -> None:
    with statements() as asked:
        warm.discussion(discussion_id)
    assert "discussions.revision" in asked[0]
    for text in ("prompt", "description", "password_hash", "sort_key"):
        assert text not in asked[0]


def of_tina(world: World, **values: Any) -> None:
    enrolment = db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.tina.id))
    for name, value in values.items():
        setattr(enrolment, name, value)


def of_account(world: World, **values: Any) -> None:
    for name, value in values.items():
        setattr(world.member(world.cast.tina), name, value)


def of_discussion(world: World, **values: Any) -> None:
    for name, value in values.items():
        setattr(db.session.query(Discussion).filter_by(class_id=world.cast.spring.id).one(), name, value)


def of_class(world: World, **values: Any) -> None:
    for name, value in values.items():
        setattr(db.session.get_one(TrainingClass, world.cast.spring.id), name, value)


def beside(world: World, row: Callable[..., Any], **values: Any) -> None:
    discussion_id = db.session.query(Discussion.id).filter_by(class_id=world.cast.spring.id).scalar()
    db.session.add(row(member_id=world.cast.tina.id, discussion_id=discussion_id, **values))


def can_write(page: Page) -> bool:
    return any(form.action.endswith("/posts") for form in page.forms)


# Each without the revision that an operation would have raised: the fact itself has to be asked about.
FACTS: dict[str, tuple[Callable[[World], None], Callable[[Page], bool]]] = {
    "withdrawn": (lambda world: of_tina(world, withdrawn_at=NOW), lambda page: page.status == 404),
    "signed out everywhere": (lambda world: of_account(world, session_stamp="x"), lambda page: page.status == 302),
    "an observer": (lambda world: of_tina(world, role=Role.OBSERVER), lambda page: not can_write(page)),
    "organises": (
        lambda world: of_tina(world, organises=True),
        lambda page: "/desk" in page.source,
    ),
    "administers": (lambda world: of_account(world, is_administrator=True), lambda page: "/admin" in page.source),
    "archived": (lambda world: of_class(world, archived_at=NOW), lambda page: not can_write(page)),
    "closed": (lambda world: of_discussion(world, closes_at=NOW), lambda page: not can_write(page)),
    "not yet open": (
        lambda world: of_discussion(world, opens_at=NOW + timedelta(hours=1)),
        lambda page: not can_write(page),
    ),
    "post first": (
        lambda world: of_discussion(world, post_first=True),
        lambda page: page.status == 200 and "Tom's own thought." not in page.source,
    ),
    "another name": (lambda world: of_account(world, name="Tina Berg"), lambda page: "Tina Berg" in page.source),
    "another language": (
        lambda world: of_account(world, locale="zh"),
        lambda page: "发言" in page.words,
    ),
    "a draft": (
        lambda world: beside(world, Draft, parent=0, body="x", version=7, kept_at=NOW),
        lambda page: "0:7" in page.source,
    ),
    "read before": (
        lambda world: beside(world, ReadMark, number=0, read_at=NOW),
        lambda page: "has-news" in page.source,
    ),
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_changes_shows_at_once(world: World, warm: Browser, discussion_id: int, fact: str) -> None:
    change, shows = FACTS[fact]
    assert not shows(warm.discussion(discussion_id)), "it shows before"
    with world.inside():
        change(world)
    assert shows(warm.discussion(discussion_id))


def test_it_closes_when_its_time_has_come(world: World, warm: Browser, discussion_id: int) -> None:
    with world.inside():
        of_discussion(world, closes_at=NOW + timedelta(minutes=5))
    assert can_write(warm.discussion(discussion_id))
    world.clock.advance(minutes=6)
    assert not can_write(warm.discussion(discussion_id))


def test_the_bell_counts_what_has_come_meanwhile(world: World, warm: Browser, discussion_id: int) -> None:
    other = world.discussion("Another")
    world.publish(world.cast.tina, other)
    world.publish(world.cast.tom, other, "To Tina.", parent=1)
    assert warm.discussion(discussion_id).one(class_="bell").one(data_bell_target="number").words == "1"


def test_who_comes_after_gets_nothing_of_hers(world: World, warm: Browser, discussion_id: int) -> None:
    own = warm.discussion(discussion_id).form("/language").fields["csrf_token"]
    tom = world.client_of(world.cast.tom)
    for _time in range(2):
        page = tom.discussion(discussion_id)
        assert own not in page.source
        assert "Tina" not in page.source
    assert world.client_of(world.cast.stella).discussion(discussion_id).status == 404
    assert Browser(world.app).discussion(discussion_id).status == 302


def test_with_what_it_filled_in_she_can_write(world: World, warm: Browser, discussion_id: int) -> None:
    world.clock.advance(hours=3)
    page = warm.discussion(discussion_id)
    assert warm.submit(page, f"/discussions/{discussion_id}/posts", body="Mine.").status == 303
    assert "Mine." in warm.discussion(discussion_id).words


def test_members_are_not_mixed_up(world: World, discussion_id: int) -> None:
    """Each, in turn and again, has the name and the number of nobody else on the page."""
    people = [world.cast.tina, world.cast.tom, world.cast.ivan]
    browsers = {one.id: world.client_of(one) for one in people}
    for _time in range(3):
        for one in people:
            page = browsers[one.id].discussion(discussion_id)
            assert f'data-outbox-member-value="{one.id}"' in page.source
            with world.app.app_context():
                assert db.session.get_one(Member, one.id).name in page.one(class_="menu").words

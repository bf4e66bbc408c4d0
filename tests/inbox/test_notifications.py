"""Who is told of a post, what can still be seen of it, and what reading marks as read."""

import pytest

from forum.classes.models import TrainingClass
from forum.classes.operations import withdraw_enrolment
from forum.classes.queries import get_enrolment
from forum.db import db
from forum.inbox.operations import tell_openings
from forum.interop.threads import import_threads
from forum.notifications.models import Kind, Notification
from tests.cast import NOW, Browser, Person, World
from tests.discussions.test_pages import cost, statements
from tests.interop import file
from tests.pages import Page


def inbox(world: World, person: Person) -> list[str]:
    """What stands on the person's page, the newest first; the bell says as many as are marked."""
    page = world.client_of(person).get("/notifications")
    assert page.status == 200
    entries = page.all("li", class_="answer")
    assert unread(page) == len([entry for entry in entries if entry.has(class_="is-unread")])
    return [entry.one("p", class_="answer-who").one("a").words for entry in entries]


def unread(page: Page) -> int:
    """As the bell in its header says."""
    count = page.one("a", class_="bell").one("span", class_="bell-count")
    number = int(count.one("span", data_bell_target="number").words)
    assert ("hidden" in count.attributes) == (number == 0)
    return number


def withdraw(world: World, person: Person) -> None:
    with world.inside():
        enrolment = get_enrolment(world.member(person), world.cast.spring.id)
        assert enrolment is not None
        withdraw_enrolment(enrolment)


@pytest.fixture
def discussion_id(world: World) -> int:
    """Tina's reflection is #1."""
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "My thought")
    return discussion_id


def test_a_reply_is_told_to_whom_it_answers_and_whose_reflection_it_is_under(world: World, discussion_id: int) -> None:
    cast = world.cast
    world.publish(cast.tom, discussion_id, "I agree", 1)
    world.publish(cast.ivan, discussion_id, "Well said", 2)
    world.publish(cast.tina, discussion_id, "Thanks", 3)
    assert inbox(world, cast.tina) == ["Ivan commented below your post #1", "Tom replied below your post #1"]
    assert inbox(world, cast.tom) == ["Ivan commented below your post #2"]
    assert inbox(world, cast.ivan) == ["Tina replied below your post #3"]
    assert inbox(world, cast.olga) == []


@pytest.mark.one_database
def test_nobody_is_told_of_what_they_do_themselves(world: World, discussion_id: int) -> None:
    cast = world.cast
    world.publish(cast.tina, discussion_id, "And more", 1)
    number = world.publish(cast.olga, discussion_id, "A word")
    world.change("feature", cast.olga, discussion_id, number)
    assert inbox(world, cast.tina) == []
    assert inbox(world, cast.olga) == []


def test_featured_is_told_once_and_only_while_it_holds(world: World, discussion_id: int) -> None:
    cast = world.cast
    world.change("feature", cast.olga, discussion_id, 1)
    assert inbox(world, cast.tina) == ["Your post #1 was featured"]
    world.change("unfeature", cast.olga, discussion_id, 1)
    assert inbox(world, cast.tina) == []
    world.change("feature", cast.ivan, discussion_id, 1)
    assert inbox(world, cast.tina) == ["Your post #1 was featured"]


@pytest.mark.one_database
def test_what_is_hidden_or_deleted_is_told_no_longer(world: World, discussion_id: int) -> None:
    cast = world.cast
    world.publish(cast.tom, discussion_id, "Off the subject", 1)
    world.publish(cast.tom, discussion_id, "A slip", 1)
    world.change("hide", cast.olga, discussion_id, 2, "off the subject")
    world.change("delete", cast.tom, discussion_id, 3)
    assert inbox(world, cast.tina) == []
    assert world.client_of(cast.tina).get("/notifications/1").status == 404
    world.change("restore", cast.olga, discussion_id, 2)
    assert inbox(world, cast.tina) == ["Tom replied below your post #1"]


@pytest.mark.one_database
def test_who_withdrew_and_an_archived_class_are_told_nothing(world: World, discussion_id: int) -> None:
    cast = world.cast
    world.publish(cast.tom, discussion_id, "Private words", 1)
    world.publish(cast.tina, discussion_id, "Private words", 2)
    withdraw(world, cast.tina)
    assert inbox(world, cast.tina) == []
    assert len(inbox(world, cast.tom)) == 1
    world.archive()
    assert inbox(world, cast.tom) == []


@pytest.mark.one_database
def test_the_words_of_others_are_kept_from_who_must_post_first(world: World) -> None:
    cast, discussion_id = world.cast, world.discussion(post_first=True)
    world.publish(cast.tina, discussion_id, "My thought")
    world.publish(cast.ivan, discussion_id, "Words worth waiting for", 1)
    page = world.client_of(cast.tina).get("/notifications")
    assert "Words worth waiting for" in page.words
    world.change("hide", cast.olga, discussion_id, 1, "twice the same")
    page = world.client_of(cast.tina).get("/notifications")
    assert "Ivan commented below your post #1" in page.words
    assert "worth waiting" not in page.source


@pytest.mark.one_database
def test_another_s_notification_is_not_there(world: World, discussion_id: int) -> None:
    world.publish(world.cast.tom, discussion_id, "I agree", 1)
    way = world.client_of(world.cast.tina).get("/notifications").one("p", class_="answer-who").one("a")["href"]
    for name in ("tom", "ivan", "olga", "stella", "wendy"):
        assert world.client_of(getattr(world.cast, name)).get(way).status == 404, name


def test_opening_one_marks_it_read_and_leads_to_the_post(world: World, discussion_id: int) -> None:
    world.publish(world.cast.tom, discussion_id, "I agree", 1)
    world.publish(world.cast.ivan, discussion_id, "Well said", 1)
    tina = world.client_of(world.cast.tina)
    page = tina.get("/notifications")
    assert unread(page) == 2
    answer = tina.get(page.all("p", class_="answer-who")[0].one("a")["href"])
    assert (answer.status, answer.headers["Location"]) == (303, f"/discussions/{discussion_id}?show=3#post-3")
    assert unread(tina.discussion(discussion_id)) == 1
    assert unread(tina.submit(tina.get("/notifications"), "/notifications/read", follow=True)) == 0
    assert [form for form in tina.get("/notifications").forms if form.action == "/notifications/read"] == []


@pytest.mark.one_database
def test_who_has_read_the_discussion_has_seen_what_they_were_told_of_it(world: World, discussion_id: int) -> None:
    cast = world.cast
    world.publish(cast.tom, discussion_id, "I agree", 1)
    world.publish(cast.ivan, discussion_id, "Well said", 1)
    world.change("feature", cast.olga, discussion_id, 1)
    tina = world.client_of(cast.tina)
    assert unread(tina.discussion(discussion_id)) == 3
    tina.post(f"/discussions/{discussion_id}/read", number="2")
    assert unread(tina.discussion(discussion_id)) == 2
    tina.post(f"/discussions/{discussion_id}/read", number="3")
    assert unread(tina.get("/")) == 1, "that the post is featured has not been seen"


@pytest.mark.one_database
def test_a_page_holds_thirty_and_leads_to_older_ones(world: World, discussion_id: int) -> None:
    for step in range(31):
        world.publish(world.cast.tom, discussion_id, f"Reply {step}", 1)
    tina = world.client_of(world.cast.tina)
    first = tina.get("/notifications")
    assert len(first.all("li", class_="answer")) == 30
    older = tina.get(first.one("a", rel="next")["href"])
    assert [entry.one("p", class_="answer-text").words for entry in older.all("li", class_="answer")] == ["Reply 0"]
    assert not older.all("a", rel="next")


@pytest.mark.one_database
def test_the_page_costs_the_same_whatever_there_is(world: World, discussion_id: int) -> None:
    world.publish(world.cast.tom, discussion_id, "I agree", 1)
    little = cost(world, "tina", "/notifications")
    assert little <= 4
    other = world.discussion("Another")
    world.publish(world.cast.tina, other)
    for step in range(20):
        world.publish(world.cast.ivan, (discussion_id, other)[step % 2], f"Comment {step}", 1)
    assert cost(world, "tina", "/notifications") == little


@pytest.mark.one_database
def test_telling_costs_a_reply_one_statement_and_a_reflection_none(world: World, discussion_id: int) -> None:
    def written(number: int | None) -> int:
        with statements() as sent:
            world.publish(world.cast.tom, discussion_id, "A thought", number)
        return len([one for one in sent if "notifications" in one])

    assert written(None) == 0
    assert written(1) == 1


@pytest.mark.one_database
def test_an_import_tells_nobody(world: World, discussion_id: int) -> None:
    rows = [
        file.member("u1", email=world.cast.tina.email),
        file.member("u2"),
        file.discussion(),
        file.post("p1"),
        file.post("p2", parent="p1", author="u2"),
    ]
    lines = file.as_lines(*rows)
    with world.inside():
        tell_openings(world.clock.now)
        before = db.session.query(Notification).count()
        import_threads(db.session.query(TrainingClass).filter_by(slug="spring").one(), lines)
        tell_openings(world.clock.now)
        assert db.session.query(Notification).count() == before


@pytest.mark.one_database
def test_nobody_who_has_not_signed_in_has_a_bell(browser: Browser) -> None:
    assert not browser.get("/sign-in").all("a", class_="bell")
    assert browser.get("/notifications").status == 302


@pytest.mark.parametrize(("waiting", "said"), [(99, "99"), (100, "99+"), (300, "99+")])
def test_more_than_ninety_nine_are_not_counted(world: World, discussion_id: int, waiting: int, said: str) -> None:
    tina = world.cast.tina
    with world.inside():
        db.session.add_all(
            Notification(member_id=tina.id, kind=Kind.OPENING, discussion_id=discussion_id, created_at=NOW)
            for _ in range(waiting)
        )
    bell = world.client_of(tina).get("/me").one("a", class_="bell")
    assert bell.one("span", data_bell_target="number").words == said
    page = world.client_of(tina).get(f"/discussions/{discussion_id}")
    assert page.one("a", class_="bell").one("span", data_bell_target="number").words == said

"""What others wrote below one's own posts: the instructors' comments, the replies that wait for an answer."""

from datetime import timedelta
from itertools import product

from forum import policy
from forum.classes.models import Enrolment, Role
from forum.classes.operations import withdraw_enrolment
from forum.db import db
from forum.discussions.models import Discussion
from forum.home.queries import comments_for
from tests.cast import NOW, World
from tests.home.first_page import SECRET, home, mark, section, sections


def test_comments_on_my_posts_stand_newest_first_and_lead_to_their_place(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "Mine")
    world.publish(world.cast.tom, discussion_id, "His")
    world.publish(world.cast.ivan, discussion_id, "A comment on hers", parent=1)
    world.publish(world.cast.tom, discussion_id, "An answer", parent=3)
    world.publish(world.cast.tina, discussion_id, "My reply to Tom", parent=2)
    world.clock.advance(minutes=1)
    world.publish(world.cast.olga, discussion_id, "A comment on the answer below hers", parent=4)
    world.clock.advance(minutes=1)
    world.publish(world.cast.ivan, discussion_id, "A comment on her reply elsewhere", parent=5)
    world.publish(world.cast.ivan, discussion_id, "A comment on his alone", parent=2)
    world.publish(world.cast.ivan, discussion_id, "A hidden comment", parent=1)
    world.change("hide", world.cast.olga, discussion_id, 9, "a slip")
    mark(world, world.cast.tina, discussion_id, 6)
    comments = section(home(world, world.cast.tina), "comments")
    places = [link["href"] for link in comments.all("a")]
    assert places == [f"/discussions/{discussion_id}?show={number}#post-{number}" for number in (7, 6, 3)]
    entries = comments.all("li")
    assert ["New" in [tag.words for tag in entry.all("span", class_="tag")] for entry in entries] == [
        True,
        False,
        False,
    ]
    assert "to your post #5" in entries[0].words
    assert "to your post #1" in entries[1].words
    assert "his alone" not in comments.words
    assert "hidden comment" not in comments.words


def test_only_the_newest_ten_comments_stand_and_the_rest_is_counted(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    for step in range(12):
        world.publish(world.cast.ivan, discussion_id, f"Comment {step}", parent=1)
    comments = section(home(world, world.cast.tina), "comments")
    assert len(comments.all("li")) == 10
    assert "2 older ones" in comments.words


def test_a_reply_stays_unanswered_until_i_have_written_in_its_thread(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "Mine")
    world.publish(world.cast.tom, discussion_id, "Asking Tina", parent=1)
    unanswered = section(home(world, world.cast.tina), "unanswered")
    assert [link["href"] for link in unanswered.all("a")] == [f"/discussions/{discussion_id}?show=2#post-2"]
    assert "Asking Tina" in unanswered.words
    world.publish(world.cast.tina, discussion_id, "A thought of its own")
    assert "unanswered" in sections(home(world, world.cast.tina)), "another thread is no answer"
    world.publish(world.cast.tina, discussion_id, "An answer", parent=2)
    assert "unanswered" not in sections(home(world, world.cast.tina))
    assert [link["href"][-7:] for link in section(home(world, world.cast.tom), "unanswered").all("a")] == ["#post-4"]


def test_an_instructor_sees_who_answered_a_comment(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.ivan, discussion_id, "What would it take?", parent=1)
    world.publish(world.cast.tina, discussion_id, "A little courage", parent=2)
    assert "A little courage" in section(home(world, world.cast.ivan), "unanswered").words
    assert "unanswered" not in sections(home(world, world.cast.olga))


def test_nothing_counts_as_unanswered_where_nothing_can_be_answered_any_more(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + timedelta(hours=1))
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.tom, discussion_id, parent=1)
    world.publish(world.cast.ivan, discussion_id, parent=1)
    assert "Not answered" in section(home(world, world.cast.tina), "comments").words
    world.clock.advance(hours=2)
    page = home(world, world.cast.tina)
    assert "unanswered" not in sections(page)
    assert "Not answered" not in page.words
    assert "comments" in sections(page), "what the instructor said can still be read"


def test_under_post_first_nothing_of_the_others_is_told_before_one_has_spoken(world: World) -> None:
    discussion_id = world.discussion(post_first=True)
    world.publish(world.cast.tom, discussion_id, "My own")
    world.publish(world.cast.ivan, discussion_id, SECRET, parent=1)
    world.publish(world.cast.tina, discussion_id, SECRET, parent=None)
    mark(world, world.cast.tom, discussion_id, 1)
    assert SECRET in home(world, world.cast.tom).words
    assert "2 new since your visit" in home(world, world.cast.tom).words
    world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
    page = home(world, world.cast.tom)
    assert SECRET not in page.source
    assert "Ivan" not in page.words
    assert "new since" not in page.words
    assert "Write first, then read the others" in page.words


def test_what_the_page_tells_of_answers_is_what_the_policy_lets_be_read(world: World) -> None:
    """The rule stands twice, as a question about one discussion and as a condition on many."""
    discussion_id = world.discussion(post_first=True)
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.ivan, discussion_id, parent=1)
    for role, organises, hidden in product(Role, (True, False), (True, False)):
        with world.inside():
            enrolment = db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.tina.id))
            enrolment.role, enrolment.organises = role, organises
            world.post(discussion_id, 1).hidden_at = NOW if hidden else None
        with world.app.app_context():
            tina, discussion = world.member(world.cast.tina), db.session.get_one(Discussion, discussion_id)
            told = bool(comments_for(tina, NOW))
            assert told == policy.can_read_posts(tina, discussion), (role, organises, hidden)


def test_answers_vanish_with_the_group_that_may_see_them(world: World) -> None:
    discussion_id = world.discussion("Of the first group", groups=["first"])
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.ivan, discussion_id, SECRET, parent=1)
    assert SECRET in home(world, world.cast.tina).source
    with world.inside():
        db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.tina.id)).group_id = None
    assert SECRET not in home(world, world.cast.tina).source


def test_who_withdraws_is_told_nothing_more(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.ivan, discussion_id, SECRET, parent=1)
    with world.inside():
        withdraw_enrolment(db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.tina.id)))
    page = home(world, world.cast.tina)
    assert SECRET not in page.source
    assert "Spring" not in page.words
    assert "You are not in a class yet." in page.words
    assert "tina@example.org" in page.words, "so that she can ask about this account"

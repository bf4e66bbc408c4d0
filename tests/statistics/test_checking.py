"""`forum check`: silent while all is well, and finding each fault that is planted."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import correct_enrolment, enrol_member, withdraw_enrolment
from forum.classes.queries import get_enrolment
from forum.db import db
from forum.discussions import operations, queries, setup
from forum.discussions.models import Discussion, Participation, Post, Stage
from forum.errors import Refused
from forum.statistics.checking import faults
from forum.statistics.figures import class_figures
from tests.cast import World
from tests.counted import CountedClass

# Plain Python over rows; that both databases give the same rows is shown with the figures.
pytestmark = pytest.mark.one_database


def plant(table: Any, where: sa.ColumnElement[bool], **values: Any) -> None:
    """Straight into the row, past all operations."""
    changed = db.session.execute(sa.update(table).where(where).values(**values))
    assert changed.rowcount > 0, "the fault was not planted"  # type: ignore[attr-defined]


def post(counted: CountedClass, number: int) -> sa.ColumnElement[bool]:
    return sa.and_(Post.discussion_id == counted.a, Post.number == number)


def row_of(counted: CountedClass, world: World) -> sa.ColumnElement[bool]:
    return sa.and_(Participation.discussion_id == counted.a, Participation.member_id == world.cast.tom.id)


def id_of(counted: CountedClass, number: int) -> int:
    return db.session.scalars(sa.select(Post.id).where(post(counted, number))).one()


def move_to_another_class(counted: CountedClass, world: World) -> None:
    autumn = db.session.query(TrainingClass).filter_by(slug="autumn").one()
    enrol_member(autumn, world.member(counted.una), Role.TRAINEE)
    db.session.flush()
    plant(Post, post(counted, 7), class_id=autumn.id)


FAULTS: dict[str, Callable[[CountedClass, World], Any]] = {
    "a participation counts a post too many": lambda c, w: plant(Participation, row_of(c, w), posts=3, replies=2),
    "a participation counts other characters": lambda c, w: plant(Participation, row_of(c, w), characters=99),
    "a participation counts a late post": lambda c, w: plant(Participation, row_of(c, w), late=1),
    "a participation is missing": lambda c, w: db.session.execute(sa.delete(Participation).where(row_of(c, w))),
    "a participation of a silent trainee": lambda c, w: plant(Participation, row_of(c, w), member_id=c.sam.id),
    "a gap in the numbers": lambda c, w: plant(Post, post(c, 9), number=10),
    "a post fewer than the discussion says": lambda c, w: plant(Discussion, Discussion.id == c.a, last_number=10),
    "other characters stored": lambda c, w: plant(Post, post(c, 6), characters=1234),
    "another text shown than counted": lambda c, w: plant(Post, post(c, 6), html="<p>longer than it was before</p>"),
    "a reply under another root": lambda c, w: plant(Post, post(c, 8), root_id=id_of(c, 4)),
    "a reply at another depth": lambda c, w: plant(Post, post(c, 8), depth=3),
    "a reply under another discussion's post": lambda c, w: plant(
        Post, sa.and_(Post.discussion_id == c.b), parent_id=id_of(c, 1), root_id=id_of(c, 1), depth=1
    ),
    "a like too many": lambda c, w: plant(Post, post(c, 6), likes=1),
    "a file too many": lambda c, w: plant(Post, post(c, 6), file_count=1),
    "a revision of the future": lambda c, w: plant(Post, post(c, 1), revision=1000),
    "a role changed afterwards": lambda c, w: plant(Post, post(c, 4), role=Role.INSTRUCTOR),
    "hidden behind the operations' back": lambda c, w: plant(Post, post(c, 4), hidden_at=w.clock.now),
    "a post in another class than its discussion": move_to_another_class,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(world: World, counted: CountedClass, name: str) -> None:
    with world.inside():
        FAULTS[name](counted, world)
    with world.app.app_context():
        found = list(faults())
    assert found
    assert all("\n" not in fault for fault in found), "one line a fault"


VERBS = ("publish", "reply", "hide", "restore", "delete", "edit", "withdraw", "correct", "wait", "audience")
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 2), st.integers(1, 12)), max_size=25
)


@given(STEPS)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_a_class_does_the_figures_agree_with_the_posts(
    world: World, steps: list[tuple[str, int, int, int]]
) -> None:
    with world.app.app_context():
        training_class = db.session.query(TrainingClass).filter_by(slug="spring").one()
        discussions = [
            setup.add_discussion(training_class, title, Stage.DURING, groups=groups)
            for title, groups in (("One", []), ("Two", [get_group(world)]), ("Three", []))
        ]
        cast = world.cast
        people = [world.member(person) for person in (cast.tina, cast.tom, cast.ivan, cast.olga, cast.tina, cast.tom)]
        for count, (verb, who, where, number) in enumerate(steps):
            try:
                take(world, verb, people[who], discussions[where], number, f"token-{count}")
            except Refused:
                continue
        totals = class_figures(training_class).totals
        assert totals.participants <= totals.person_times <= totals.posts
        assert totals.commented <= totals.reflections
        assert totals.participants <= totals.trainees
        assert totals.units_covered <= totals.units
        assert list(faults()) == []
        db.session.rollback()


def get_group(world: World, name: str = "first") -> Any:
    from forum.classes.models import Group

    return db.session.get_one(Group, world.cast.spring.groups[name])


def take(world: World, verb: str, member: Any, discussion: Discussion, number: int, token: str) -> None:
    """A step of a random class; what makes no sense is passed over."""
    if verb == "wait":
        world.clock.advance(hours=number * 7)
        return
    if verb == "audience":
        said = {name: getattr(discussion, name) for name in ("title", "stage", "prompt", "opens_at", "closes_at")}
        groups = [get_group(world, name) for name in ("first", "second")][: number % 3]
        setup.edit_discussion(discussion, groups, confirmed=True, activity=None, post_first=False, **said)
        return
    enrolment = get_enrolment(member, discussion.class_id)
    assert enrolment is not None
    if verb == "withdraw":
        return withdraw_enrolment(enrolment) if number == 1 else None
    if verb == "correct":
        role = Role.INSTRUCTOR if number == 1 else Role.TRAINEE
        return correct_enrolment(enrolment, role, enrolment.unit if number % 2 else None, enrolment.group)
    if verb == "publish":
        operations.publish_post(member, discussion, f"Some words {number} 一二三", None, token)
        return
    if verb == "reply":
        operations.publish_post(member, discussion, "Well *said*", number, token)
        return
    found = queries.get_post(discussion, number)
    if found is None or found.deleted_at is not None or (verb in ("edit", "delete") and found.hidden_at):
        return
    words = {"hide": ["a reason"], "edit": [f"> quoted\n\nAnew {number}"]}
    getattr(operations, f"{verb}_post")(member, found, *words.get(verb, []))

"""Who may do what, as one table: a row for each verb, a column for each kind of person."""

from collections.abc import Callable

import pytest

from forum import policy
from forum.classes.models import TrainingClass
from forum.classes.queries import visible_to as class_visible_to
from forum.db import db
from forum.discussions.models import Discussion
from forum.discussions.queries import get_discussion
from tests.cast import World

pytestmark = pytest.mark.one_database

PEOPLE = ("tina", "tom", "ivan", "olga", "omar", "ada", "stella", "wendy")
# Tina wrote the post in question. y: may, -: may not.
#                       author  other    instr.  organi-  obser-  admi-   stran-  with-
#                       trainee trainee  uctor   ser      ver     nistr.  ger     drawn
TABLE = {
    "see a class":      "y       y        y       y        y       y       -       -",
    "see a discussion": "y       y        y       y        y       y       -       -",
    "administer":       "-       -        -       -        -       y       -       -",
    "create_class":     "-       -        -       y        -       y       -       -",
    "use_second_step":  "-       -        y       y        -       y       -       -",
    "end_second_step":  "-       -        -       -        -       y       -       -",
    "change_contact":   "-       -        -       -        -       y       -       -",
    "organise":         "-       -        -       y        -       y       -       -",
    "moderate":         "-       -        y       y        -       y       -       -",
    "use_desk":         "-       -        y       y        -       y       -       -",
    "see_figures":      "-       -        y       y        y       y       -       -",
    "record_attendance":"-       -        y       y        -       y       -       -",
    "check_in":         "y       y        y       y        y       -       -       -",
    "show_wall":        "-       -        y       y        y       y       -       -",
    "remind":           "-       -        y       y        -       y       -       -",
    "post":             "y       y        y       y        -       -       -       -",
    "like_posts":       "y       y        y       y        y       -       -       -",
    "like":             "-       y        y       y        y       -       -       -",
    "reply":            "y       y        y       y        -       -       -       -",
    "edit":             "y       -        -       -        -       -       -       -",
    "delete":           "y       -        -       -        -       -       -       -",
    "hide":             "-       -        y       y        -       y       -       -",
    "remove_file":      "y       -        y       y        -       y       -       -",
    "restore":          "-       -        -       -        -       -       -       -",
    "feature":          "-       -        y       y        -       y       -       -",
    "unfeature":        "-       -        -       -        -       -       -       -",
    "see_why":          "y       -        y       y        -       y       -       -",
    "see_history":      "-       -        y       y        -       y       -       -",
}  # fmt: skip
HIDDEN = {
    "like":             "-       -        -       -        -       -       -       -",
    "reply":            "-       -        -       -        -       -       -       -",
    "edit":             "-       -        -       -        -       -       -       -",
    "delete":           "-       -        -       -        -       -       -       -",
    "hide":             "-       -        -       -        -       -       -       -",
    "remove_file":      "-       -        -       -        -       -       -       -",
    "restore":          "-       -        y       y        -       y       -       -",
    "feature":          "-       -        -       -        -       -       -       -",
    "see_why":          "y       -        y       y        -       y       -       -",
}  # fmt: skip
FEATURED = {
    "feature":          "-       -        -       -        -       -       -       -",
    "unfeature":        "-       -        y       y        -       y       -       -",
    "edit":             "y       -        -       -        -       -       -       -",
}  # fmt: skip
DELETED = {
    "like":             "-       -        -       -        -       -       -       -",
    "reply":            "-       -        -       -        -       -       -       -",
    "edit":             "-       -        -       -        -       -       -       -",
    "hide":             "-       -        -       -        -       -       -       -",
    "remove_file":      "-       -        -       -        -       -       -       -",
    "restore":          "-       -        -       -        -       -       -       -",
    "feature":          "-       -        -       -        -       -       -       -",
}  # fmt: skip


def ask(world: World, verb: str, name: str, discussion_id: int) -> bool:
    """Each in a context of their own, as in a request of their own."""
    with world.app.app_context():
        member = world.member(getattr(world.cast, name))
        discussion = db.session.get_one(Discussion, discussion_id)
        training_class = discussion.training_class
        if verb == "see a class":
            condition = TrainingClass.id == training_class.id
            return db.session.query(TrainingClass).filter(condition, class_visible_to(member)).count() == 1
        if verb == "see a discussion":
            return get_discussion(member, discussion_id) is not None
        rule: Callable[..., bool] = getattr(policy, f"can_{verb}")
        thing = {
            "create_class": training_class,
            "end_second_step": world.member(world.cast.tina),
            "change_contact": world.member(world.cast.tina),
            "organise": training_class,
            "moderate": training_class,
            "use_desk": training_class,
            "see_figures": training_class,
            "record_attendance": training_class,
            "check_in": training_class,
            "post": discussion,
            "remind": discussion,
            "show_wall": discussion,
            "like_posts": discussion,
            "read_posts": discussion,
        }
        return rule(member, thing.get(verb) or world.post(discussion_id, 1))


def as_table(world: World, verbs: dict[str, str], discussion_id: int) -> dict[str, str]:
    return {verb: "  ".join("y" if ask(world, verb, name, discussion_id) else "-" for name in PEOPLE) for verb in verbs}


def expected(table: dict[str, str]) -> dict[str, str]:
    return {verb: "  ".join(row.split()) for verb, row in table.items()}


@pytest.fixture
def discussion_id(world: World) -> int:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "What struck me")
    return discussion_id


def test_who_may_do_what_with_a_post_that_stands(world: World, discussion_id: int) -> None:
    assert as_table(world, TABLE, discussion_id) == expected(TABLE)


def test_who_may_do_what_with_a_hidden_post(world: World, discussion_id: int) -> None:
    world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
    assert as_table(world, HIDDEN, discussion_id) == expected(HIDDEN)


def test_who_may_do_what_with_a_featured_post(world: World, discussion_id: int) -> None:
    world.change("feature", world.cast.olga, discussion_id, 1)
    assert as_table(world, FEATURED, discussion_id) == expected(FEATURED)


def test_nobody_may_do_anything_with_a_deleted_post(world: World, discussion_id: int) -> None:
    world.change("delete", world.cast.tina, discussion_id, 1)
    assert as_table(world, DELETED, discussion_id) == expected(DELETED)


def test_a_trainee_who_withdrew_loses_what_the_author_may_do(world: World, discussion_id: int) -> None:
    from forum.classes.operations import withdraw_enrolment
    from forum.classes.queries import get_enrolment

    with world.inside():
        enrolment = get_enrolment(world.member(world.cast.tina), world.cast.spring.id)
        assert enrolment is not None
        withdraw_enrolment(enrolment)
    verbs = ("see a discussion", "post", "reply", "edit", "delete", "see_figures")
    assert [verb for verb in verbs if ask(world, verb, "tina", discussion_id)] == []


def test_under_post_first_only_a_trainee_who_has_not_spoken_reads_nothing(world: World) -> None:
    discussion_id = world.discussion(post_first=True)
    world.publish(world.cast.tina, discussion_id)
    readers = [name for name in PEOPLE if ask(world, "read_posts", name, discussion_id)]
    assert "tom" not in readers
    assert {"tina", "ivan", "olga", "omar", "ada"} <= set(readers)
    assert not ask(world, "reply", "tom", discussion_id)
    assert ask(world, "reply", "ivan", discussion_id)


def test_a_hidden_post_of_one_s_own_does_not_open_a_post_first_discussion(world: World) -> None:
    discussion_id = world.discussion(post_first=True)
    world.publish(world.cast.tina, discussion_id)
    world.change("hide", world.cast.olga, discussion_id, 1, "off the subject")
    assert not ask(world, "read_posts", "tina", discussion_id)


def test_every_verb_of_the_policy_stands_in_the_table() -> None:
    verbs = {name.removeprefix("can_") for name in vars(policy) if name.startswith("can_")}
    assert verbs - {"read_posts"} <= set(TABLE)

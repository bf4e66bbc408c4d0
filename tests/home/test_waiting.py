"""Who has not spoken, for organisers; what waits for a comment, for instructors."""

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import db
from tests.cast import World, add_person
from tests.home.first_page import home, section


def test_organisers_and_administrators_see_who_is_silent_and_nobody_else_does(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tom, discussion_id)
    for person in (world.cast.olga, world.cast.ada):
        silent = home(world, person).one("details", class_="silent")
        assert "1 trainee has not spoken yet" in silent.words
        assert "Tina" in silent.words
        assert "Tom" not in silent.words
        assert "Wendy" not in silent.words, "she has left"
    for person in (world.cast.tina, world.cast.tom, world.cast.ivan, world.cast.omar):
        page = home(world, person)
        assert not page.all("details", class_="silent"), person.name
        assert "spoken yet" not in page.words.replace("You have not spoken here yet", ""), person.name


def test_the_silent_are_those_of_the_audience_twelve_of_them_by_pinyin(world: World) -> None:
    with world.inside():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        for name in ("张三", "李四", "Bo", "安然", *(f"Yan{step:02}" for step in range(12))):
            enrolment = enrol_member(spring, add_person(name), Role.TRAINEE)
            enrolment.group_id = world.cast.spring.groups["first"]
    world.discussion("For the first group", groups=["first"])
    silent = home(world, world.cast.olga).one("details", class_="silent")
    assert "17 trainees have not spoken yet" in silent.words
    names = [name.words for name in silent.all("span", class_="name")]
    assert names == ["安然", "Bo", "李四", "Tina", *(f"Yan{step:02}" for step in range(8))]
    more = silent.one("a")
    assert (more.words, more["href"]) == ("and 5 more", "/classes/spring/figures?by=trainee")


def test_an_instructor_sees_what_waits_for_a_comment_and_who_has_waited_longest(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.publish(world.cast.tom, discussion_id)
    world.clock.advance(hours=1)
    world.publish(world.cast.tom, discussion_id)
    world.publish(world.cast.tom, discussion_id, parent=1)
    waits = section(home(world, world.cast.ivan), "open").one("p", class_="waits").words
    assert waits == "3 reflections wait for a comment. Tina has waited longest, since 2 Mar, 09:00."
    world.publish(world.cast.olga, discussion_id, parent=4)
    page = home(world, world.cast.ivan)
    assert "2 reflections wait" in page.words
    assert "Tom has waited longest" in page.words
    assert page.one("p", class_="way-in").one("a")["href"] == f"/classes/spring/desk?discussion={discussion_id}"
    for person in (world.cast.tina, world.cast.omar, world.cast.ada):
        assert not home(world, person).all("p", class_="waits"), person.name
    world.publish(world.cast.ivan, discussion_id, parent=2)
    world.publish(world.cast.ivan, discussion_id, "A word to all")
    assert "1 reflection waits for a comment: that of Tom, since 2 Mar, 10:00." in home(world, world.cast.ivan).words
    world.change("hide", world.cast.olga, discussion_id, 3, "off the subject")
    assert "Every reflection has a comment." in home(world, world.cast.ivan).words

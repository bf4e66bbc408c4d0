"""Correcting who is in a class: what it does to the figures is shown first, then done."""

import pytest

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.queries import person_of
from forum.db import db
from forum.discussions.models import Post
from forum.units.models import Unit
from tests.cast import Browser, Person, World
from tests.newcomers import Newcomer
from tests.pages import Element, Page

pytestmark = pytest.mark.one_database

PEOPLE = "/classes/spring/members"


@pytest.fixture
def olga(world: World) -> Browser:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "What struck me")
    world.publish(world.cast.ivan, discussion_id, "Quite so", parent=1)
    world.publish(world.cast.tom, discussion_id, "I agree", parent=1)
    return world.client_of(world.cast.olga)


def correct(browser: Browser, person: Person, **changed: str) -> Page:
    """The form as it stands, with these fields changed, sent once."""
    path = f"{PEOPLE}/{person.id}"
    page = browser.get(path)
    return browser.submit(page, path, **(standing(page) | changed))


def standing(page: Page) -> dict[str, str]:
    """What a browser sends of lists and boxes."""
    chosen = {
        field["name"]: option["value"]
        for field in page.all("select")
        for option in field.all("option")
        if "selected" in option.attributes
    }
    ticked = {field["name"]: "y" for field in page.all("input", type="checkbox") if "checked" in field.attributes}
    return chosen | ticked


def confirm(browser: Browser, page: Page, path: str) -> Page:
    return browser.submit(page, path, confirm="yes")


def cells(table: Element) -> dict[str, dict[str, str]]:
    """By unit or group, each in a column, and figure: "1 → 0"."""
    lines = table.one("tbody").all("tr")
    return {
        head.words: {line.one("th").words: line.all("td")[place].words for line in lines}
        for place, head in enumerate(table.one("thead").all("th")[1:])
    }


def effects(page: Page) -> dict[str, dict[str, dict[str, str]]]:
    sections = {name: page.all("section", aria_labelledby=name) for name in ("totals", "units", "groups")}
    return {name: cells(found[0]) if found and found[0].all("table") else {} for name, found in sections.items()}


def enrolment_of(world: World, person: Person) -> Enrolment:
    """Only inside."""
    found = person_of(db.session.query(TrainingClass).filter_by(slug="spring").one(), person.id)
    assert found is not None
    return found


def test_another_unit_shows_what_moves_before_it_is_saved(world: World, olga: Browser) -> None:
    tina = world.cast.tina
    page = correct(olga, tina, unit="City /  Harbour ")
    assert page.status == 200
    shown = effects(page)
    assert shown["totals"] == {}
    assert shown["groups"] == {}
    assert shown["units"]["East"]["Posts"] == "1 → –"
    assert shown["units"]["Harbour"]["Posts"] == "– → 1"
    assert shown["units"]["Harbour"]["Participation rate"] == "– → 100.0 %"
    assert "City / East" in page.words
    before = world.figures(by="unit")
    with world.app.app_context():
        assert enrolment_of(world, tina).unit.path == "City / East"  # type: ignore[union-attr]
        assert db.session.query(Unit).filter_by(path="City / Harbour").count() == 0
    done = confirm(olga, page, f"{PEOPLE}/{tina.id}")
    assert (done.status, done.headers["Location"]) == (303, f"{PEOPLE}/{tina.id}")
    after = world.figures(by="unit")
    assert after.totals == before.totals
    assert {row.name: row.posts for row in after.rows} == {"City / Harbour": 1, "City / West": 1}


def test_another_group_moves_the_figures_of_both_groups(world: World, olga: Browser) -> None:
    page = correct(olga, world.cast.tina, group=str(world.cast.spring.groups["second"]))
    shown = effects(page)
    assert shown["units"] == {}
    assert shown["groups"]["First group"]["Reflections"] == "1 → –"
    assert shown["groups"]["Second group"]["Reflections"] == "0 → 1"
    assert shown["groups"]["Second group"]["Trainees"] == "1 → 2"


def test_posts_keep_the_role_they_were_written_in(world: World, olga: Browser) -> None:
    page = correct(olga, world.cast.tina, role="instructor")
    assert "No figure changes" in page.words
    assert "Trainee → Instructor" in page.words
    before = world.totals()
    assert confirm(olga, page, f"{PEOPLE}/{world.cast.tina.id}").status == 303
    assert world.totals() == before
    with world.app.app_context():
        assert enrolment_of(world, world.cast.tina).role is Role.INSTRUCTOR
        assert {post.role for post in db.session.query(Post).filter_by(author_id=world.cast.tina.id)} == {Role.TRAINEE}


def test_withdrawing_a_silent_trainee_lowers_the_trainees_and_bringing_back_raises_them(
    world: World, olga: Browser, newcomer: Newcomer
) -> None:
    silent = newcomer("Nina", unit="City / North")
    path = f"{PEOPLE}/{silent.id}"
    page = olga.submit(olga.get(path), f"{path}/withdraw")
    assert effects(page)["totals"]["Spring seminar"]["Trainees"] == "3 → 2"
    assert effects(page)["units"]["North"]["Trainees"] == "1 → –"
    assert world.totals().trainees == 3
    assert confirm(olga, page, f"{path}/withdraw").status == 303
    assert world.totals().trainees == 2
    again = olga.submit(olga.get(path), f"{path}/restore")
    assert effects(again)["totals"]["Spring seminar"]["Trainees"] == "2 → 3"
    assert confirm(olga, again, f"{path}/restore").status == 303
    assert world.totals().trainees == 3
    assert olga.post(f"{path}/restore", confirm="yes").status == 422


def test_who_wrote_and_withdraws_takes_no_figure_along(world: World, olga: Browser) -> None:
    path = f"{PEOPLE}/{world.cast.tina.id}"
    page = olga.submit(olga.get(path), f"{path}/withdraw")
    assert "No figure changes" in page.words
    confirm(olga, page, f"{path}/withdraw")
    assert world.client_of(world.cast.tina).get("/classes/spring").status == 404
    assert olga.post(f"{path}/withdraw", confirm="yes").status == 422


def test_what_was_typed_can_be_changed_again(world: World, olga: Browser) -> None:
    page = correct(olga, world.cast.tina, unit="City / Harbour", role="observer")
    form = olga.submit(page, f"{PEOPLE}/{world.cast.tina.id}", again="yes")
    assert form.status == 200
    assert form.one("input", id="unit")["value"] == "City / Harbour"
    assert standing(form)["role"] == "observer"


def test_a_unit_that_would_be_new_is_told_and_one_of_its_name_offered(world: World, olga: Browser) -> None:
    path = f"{PEOPLE}/{world.cast.tina.id}"
    page = correct(olga, world.cast.tina, unit="west")
    assert "There is no unit “west” yet: it would be made." in page.words
    assert "The class has one of this name already" in page.words
    meant = olga.submit(page, path)
    assert "would be made" not in meant.words
    assert effects(meant)["units"]["West"]["Posts"] == "1 → 2"
    with world.app.app_context():
        assert db.session.query(Unit).filter_by(path="west").count() == 0
    assert confirm(olga, meant, path).status == 303
    with world.app.app_context():
        assert enrolment_of(world, world.cast.tina).unit.path == "City / West"  # type: ignore[union-attr]


@pytest.mark.parametrize(("unit", "words"), [("City / Harbour", True), ("City / West", False), ("", False)])
def test_nothing_is_asked_about_a_unit_of_another_name(world: World, olga: Browser, unit: str, words: bool) -> None:
    page = correct(olga, world.cast.tina, unit=unit)
    assert ("would be made" in page.words) is words
    assert "The class has" not in page.words


def test_nothing_changed_is_said(world: World, olga: Browser) -> None:
    page = correct(olga, world.cast.tina)
    assert page.status == 422
    assert "Nothing is different from before" in page.refusal


@pytest.mark.parametrize(
    "changed", [{"unit": "x" * 501}, {"unit": "y" * 121}, {"role": "king"}, {"group": "999"}, {"group": "x"}]
)
def test_what_cannot_be_is_refused_with_the_form_filled_in(
    world: World, olga: Browser, changed: dict[str, str]
) -> None:
    page = correct(olga, world.cast.tina, **changed)
    assert page.status == 422
    assert page.refusal
    if "unit" in changed:
        assert page.one("input", id="unit")["value"] == changed["unit"]


def test_a_group_of_another_class_is_no_choice(world: World, olga: Browser) -> None:
    from forum.classes.groups import add_group

    with world.inside():
        theirs = add_group(db.session.query(TrainingClass).filter_by(slug="autumn").one(), "Theirs").id
    assert correct(olga, world.cast.tina, group=str(theirs)).status == 422


def test_a_name_that_is_markup_stands_as_typed(world: World, olga: Browser) -> None:
    page = correct(olga, world.cast.tina, unit="City / <b>East")
    assert "<b>East" not in page.source
    assert "<b>East" in page.words


@pytest.mark.parametrize(
    ("name", "status"), [("tina", 403), ("ivan", 403), ("omar", 403), ("stella", 404), ("wendy", 404)]
)
def test_only_organisers_come_here(world: World, olga: Browser, name: str, status: int) -> None:
    browser, tom = world.client_of(getattr(world.cast, name)), f"{PEOPLE}/{world.cast.tom.id}"
    assert browser.get(tom).status == status
    assert browser.get(f"{PEOPLE}/new").status == status
    for path in (tom, f"{tom}/withdraw", f"{tom}/restore", f"{PEOPLE}/new"):
        fields = {"role": "observer", "group": "", "unit": "", "name": "N", "phone": "12345678"}
        assert browser.post(path, confirm="yes", **fields).status == status
    with world.app.app_context():
        assert enrolment_of(world, world.cast.tom).role is Role.TRAINEE


def test_somebody_of_another_class_is_not_there(world: World, olga: Browser) -> None:
    path = f"{PEOPLE}/{world.cast.stella.id}"
    assert olga.get(path).status == 404
    assert olga.post(path, role="observer", confirm="yes").status == 404
    assert olga.post(f"{path}/withdraw", confirm="yes").status == 404


def test_the_only_organiser_cannot_leave_the_class_alone(world: World, olga: Browser) -> None:
    path = f"{PEOPLE}/{world.cast.olga.id}"
    fields = {"role": "instructor", "group": "", "unit": "City / Office"}
    for page in (olga.post(path, **fields), olga.post(path, confirm="yes", **fields)):
        assert page.status == 422
        assert "Olga is the only organiser" in page.refusal
    assert olga.post(f"{path}/withdraw", confirm="yes").status == 422
    assert olga.get(path).status == 200


def test_an_administrator_may_leave_a_class_without_an_organiser(world: World, olga: Browser) -> None:
    path, ada = f"{PEOPLE}/{world.cast.olga.id}", world.client_of(world.cast.ada)
    assert ada.post(path, role="instructor", group="", unit="City / Office", confirm="yes").status == 303
    assert olga.get(path).status == 403


def test_with_two_organisers_one_may_go_and_lands_where_it_is_allowed(world: World, olga: Browser) -> None:
    page = correct(olga, world.cast.ivan, organises="y")
    assert "no → yes" in page.words
    assert confirm(olga, page, f"{PEOPLE}/{world.cast.ivan.id}").status == 303
    ivan, path = world.client_of(world.cast.ivan), f"{PEOPLE}/{world.cast.ivan.id}"
    assert ivan.get(path).status == 200
    gone = ivan.post(path, role="instructor", group="", unit="City / Office", confirm="yes")
    assert gone.headers["Location"] == PEOPLE
    assert ivan.get(path).status == 403


def test_an_organiser_who_withdraws_lands_on_the_first_page(world: World, olga: Browser) -> None:
    ivan = f"{PEOPLE}/{world.cast.ivan.id}"
    assert (
        olga.post(ivan, role="instructor", group="", unit="City / Office", organises="y", confirm="yes").status == 303
    )
    gone = olga.post(f"{PEOPLE}/{world.cast.olga.id}/withdraw", confirm="yes")
    assert (gone.status, gone.headers["Location"]) == (303, "/")
    assert olga.get("/classes/spring").status == 404

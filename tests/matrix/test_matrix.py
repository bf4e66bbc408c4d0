"""The matrix trainee x discussion against the class counted by hand, and against the figures."""

from dataclasses import replace
from typing import Any

import pytest

from forum.classes.models import Enrolment, Group
from forum.db import db
from forum.discussions.models import Discussion, Stage
from forum.matrix import figures as matrices
from forum.matrix.figures import Cell, Matrix, matrix
from forum.statistics.figures import figures_of
from forum.statistics.queries import choices_of
from forum.statistics.scope import Scope
from tests.cast import World
from tests.counted import CountedClass, at, join
from tests.statistics.test_scope import scope_of

SHOWN = "/classes/spring/figures/matrix"


def matrix_of(scope: Scope, **options: Any) -> Matrix:
    return matrix(scope, choices_of(scope.training_class).discussions, **options)


def cells(world: World, silent: bool = False, **parts: Any) -> dict[str, list[Cell | None]]:
    with world.app.app_context():
        return {row.name: row.cells for row in matrix_of(scope_of(**parts), silent=silent).rows}


def test_each_cell_says_what_one_trainee_did_in_one_discussion(world: World, counted: CountedClass) -> None:
    world.change("feature", world.cast.olga, counted.a, 2)
    world.change("hide", world.cast.olga, counted.a, 7, "a reason")
    assert cells(world) == {
        "Sam": [Cell(), None],
        "Tina": [Cell(posts=1, commented=1), Cell(posts=1)],
        "Tom": [Cell(posts=2, commented=1, featured=1), None],
        "Una": [Cell(), None],
    }
    with world.app.app_context():
        spoken = {row.name: (row.spoken, row.asked, row.posts) for row in matrix_of(scope_of()).rows}
    assert spoken == {"Sam": (0, 1, 0), "Tina": (2, 2, 2), "Tom": (1, 1, 2), "Una": (0, 1, 0)}


@pytest.mark.one_database
def test_what_was_written_after_the_first_closing_is_late(world: World, counted: CountedClass) -> None:
    at(world, "2026-03-02 11:00")
    with world.inside():
        db.session.get_one(Discussion, counted.a).first_closed_at = world.clock.now
    world.publish(counted.sam, counted.a, "At last")
    assert cells(world)["Sam"] == [Cell(posts=1, late=1), None]


def test_who_moved_to_another_group_stays_where_they_spoke(world: World, counted: CountedClass) -> None:
    with world.inside():
        enrolment = db.session.get_one(Enrolment, (world.cast.spring.id, world.cast.tina.id))
        enrolment.group_id = world.cast.spring.groups["second"]
    assert cells(world)["Tina"][1] == Cell(posts=1)


def test_the_silent_have_not_spoken_in_what_the_filters_leave(world: World, deep: CountedClass) -> None:
    assert list(cells(world, silent=True)) == ["Sam"]
    assert list(cells(world, silent=True, stage=Stage.AFTER)) == ["Sam", "Tina", "Tom", "Una"]
    assert list(cells(world, silent=True, discussion=deep.b)) == []


FILTERS: list[dict[str, Any]] = [
    {},
    {"stage": Stage.DURING},
    {"unit": "City"},
    {"unit": "City / East"},
    {"group": "First group"},
    {"group": "Second group", "stage": Stage.AFTER},
]


@pytest.mark.parametrize("parts", FILTERS)
def test_the_foot_is_the_figures_by_discussion_and_the_cells_add_up_to_it(
    world: World, deep: CountedClass, parts: dict[str, Any]
) -> None:
    with world.app.app_context():
        scope = scope_of(**parts)
        compare(scope)
        compare(replace(scope, discussion=db.session.get_one(Discussion, deep.b), stage=None))


def compare(scope: Scope) -> None:
    shown, figures = matrix_of(scope), figures_of(scope, "discussion")
    rows = {row.key: (row.participants, row.trainees, row.participation_rate) for row in figures.rows}
    asked = [one for one in shown.columns if one.trainees]
    assert {one.discussion.id: (one.participants, one.trainees, one.rate) for one in asked} == rows
    assert (shown.person_times, shown.posts) == (figures.totals.person_times, figures.totals.posts)
    assert shown.total == figures.totals.trainees == len(shown.rows)
    for place, column in enumerate(shown.columns):
        its = [cell for row in shown.rows if (cell := row.cells[place])]
        assert len(its) == column.trainees
        assert sum(1 for cell in its if cell.posts) == column.participants


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "AT_ONCE", 2)


@pytest.mark.usefixtures("pages_of_two")
def test_people_come_a_page_at_a_time_by_name(world: World, counted: CountedClass) -> None:
    join(world, "Sammy")
    join(world, "王明")
    seen, after = [], None
    while True:
        with world.app.app_context():
            shown = matrix_of(scope_of(), after=after)
        assert (shown.total, shown.before) == (6, len(seen))
        seen += [row.name for row in shown.rows]
        if (after := shown.next) is None:
            break
    assert seen == ["Sam", "Sammy", "Tina", "Tom", "Una", "王明"]


@pytest.mark.one_database
@pytest.mark.usefixtures("pages_of_two")
def test_the_page_says_each_cell_in_words_and_goes_on_to_the_next_people(world: World, counted: CountedClass) -> None:
    world.change("feature", world.cast.olga, counted.a, 4)
    olga = world.client_of(world.cast.olga)
    first = olga.get(SHOWN)
    assert "1 to 2 of 4, by name" in first.words
    tina = next(row for row in first.all("tr") if "Tina" in row.words)
    assert [link["aria-label"] for link in tina.all("a") if link.get("aria-label")] == ["1 post, commented", "1 post"]
    sam = next(row for row in first.all("tr") if "Sam" in row.words)
    assert "not yet" in sam.words
    assert "not for this group" in sam.words
    second = olga.get(first.one("a", rel="next")["href"])
    tom = next(row for row in second.all("tr") if "Tom" in row.words)
    link = tom.one("a", aria_label="2 posts, commented, featured")
    assert f"row={world.cast.tom.id}&discussion={counted.a}" in link["href"]
    assert len(olga.get(link["href"]).all("li", class_="behind-row")) == 2
    assert "From the first" in second.words


@pytest.mark.one_database
def test_the_filters_stay_in_the_address(world: World, counted: CountedClass) -> None:
    with world.app.app_context():
        group = db.session.query(Group).filter_by(name="First group").one().id
    page = world.client_of(world.cast.ivan).get(f"{SHOWN}?group={group}&stage=during&from=2026-03-01&silent=1")
    assert "Everybody has spoken." in page.words
    form = next(form for form in page.forms if form.action == SHOWN)
    assert form.fields["from"] == "2026-03-01"
    tabs = page.one("nav", class_="figures-tabs")
    assert all(f"group={group}" in link["href"] and "stage=during" in link["href"] for link in tabs.all("a"))
    assert "could not be understood" in world.client_of(world.cast.ivan).get(f"{SHOWN}?group=99").words

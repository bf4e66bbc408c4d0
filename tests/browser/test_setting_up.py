"""What only the style of the organisers' pages does: ticks that come with their choice, lines that stay lines."""

from collections.abc import Callable

import pytest

from forum.classes.models import TrainingClass
from forum.db import commit, db
from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_groups_are_ticked_where_groups_are_chosen(visit: Callable[..., Visitor], javascript: bool) -> None:
    olga = visit(javascript=javascript)
    olga.sign_in(olga.site.cast.olga)
    olga.go("/classes/spring/discussions/new")
    ticks = olga.page.locator(".ticks")
    assert not ticks.is_visible()
    olga.page.get_by_label("Chosen groups").check()
    assert ticks.is_visible()
    olga.page.get_by_label("First group").check()
    olga.page.get_by_label("The whole class").check()
    assert not ticks.is_visible()
    olga.page.get_by_label("Title", exact=True).fill("For whom?")
    olga.page.get_by_role("button", name="Set the discussion up").click()
    olga.page.get_by_text("Which is meant?").wait_for()
    assert ticks.is_visible()
    assert olga.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_verbs_of_groups_stand_under_each_other(visit: Callable[..., Visitor], width: int) -> None:
    olga = visit(width=width)
    olga.sign_in(olga.site.cast.olga)
    olga.go("/classes/spring/groups")
    places = [verb.bounding_box()["x"] for verb in olga.page.locator(".row-verbs summary").all()]
    assert len(places) == 2
    assert abs(places[0] - places[1]) < 1


def test_a_description_keeps_its_lines(site: Site, visit: Callable[..., Visitor]) -> None:
    with site.app.app_context():
        db.session.query(TrainingClass).filter_by(slug="autumn").one().description = "Five days.\nBring a case."
        commit()
    stella = visit()
    stella.sign_in(site.cast.stella)
    stella.go("/classes/autumn")
    assert stella.page.locator(".head .lead").inner_text() == "Five days.\nBring a case."


def test_two_presses_send_one_form(visit: Callable[..., Visitor]) -> None:
    """While the answer is on its way, the button can be pressed again."""
    olga = visit()
    olga.sign_in(olga.site.cast.olga)
    olga.go("/classes/spring/discussions/new")
    olga.page.get_by_label("Title", exact=True).fill("Pressed twice")
    olga.page.evaluate("""addEventListener("submit", event => {
        sessionStorage.sent = (sessionStorage.sent ?? "") + (event.defaultPrevented ? "no " : "yes ")
    })""")
    olga.page.get_by_role("button", name="Set the discussion up").evaluate(
        "button => { button.click(); button.click(); }"
    )
    olga.page.get_by_text("Pressed twice").first.wait_for()
    assert olga.page.evaluate("sessionStorage.sent") == "yes no "
    assert olga.complaints == []

"""Looking for people as one types, slips as they come out of a printer, the invitation copied."""

import re
from collections.abc import Callable

import pytest

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import commit, db
from forum.members.operations import add_member
from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

MEMBERS, SLIPS = "/classes/spring/members", "/classes/spring/slips"


@pytest.fixture(scope="session")
def newcomers(site: Site) -> list[str]:
    """Ten who have never been in."""
    names = [f"新学员{number}" for number in "一二三四五六七八九十"]
    with site.app.app_context():
        spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
        for name in names:
            enrol_member(spring, add_member(name, position="Deputy secretary for training " * 6), Role.TRAINEE)
        commit()
    return names


def test_the_list_narrows_as_one_types_and_widens_again(
    site: Site, visit: Callable[..., Visitor], newcomers: list[str]
) -> None:
    tina = visit()
    tina.sign_in(site.cast.tina)
    tina.go(f"{MEMBERS}?q=wendy")
    assert "Nobody found" in tina.page.inner_text("main")
    box = tina.page.get_by_label("Name, pinyin, unit or position")
    box.fill("xxys")
    tina.page.get_by_text("3 of", exact=False).wait_for()
    shown = tina.page.locator("li.person:visible")
    assert [name.strip() for name in shown.locator(".person-name").all_inner_texts()] == [
        "新学员三",
        "新学员十",
        "新学员四",
    ]
    box.fill("")
    assert shown.count() > len(newcomers)
    assert tina.complaints == []


def test_slips_come_out_eight_to_a_sheet(site: Site, visit: Callable[..., Visitor], newcomers: list[str]) -> None:
    olga = visit()
    olga.sign_in(site.cast.olga)
    olga.go(SLIPS)
    olga.page.get_by_role("button", name="Make slips").click()
    olga.page.get_by_role("button", name="Print", exact=True).wait_for()
    count = olga.page.locator(".slip").count()
    assert count >= len(newcomers)
    printed = olga.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == -(-count // 8)
    olga.page.emulate_media(media="print")
    assert not olga.page.locator("header.top").is_visible()
    beyond = "slips => slips.filter(slip => slip.scrollHeight > slip.clientHeight + 1).length"
    assert olga.page.locator(".slip").evaluate_all(beyond) == 0, "the address is cut off"
    assert not olga.page.get_by_role("button", name="Print", exact=True).is_visible()
    assert olga.complaints == []


def test_the_invitation_is_copied(site: Site, visit: Callable[..., Visitor], newcomers: list[str]) -> None:
    olga = visit(permissions=["clipboard-read", "clipboard-write"])
    olga.sign_in(site.cast.olga)
    olga.go(SLIPS)
    olga.page.get_by_role("button", name="Copy", exact=True).click()
    olga.page.get_by_text("Copied.").wait_for()
    assert olga.page.evaluate("navigator.clipboard.readText()").startswith("“Spring seminar”")


def test_without_script_people_are_found_and_slips_made(
    site: Site, visit: Callable[..., Visitor], newcomers: list[str]
) -> None:
    olga = visit(javascript=False)
    olga.sign_in(site.cast.olga)
    olga.go(MEMBERS)
    olga.page.get_by_label("Name, pinyin, unit or position").fill("xinxueyuanyi")
    olga.page.get_by_role("button", name="Search").click()
    assert olga.page.locator("li.person:visible .person-name a").all_inner_texts() == ["新学员一"]
    olga.page.get_by_role("link", name="新学员一").click()
    person = olga.page.url
    olga.page.get_by_role("button", name="New one-time link").click()
    olga.page.goto(person)
    olga.page.get_by_role("button", name="New one-time link").click()
    olga.page.get_by_role("button", name="Make a new slip for this person").click()
    assert olga.page.locator(".slip h2").all_inner_texts() == ["新学员一"]
    assert not olga.page.get_by_role("button", name="Print", exact=True).is_visible()

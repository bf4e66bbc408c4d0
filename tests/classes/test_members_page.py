"""Who is in the class: sorted by pinyin, found by what one remembers, linked for those who organise."""

import pytest

from forum.classes.models import Role
from tests.cast import Browser, World
from tests.discussions.test_pages import statements
from tests.newcomers import Newcomer
from tests.pages import Page

pytestmark = pytest.mark.one_database

MEMBERS = "/classes/spring/members"


def shown(page: Page) -> list[str]:
    """The names that stand in the page and are not hidden."""
    lines = [line for line in page.all("li", class_="person") if "hidden" not in line.attributes]
    return [line.one("p", class_="person-name").words.split(" ")[0] for line in lines]


@pytest.fixture
def tina(world: World, newcomer: Newcomer) -> Browser:
    for name, unit, position in (
        ("张伟", "City / North", "branch secretary"),
        ("王芳", "City / Harbour", "lecturer"),
        ("欧阳雪", "City / North", ""),
        ("单田", "City / Harbour", "100% editor_in_chief"),
    ):
        newcomer(name, unit=unit, position=position, group="first")
    return world.client_of(world.cast.tina)


def test_names_stand_in_the_order_of_their_pinyin(tina: Browser) -> None:
    section = next(part for part in tina.get(MEMBERS).all("section") if "First group" in part.words)
    names = [name.words for name in section.all("p", class_="person-name")]
    assert names == ["欧阳雪", "单田", "Tina", "王芳", "张伟"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("张", ["张伟"]),
        ("zhangwei", ["张伟"]),
        ("ZhangW", ["张伟"]),
        ("zw", ["张伟"]),
        ("ouyang", ["欧阳雪"]),
        ("oyx", ["欧阳雪"]),
        # A family name is read as a family name.
        ("shant", ["单田"]),
        ("harbour", ["单田", "王芳"]),
        ("HARBOUR lect", ["王芳"]),
        ("ｚｗ", ["张伟"]),
        ("secretary", ["张伟"]),
        ("100%", ["单田"]),
        ("r_i", ["单田"]),
        ("second group", ["Tom"]),
        ("  ", ["Ivan", "Olga", "欧阳雪", "单田", "Tina", "王芳", "张伟", "Tom", "Omar"]),
        ("nobody at all", []),
        ("<script>", []),
    ],
)
def test_people_are_found_by_what_one_remembers(tina: Browser, typed: str, found: list[str]) -> None:
    page = tina.get(MEMBERS, query_string={"q": typed})
    assert page.status == 200
    assert shown(page) == found
    status = next(line for line in page.all("p", role="status") if line.get("data-words"))
    if typed.strip():
        assert status.words == f"{len(found)} of 9 people"
    none = page.one("div", data_filter_target="none")
    assert ("hidden" in none.attributes) is bool(found)
    assert page.one("input", id="q")["value"] == typed
    assert "<script>alert" not in page.source


def test_headings_without_anybody_found_are_hidden(tina: Browser) -> None:
    page = tina.get(f"{MEMBERS}?q=zw")
    visible = [part.one("h2").words for part in page.all("section") if "hidden" not in part.attributes]
    assert visible == ["First group 1"]


def test_each_line_carries_what_the_script_looks_through(tina: Browser) -> None:
    line = next(one for one in tina.get(MEMBERS).all("li", class_="person") if "张伟" in one.words)
    assert line["data-find"] == "张伟 | zhangwei | zw | branch secretary | city / north | first group"


def test_organisers_see_who_is_not_in_yet_and_a_way_to_each(world: World, newcomer: Newcomer) -> None:
    nina = newcomer("Nina")
    olga = world.client_of(world.cast.olga)
    page = olga.get(MEMBERS)
    line = next(one for one in page.all("li", class_="person") if "Nina" in one.words)
    assert "Not yet in" in line.words
    assert line.one("a")["href"] == f"{MEMBERS}/{nina.id}"
    assert page.one("nav", aria_label="Organise the class").one("a", aria_current="page").words == "People"
    gone = page.one("section", aria_labelledby="withdrawn")
    assert "Wendy" in gone.words


@pytest.mark.parametrize("name", ["tina", "ivan", "omar"])
def test_the_others_see_names_alone(world: World, newcomer: Newcomer, name: str) -> None:
    newcomer("Nina", phone="13900139000", email="nina@example.org")
    page = world.client_of(getattr(world.cast, name)).get(MEMBERS)
    assert "Nina" in page.words
    assert "Not yet in" not in page.words
    assert "Wendy" not in page.words
    assert "13900139000" not in page.source
    assert "nina@example.org" not in page.source
    assert f"{MEMBERS}/" not in page.source
    assert not page.all("nav", aria_label="Organise the class")


def test_a_class_with_nobody_says_so(world: World) -> None:
    from datetime import date

    from forum.classes.operations import create_class

    with world.inside():
        create_class("empty", "Empty seminar", date(2026, 3, 2), date(2026, 3, 3), "Asia/Shanghai")
    ada = world.client_of(world.cast.ada)
    assert "Nobody is enrolled yet" in ada.get("/classes/empty/members").words
    assert "Nobody is enrolled yet" in ada.get("/classes/empty/slips").words


def test_many_people_take_no_more_statements_than_few(world: World, newcomer: Newcomer) -> None:
    olga = world.client_of(world.cast.olga)
    with statements() as few:
        olga.get(MEMBERS)
    for number in range(20):
        newcomer(f"Person {number}", unit=f"City / Unit {number}", role=Role.OBSERVER)
    with statements() as many:
        assert len(shown(olga.get(MEMBERS))) > 20
    assert len(many) == len(few)

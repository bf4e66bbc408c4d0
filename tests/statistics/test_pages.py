"""The figures pages: filters and sorting in the address, changes, and the rows behind every number."""

import pytest

from tests.bench.classroom import counted_statements
from tests.cast import World
from tests.counted import CountedClass, at, join
from tests.pages import Page

# Pages; that both databases give the same figures is shown with the figures.
pytestmark = pytest.mark.one_database


def posts_on(page: Page) -> str:
    shown = {figure.one("span").words: figure.one("b").words for figure in page.all("div", class_="is-defined")}
    return shown["Posts"]


def test_the_page_shows_the_figures_with_their_definitions(world: World, counted: CountedClass) -> None:
    page = world.client_of(world.cast.olga).get("/classes/spring/figures")
    shown = {figure.one("span").words: figure.one("b").words for figure in page.all("div", class_="is-defined")}
    assert shown["Person-times"] == "4"
    assert shown["Participation rate"] == "75.0 %"
    assert shown["Comment coverage"] == "50.0 %"
    assert shown["Time to first comment"] == "12 min"
    assert "make 38 person-times" in page.words
    rows = [[cell.words for cell in row.all()] for row in page.one("tbody").all("tr")]
    assert [row[0] for row in rows] == ["Lecture A", "Lecture B"]


@pytest.mark.parametrize(
    ("by", "first"),
    [
        ("trainee", "Tina"),
        ("unit", "East"),
        ("group", "First group"),
        ("stage", "During class"),
        ("week", "2 Mar"),
        ("hour", "09:00–10:00"),
    ],
)
def test_the_page_can_be_split(world: World, counted: CountedClass, by: str, first: str) -> None:
    page = world.client_of(world.cast.omar).get(f"/classes/spring/figures?by={by}")
    assert page.one("tbody").one("th").words == first
    assert page.one("nav", aria_label="Split by").one("a", aria_current="true").words.lower() == by


def test_the_page_of_a_period_counts_that_period(world: World, counted: CountedClass) -> None:
    olga = world.client_of(world.cast.olga)
    page = olga.get("/classes/spring/figures?from=2026-03-03&to=2026-03-04")
    assert posts_on(page) == "0"
    page = olga.get("/classes/spring/figures?from=2026-03-02&to=2026-03-02")
    assert posts_on(page) == "5"


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "to=2026-02-30",
        "by=nonsense",
        "from=0001-01-01",
        "to=9999-12-31",
    ],
)
def test_a_period_that_makes_no_sense_is_said_to_make_none(world: World, counted: CountedClass, query: str) -> None:
    page = world.client_of(world.cast.olga).get(f"/classes/spring/figures?{query}")
    assert page.status == 200
    assert "could not be understood" in page.refusal
    assert posts_on(page) == "5"


def test_a_period_from_back_to_front_is_named_as_such(world: World, counted: CountedClass) -> None:
    page = world.client_of(world.cast.olga).get("/classes/spring/figures?from=2026-03-05&to=2026-03-01")
    assert page.status == 200
    assert page.refusal == "The last day is before the first day. The figures are of the whole time."
    assert posts_on(page) == "5"


def test_the_page_of_a_discussion_shows_its_own_figures(world: World, counted: CountedClass) -> None:
    page = world.client_of(world.cast.ivan).get(f"/discussions/{counted.a}/figures")
    assert posts_on(page) == "4"
    assert [row.one("th").words for row in page.one("tbody").all("tr")][:2] == ["Tom", "Tina"]


def test_the_figures_beside_a_discussion_are_those_of_its_figures_page(world: World, counted: CountedClass) -> None:
    page = world.client_of(world.cast.tina).discussion(counted.a)
    shown = {
        figure.one("span").words: figure.one("b").words for figure in page.one("aside").all("div", class_="figure")
    }
    assert shown["of 4 trainees"] == "3"
    assert shown["reflections"] == "3"
    assert shown["of them commented"] == "66.7 %"
    units = [(row.one("th").words, row.one("td", class_="units-number").words) for row in page.one("tbody").all("tr")]
    assert units == [("East", "2/2"), ("West", "1/1")]


def shown_on(page: Page) -> dict[str, str]:
    return {figure.one("span").words: figure.one("b").words for figure in page.all("div", class_="is-defined")}


def names_on(page: Page) -> list[str]:
    return [row.one("th").words for row in page.one("tbody").all("tr")]


@pytest.mark.parametrize(
    ("query", "posts", "rows"),
    [
        ("unit={city}", "6", ["Lecture A", "Lecture B", "Afterwards"]),
        ("unit={city}&by=unit&level=1", "6", ["East", "West", "Directly at City"]),
        ("group={first}", "3", ["Lecture A", "Lecture B", "Afterwards"]),
        ("stage=after", "0", ["Afterwards"]),
        ("discussion={b}&by=trainee", "2", ["Tina"]),
        ("by=trainee&from=2026-03-09&to=2026-03-15", "1", ["Tina", "Sam", "Tom", "Una"]),
    ],
)
def test_the_page_is_narrowed_by_its_address(
    world: World, deep: CountedClass, query: str, posts: str, rows: list[str]
) -> None:
    names = {"city": unit_id(world, "City"), "first": world.cast.spring.groups["first"], "b": deep.b}
    page = world.client_of(world.cast.olga).get("/classes/spring/figures?" + query.format(**names))
    assert shown_on(page)["Posts"] == posts
    assert names_on(page) == rows


def test_the_filters_keep_what_was_chosen(world: World, deep: CountedClass) -> None:
    path = f"/classes/spring/figures?by=unit&group={world.cast.spring.groups['first']}&from=2026-03-02"
    page = world.client_of(world.cast.olga).get(path)
    assert [one.words for one in page.all("option", selected="")] == ["First group"]
    assert page.one("input", id="from")["value"] == "2026-03-02"
    assert page.one("span", class_="chosen").words == "2 Mar – First group"
    links = [link["href"] for link in page.one("nav", aria_label="Split by").all("a")]
    assert all("from=2026-03-02" in link and "group=" in link for link in links)


@pytest.mark.parametrize(
    "query", ["unit=999999", "group=x", "stage=never", "discussion=0", "level=7&by=unit", "sort=age"]
)
def test_what_the_address_cannot_mean_is_left_out_and_said(world: World, deep: CountedClass, query: str) -> None:
    page = world.client_of(world.cast.olga).get(f"/classes/spring/figures?{query}")
    assert page.status == 200
    assert "could not be understood" in page.refusal
    assert posts_on(page) == "6"


def test_another_class_lends_neither_its_discussions_nor_its_groups(world: World, deep: CountedClass) -> None:
    elsewhere = world.discussion("Elsewhere", slug="autumn")
    page = world.client_of(world.cast.olga).get(f"/classes/spring/figures?discussion={elsewhere}")
    assert "could not be understood" in page.refusal


def test_the_table_is_sorted_by_its_address(world: World, deep: CountedClass) -> None:
    olga = world.client_of(world.cast.olga)

    def sorted_by(sort: str) -> list[str]:
        return names_on(olga.get(f"/classes/spring/figures?by=trainee&sort={sort}"))

    assert sorted_by("characters") == ["Tina", "Tom", "Una", "Sam"]
    assert sorted_by("-characters") == ["Sam", "Una", "Tom", "Tina"]
    assert sorted_by("name") == ["Sam", "Tina", "Tom", "Una"]
    # Without a first comment they stand last, whichever way.
    assert sorted_by("median_seconds_to_first_comment")[:2] == ["Tina", "Tom"]
    assert sorted_by("-median_seconds_to_first_comment")[:2] == ["Tom", "Tina"]
    heads = olga.get("/classes/spring/figures?by=trainee&sort=posts").one("thead").all("th")
    assert [head["aria-sort"] for head in heads if head.get("aria-sort")] == ["descending"]


def test_the_change_against_the_days_before_stands_beside_each_total(world: World, deep: CountedClass) -> None:
    olga = world.client_of(world.cast.olga)
    assert olga.get("/classes/spring/figures").all("small", class_="change") == []
    assert olga.get("/classes/spring/figures?from=2026-03-09").all("small", class_="change") == []
    page = olga.get("/classes/spring/figures?from=2026-03-09&to=2026-03-15")
    changes = {
        figure.one("span").words: figure.one("small").words
        for figure in page.all("div", class_="is-defined")
        if figure.all("small")
    }
    # A week with one post and a comment after one with five and five.
    assert changes["Posts"] == changes["Comments"] == "−4"
    assert changes["Participation rate"] == "−50.0 pp"
    assert changes["Not yet spoken"] == "+2"
    assert changes["Comment coverage"] == "−75.0 pp"
    assert "Trainees" not in changes
    assert "against 2 Mar – 8 Mar" in page.words


def test_the_weeks_of_the_class_are_one_tap_away(world: World, deep: CountedClass) -> None:
    at(world, "2026-03-15 23:30")
    olga = world.client_of(world.cast.olga)
    links = {
        link.words: link["href"]
        for link in olga.get("/classes/spring/figures").one("nav", aria_label="Period").all("a")
    }
    assert posts_on(olga.get(links["This week"])) == "1"
    assert posts_on(olga.get(links["Last week"])) == "5"
    assert posts_on(olga.get(links["Whole time"])) == "6"


def unit_id(world: World, path: str) -> int:
    from forum.units.queries import unit_ids

    with world.app.app_context():
        return unit_ids([path])[path]


def test_whose_class_it_is_not_sees_no_rows_and_a_trainee_may_not(world: World, deep: CountedClass) -> None:
    for path in ("/classes/spring/figures", "/classes/spring/figures/rows?figure=posts"):
        cast, status = world.cast, {}
        for person in (cast.stella, cast.wendy, cast.tina, cast.omar, cast.ivan, cast.ada):
            status[person.name] = world.client_of(person).get(path).status
        assert status == {"Stella": 404, "Wendy": 404, "Tina": 403, "Omar": 200, "Ivan": 200, "Ada": 200}
    world.archive()
    assert world.client_of(world.cast.omar).get("/classes/spring/figures/rows?figure=posts").status == 200


def test_a_page_takes_as_many_statements_whatever_its_size(world: World, counted: CountedClass) -> None:
    olga = world.client_of(world.cast.olga)
    paths = [f"/classes/spring/figures?by={by}" for by in ("trainee", "unit&level=1", "week")]
    paths += [f"/classes/spring/figures/rows?figure={figure}" for figure in ("posts", "silent", "commented")]

    def count(path: str) -> int:
        world.app.extensions["fragments"].clear()
        with counted_statements(world.app) as sent:
            assert olga.get(path).status == 200
        return len(sent)

    before = [count(path) for path in paths]
    people = [join(world, f"Trainee{number:03d}", f"City / U{number % 7} / B{number}") for number in range(30)]
    world.fill(counted.a, people, 40)
    assert [count(path) for path in paths] == before

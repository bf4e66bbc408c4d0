"""The rows behind every number of a figures page, as pages."""

import pytest

from forum.statistics.figures import FIGURES
from tests.cast import World
from tests.counted import CountedClass, join
from tests.pages import Page

# Pages; that both databases give the same rows is shown with the rows.
pytestmark = pytest.mark.one_database


def follow_every_number(world: World, path: str) -> int:
    """Each number's link leads to a page that says the same number; how many there were."""
    olga = world.client_of(world.cast.olga)
    page = olga.get(path)
    links = [link for link in page.one("main").all("a") if "/figures/rows?" in link["href"]]
    for link in links:
        rows = olga.get(link["href"])
        assert rows.status == 200
        if link["href"].partition("figure=")[2].partition("&")[0] in COUNTED:
            assert rows.one("p", class_="behind-count").one("b").words == link.words, link["href"]
    return len(links)


COUNTED = set(FIGURES) | {"silent"}
COUNTED -= {"participation_rate", "comment_coverage", "median_seconds_to_first_comment", "characters"}


@pytest.mark.parametrize("by", ["discussion", "trainee", "unit", "unit&level=1", "group", "stage", "week", "hour"])
def test_every_number_leads_to_as_many_rows(world: World, deep: CountedClass, by: str) -> None:
    assert follow_every_number(world, f"/classes/spring/figures?by={by}") > 30


def test_the_numbers_of_a_discussion_lead_to_its_rows(world: World, deep: CountedClass) -> None:
    assert follow_every_number(world, f"/discussions/{deep.a}/figures?from=2026-03-02&to=2026-03-02") > 20


def rows_of(world: World, query: str) -> Page:
    return world.client_of(world.cast.olga).get(f"/classes/spring/figures/rows?{query}")


def test_behind_the_posts_of_a_trainee_are_those_posts(world: World, deep: CountedClass) -> None:
    page = rows_of(world, f"figure=posts&by=trainee&row={world.cast.tom.id}")
    assert page.one("h1").words == "Posts · Tom"
    assert [row.one("p", class_="behind-text").words for row in page.all("li", class_="behind-row")] == [
        "不错",
        "my-own it's",
    ]
    links = [row.one("a")["href"] for row in page.all("li", class_="behind-row")]
    assert links == [f"/discussions/{deep.a}/posts/2", f"/discussions/{deep.a}/posts/4"]


def test_behind_coverage_are_the_reflections_with_their_first_comment(world: World, deep: CountedClass) -> None:
    page = rows_of(world, f"figure=comment_coverage&by=discussion&row={deep.a}")
    assert page.one("p", class_="behind-count").words == "2 of 3 reflections"
    assert [one.words for one in page.all("p", class_="behind-answer")] == [
        "First comment after 20 min by Ivan",
        "First comment after 4 min by Olga",
    ]


def test_the_silent_are_named(world: World, deep: CountedClass) -> None:
    page = rows_of(world, f"figure=silent&by=discussion&row={deep.a}")
    assert page.one("p", class_="behind-count").words == "1 of 4 trainees"
    assert [one.words for one in page.all("p", class_="behind-name")] == ["Sam"]
    heard = rows_of(world, f"figure=participants&by=discussion&row={deep.a}")
    assert heard.one("p", class_="behind-count").words == "3 of 4 trainees · 1 has not spoken yet"


def test_many_rows_come_fifty_at_a_time_each_once(world: World, counted: CountedClass) -> None:
    people = [join(world, f"Trainee{number:03d}") for number in range(120)]
    world.fill(counted.a, people[:110], 130)
    olga, found, path = world.client_of(world.cast.olga), [], "/classes/spring/figures/rows?figure=silent"
    for figure, count in (("silent", 11), ("person_times", 114), ("posts", 135)):
        path, found = f"/classes/spring/figures/rows?figure={figure}", []
        while path:
            page = olga.get(path)
            assert page.one("p", class_="behind-count").one("b").words == str(count)
            found += [row.words for row in page.all("li", class_="behind-row")]
            onward = [link for link in page.all("a") if link.get("rel") == "next"]
            path = onward[0]["href"] if onward else ""
        assert len(found) == count
    assert len(set(found)) == count, "the posts have their numbers"


@pytest.mark.parametrize(
    "query",
    ["", "figure=age", "figure=posts&row=999999", "figure=posts&by=week&row=2026-03-03", "figure=posts&by=stage&row=x",
     "figure=posts&by=hour&row=24", "figure=posts&by=trainee&row=-1", "figure=posts&by=unit&row=-1"],
)  # fmt: skip
def test_there_are_no_rows_behind_what_is_no_figure(world: World, deep: CountedClass, query: str) -> None:
    assert rows_of(world, query).status == 404


def test_a_key_that_is_none_begins_anew(world: World, deep: CountedClass) -> None:
    assert rows_of(world, "figure=posts&after=x-9").status == 200
    assert rows_of(world, "figure=participants&after=999999").status == 200

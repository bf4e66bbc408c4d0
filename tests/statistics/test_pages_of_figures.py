"""The pages beside the figures: who sees them, what they cost."""

import pytest

from tests.bench.classroom import counted_statements
from tests.cast import World
from tests.counted import CountedClass, join

pytestmark = pytest.mark.one_database

PAGES = {"matrix": 18, "instructors": 18, "units": 15, "charts": 18}


@pytest.mark.parametrize("name", PAGES)
def test_they_are_for_those_who_see_the_figures(world: World, counted: CountedClass, name: str) -> None:
    path, cast = f"/classes/spring/figures/{name}", world.cast
    seen = {person: world.client_of(person).get(path).status for person in (cast.olga, cast.ivan, cast.omar, cast.ada)}
    assert set(seen.values()) == {200}
    assert world.client_of(cast.tina).get(path).status == 403
    assert [world.client_of(person).get(path).status for person in (cast.stella, cast.wendy)] == [404, 404]
    world.archive()
    assert world.client_of(cast.omar).get(path).status == 200


@pytest.mark.parametrize("name", PAGES)
def test_they_are_empty_before_anything_happens_and_link_to_each_other(world: World, name: str) -> None:
    path = f"/classes/spring/figures/{name}"
    page = world.client_of(world.cast.omar).get(path)
    assert page.status == 200
    tabs = page.one("nav", aria_label="Pages of figures")
    assert tabs.one("a", aria_current="page")["href"] == path
    assert all(world.client_of(world.cast.omar).get(link["href"]).status == 200 for link in tabs.all("a"))
    asked = "?group=x&stage=never&unit=99&discussion=0&from=2026-02-30&level=7&after=99999&silent=2"
    assert world.client_of(world.cast.omar).get(path + asked).status == 200


@pytest.mark.parametrize(("name", "most"), PAGES.items())
def test_they_cost_as_many_statements_whatever_there_is(
    world: World, counted: CountedClass, name: str, most: int
) -> None:
    ivan, path = world.client_of(world.cast.ivan), f"/classes/spring/figures/{name}"

    def count() -> int:
        world.app.extensions["fragments"].clear()
        with counted_statements(world.app) as sent:
            ivan.get(path)
        return len(sent)

    before = count()
    assert before <= most
    people = [join(world, f"New{number}", f"City / Unit {number % 7}") for number in range(12)]
    for number in range(4):
        discussion = world.discussion(f"Another {number}", groups=["first"] if number % 2 else None)
        world.fill(discussion, people, 30)
        world.publish(world.cast.ivan, discussion, "A comment", 1)
        world.publish(world.cast.olga, discussion, "Another", 2)
    assert count() == before

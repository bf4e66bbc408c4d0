"""A page of figures that is kept for one is not shown to another who may do something else, reads another language or
asked for something else; and whoever may not see it gets none of it, however often it was kept."""

import re

import pytest

from tests.cast import World
from tests.counted import CountedClass

pytestmark = pytest.mark.one_database

FIGURES = "/classes/spring/figures"
VIEWS = ("", "?by=trainee", "?stage=after", "/matrix", "/matrix?silent=1", "/units", "/charts", "/instructors")


def test_everybody_gets_what_is_made_for_them(world: World, counted: CountedClass) -> None:
    cast, paths = world.cast, [*(FIGURES + view for view in VIEWS), f"/discussions/{counted.a}/figures"]
    viewers = [(world.client_of(one), of) for one in (cast.olga, cast.ivan, cast.omar) for of in ("en", "zh")]

    def shown(path: str, anew: bool) -> list[str]:
        found = []
        for browser, language in viewers:
            if anew:
                world.app.extensions["fragments"].clear()
            answer = browser.get(path, headers={"Accept-Language": language})
            assert answer.status == 200, path
            found.append(re.sub(r'(name="csrf_token"[^>]*value|content)="[^"]+"', "", answer.source))
        return found

    anew = {path: shown(path, anew=True) for path in paths}
    for path in paths * 2:
        assert shown(path, anew=False) == anew[path], path
        assert len(set(anew[path])) == len(anew[path]), path
    trainee, stranger = world.client_of(cast.tina), world.client_of(cast.stella)
    assert {trainee.get(path).status for path in paths} == {403}
    assert {stranger.get(path).status for path in paths} == {404}

"""Texts written to break out, in every place that shows a text, in a real browser: first without the policy that would
stop what breaks out, so that the sanitiser and the templates stand alone; then with it, which must have nothing to do.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from forum.discussions import threads
from tests.browser.conftest import Site, Visitor
from tests.browser.hostile import FORMATS, Batch, corpus, settle
from tests.browser.watching import Watch
from tests.cast import Person

pytestmark = [pytest.mark.browser, pytest.mark.corpus]


@pytest.fixture(scope="session")
def settled(site: Site, chromium: Any) -> Iterator[tuple[Person, list[Batch]]]:
    found = corpus()
    page, threads.PAGE = threads.PAGE, 10_000  # all posts of a discussion on one page
    yield settle(site, found)
    threads.PAGE = page


@pytest.fixture
def watch(visit: Callable[..., Visitor], settled: tuple[Person, list[Batch]]) -> Callable[..., Watch]:
    def begin(**options: Any) -> Watch:
        visitor = visit(**options)
        visitor.sign_in(settled[0])
        return Watch(visitor)

    return begin


def test_no_text_breaks_out_even_without_the_policy(
    watch: Callable[..., Watch], settled: tuple[Person, list[Batch]]
) -> None:
    watched, shapes, faults = watch(bypass_csp=True), {}, []
    for batch in settled[1]:
        for place, path in batch.paths.items():
            shape = watched.go(path)
            faults += [f"{path}: {foreign}" for foreign in shape["foreign"]]
            faults += [f"{path}: {seen}" for seen in watched.seen]
            watched.seen.clear()
            plain = shapes.setdefault(place, shape["counted"])
            faults += [f"{path}: {more}" for more in sorted(set(shape["counted"].items()) ^ set(plain.items()))]
            if place == "discussion":
                assert shape["posts"] == [[f"post-{n}", f"Post #{n}"] for n in range(1, batch.posts + 1)], path
                assert shape["composers"] == 1, f"{path} has lost its composer"
    assert watched.stirred > 10_000
    assert faults == [], "\n".join([f"{len(faults)} faults", *faults[:40]])


def test_a_text_that_is_quoted_stays_in_its_field(
    watch: Callable[..., Watch], settled: tuple[Person, list[Batch]]
) -> None:
    watched, quoted = watch(bypass_csp=True), 0
    for batch in settled[1]:
        for place, text in enumerate(batch.payloads):
            if "textarea" in text.lower():
                path = f"/discussions/{batch.discussion}/posts/{place * len(FORMATS) + 1}?quote=1"
                assert watched.go(path)["composers"] == 1, path
                value = watched.visitor.page.locator("form.composer textarea").input_value()
                assert value.startswith("> "), path
                quoted += "textarea" in value
    assert quoted >= 3
    assert watched.seen == []


def test_a_title_of_a_class_is_a_title(watch: Callable[..., Watch], settled: tuple[Person, list[Batch]]) -> None:
    watched = watch(bypass_csp=True)
    watched.go("/")
    assert watched.seen == []
    titles = watched.visitor.page.locator("ul.class-list > li > a").count()
    assert titles >= len(settled[1]) + 2900
    assert (
        watched.visitor.page.evaluate("document.querySelectorAll('main :is(img, svg, iframe, script, style)').length")
        == 0
    )


def test_the_policy_finds_nothing_to_refuse(watch: Callable[..., Watch], settled: tuple[Person, list[Batch]]) -> None:
    watched = watch()
    for batch in settled[1]:
        for place in ("discussion", "class"):
            watched.go(batch.paths[place])
    assert watched.seen == []
    assert watched.visitor.complaints == []

"""What the discussion page weighs on its way: the page and all that it loads, as a proxy compresses them."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

BAR = 90_000
THOUGHT = "第{n}点体会：听完今天上午的报告，我对“把课堂搬到田间地头”有了新的认识。平均每次来了 {n} 人。" * 3


def test_a_discussion_of_20_reflections_and_60_replies_is_light(site: Site, visit: Callable[..., Visitor]) -> None:
    discussion = site.discussion("As it is on an evening")
    for n in range(20):
        site.publish((site.cast.tina, site.cast.tom)[n % 2], discussion, THOUGHT.format(n=n))
    for n in range(60):
        people = (site.cast.tina, site.cast.tom, site.cast.ivan)
        site.publish(people[n % 3], discussion, f"回复 {n}：说得好，我们那里也是这样。", n % 20 + 1)
    tina = visit(width=390)
    tina.sign_in(site.cast.tina)
    tina.page.wait_for_load_state("networkidle")
    answers: list[Any] = []
    tina.page.on("response", lambda answer: answers.append(answer))
    tina.go(f"/discussions/{discussion}")
    tina.page.wait_for_load_state("networkidle")
    weights = {answer.request.resource_type: len(gzip.compress(answer.body(), 6)) for answer in answers}
    assert tina.page.locator("article").count() == 80
    assert {"document", "stylesheet", "script"} <= set(weights), weights
    assert "font" not in weights
    assert sum(len(gzip.compress(answer.body(), 6)) for answer in answers) < BAR, weights
    print(f"\n{weights}, together {sum(weights.values()):,}")

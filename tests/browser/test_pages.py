"""Every main page: whole at the width of a phone, and nothing that axe finds, light and dark, in both languages."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import ROOT, Site, Visitor

pytestmark = pytest.mark.browser

AXE = ROOT / "static/node_modules/axe-core/axe.min.js"
RUN_AXE = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    const said = (node) => [...node.any, ...node.all].map((check) => check.message).join("; ").slice(0, 200);
    const shown = (nodes) => nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${said(node)}`).join(" | ");
    return violations.map(({ id, impact, help, nodes }) => `${id} (${impact}): ${help}: ${shown(nodes)}`);
}"""
UNFOLD = """() => document.querySelectorAll("details").forEach((sheet) => (sheet.open = true))"""
WIDER = """() => [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("[tabindex='0'], pre, table"))
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""


def pages(exhibition: int) -> list[str]:
    return [
        "/",
        "/classes/spring",
        "/classes/spring/hidden",
        "/classes/spring/members",
        "/classes/spring/members?q=ti",
        "/classes/spring/members/new",
        "/classes/spring/members/1",
        "/classes/spring/slips",
        "/classes/spring/figures",
        "/classes/spring/figures?by=trainee",
        f"/discussions/{exhibition}",
        f"/discussions/{exhibition}/posts/1",
        f"/discussions/{exhibition}/posts/2",
        f"/discussions/{exhibition}/posts/3",
        f"/discussions/{exhibition}/figures",
        f"/discussions/{exhibition}/print",
        "/nowhere",
    ]


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def devices(visit: Callable[..., Visitor], site: Site, language: str, **options: Any) -> list[Visitor]:
    """Nobody's, Tina's and Olga's, who organises."""
    options["locale"] = {"en": "en-GB", "zh": "zh-CN"}[language]
    nobody, tina, olga = (visit(**options) for _ in range(3))
    for visitor, person in ((tina, site.cast.tina), (olga, site.cast.olga)):
        visitor.sign_in(person, language)
    return [nobody, tina, olga]


def round_of_pages(visitors: list[Visitor], exhibition: int) -> list[tuple[Visitor, str]]:
    nobody, tina, olga = visitors
    return [
        (nobody, "/sign-in"),
        (tina, f"/discussions/{exhibition}"),
        (tina, f"/discussions/{exhibition}/posts/1"),
    ] + [(olga, path) for path in pages(exhibition)]


def test_nothing_has_to_be_scrolled_sideways_on_a_phone(
    site: Site, visit: Callable[..., Visitor], exhibition: int, language: str
) -> None:
    wide = []
    for width in (390, 320):
        visitors = devices(visit, site, language, width=width, height=844)
        for visitor, path in round_of_pages(visitors, exhibition):
            visitor.go(path)
            visitor.page.evaluate(UNFOLD)
            if visitor.page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
                wide.append((width, path, visitor.page.evaluate(WIDER)))
        assert [visitor.complaints for visitor in visitors] == [[], [], []]
    assert wide == []


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing(
    site: Site, visit: Callable[..., Visitor], exhibition: int, language: str, color_scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here; get it with `npm --prefix static ci --ignore-scripts`.")
    source = AXE.read_text(encoding="utf-8")
    found: dict[str, list[str]] = defaultdict(list)
    visitors = devices(visit, site, language, color_scheme=color_scheme)
    for visitor, path in round_of_pages(visitors, exhibition):
        visitor.go(path)
        visitor.page.evaluate(UNFOLD)
        visitor.page.evaluate(source)
        for width in (1280, 390):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            for violation in visitor.page.evaluate(RUN_AXE):
                found[violation].append(f"{path} at {width}")
    assert not found, "\n".join(f"{violation}\n    on {', '.join(places)}" for violation, places in found.items())

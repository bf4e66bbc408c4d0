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


# Who looks at what; what is the same for several is looked at once.
OF_THE_CLASS = ["", "/members", "/members?q=ti", "/announcements"]
OF_THE_STAFF = ["/figures", "/figures?by=trainee", "/figures?by=unit", "/hidden", "/desk", "/desk?show=all"]
OF_ORGANISERS = [
    "", "/settings", "/programme", "/programme/new", "/groups", "/groups/people", "/discussions", "/discussions/new",
    "/roster", "/slips", "/members", "/members/new", "/members/1", "/announcements", "/announcements/new",
]  # fmt: skip


def pages(exhibition: int) -> dict[str, list[str]]:
    discussion, spring = f"/discussions/{exhibition}", "/classes/spring"
    return {
        "nobody": ["/sign-in", "/nowhere", "/api"],
        "tina": [
            "/",
            *(spring + path for path in OF_THE_CLASS),
            *(discussion + path for path in ("", "?filter=mine", "?filter=new", "/posts/1", "/posts/2", "/posts/3")),
            f"{spring}/figures",
            "/notifications",
            "/notifications/settings",
            "/me/tokens",
        ],
        "ivan": ["/", discussion, *(spring + path for path in OF_THE_STAFF)],
        "omar": ["/", discussion, f"{discussion}/figures", f"{discussion}/wall"],
        "olga": [
            "/",
            *(spring + path for path in OF_ORGANISERS),
            *(discussion + path for path in ("", "/posts/1", "/posts/2", "/settings", "/print", "/remind")),
        ],
        "ada": ["/", "/classes/new"],
    }


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def devices(
    visit: Callable[..., Visitor], site: Site, language: str, exhibition: int, **options: Any
) -> list[tuple[Visitor, list[str]]]:
    """Somebody of each role, and what they look at."""
    options["locale"] = {"en": "en-GB", "zh": "zh-CN"}[language]
    found = []
    for name, paths in pages(exhibition).items():
        visitor = visit(**options)
        if name != "nobody":
            visitor.sign_in(getattr(site.cast, name), language)
        found.append((visitor, paths))
    return found


def test_nothing_has_to_be_scrolled_sideways_on_a_phone(
    site: Site, visit: Callable[..., Visitor], exhibition: int, language: str
) -> None:
    wide = []
    for width in (390, 320):
        for visitor, paths in devices(visit, site, language, exhibition, width=width, height=844):
            for path in paths:
                visitor.go(path)
                visitor.page.evaluate(UNFOLD)
                if visitor.page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
                    wide.append((width, path, visitor.page.evaluate(WIDER)))
            assert visitor.complaints == []
    assert wide == []


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing(
    site: Site, visit: Callable[..., Visitor], exhibition: int, language: str, color_scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here; get it with `npm --prefix static ci --ignore-scripts`.")
    source = AXE.read_text(encoding="utf-8")
    found: dict[str, list[str]] = defaultdict(list)
    for visitor, paths in devices(visit, site, language, exhibition, color_scheme=color_scheme):
        for path in paths:
            visitor.go(path)
            visitor.page.evaluate(UNFOLD)
            visitor.page.evaluate(source)
            for width in (1280, 390):
                visitor.page.set_viewport_size({"width": width, "height": 900})
                for violation in visitor.page.evaluate(RUN_AXE):
                    found[violation].append(f"{path} at {width}")
    assert not found, "\n".join(f"{violation}\n    on {', '.join(places)}" for violation, places in found.items())

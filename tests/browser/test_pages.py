"""Every main page: whole at the width of a phone, and nothing that axe finds, light and dark, in both languages."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from forum import clock
from forum.attendance.operations import Ticks, record_roll
from forum.classes.models import ActivityKind, TrainingClass
from forum.classes.programme import add_activity
from forum.db import commit, db
from forum.members.models import Member
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
ROWS = "/figures/rows?figure="
OF_THE_STAFF = [
    "/figures", "/figures?by=trainee&from=2026-03-01&to=2026-03-07", "/figures?by=unit&level=1", "/figures?by=hour",
    *(ROWS + figure for figure in ("commented", "silent", "person_times", "units", "discussions")),
    *("/figures/" + page for page in ("matrix", "instructors", "units?level=1", "charts")),
    "/hidden", "/desk", "/desk?show=all",
]  # fmt: skip
OF_SEARCH = ["", "?q=thought", "?q=ti&kind=people", "?q=page&kind=discussions", "?q=x"]
OF_THE_ROOM = ["/attendance", "/attendance?by=name", "/attendance/1", "/attendance/sheet", "/check-in"]
OF_ORGANISERS = [
    "", "/settings", "/programme", "/programme/new", "/groups", "/groups/people", "/discussions", "/discussions/new",
    "/roster", "/slips", "/members", "/members/new", "/members/1", "/announcements", "/announcements/new",
]  # fmt: skip
OF_ADMINISTRATORS = [
    "", "/members", "/members/new", "/members/1", "/members/1/retire", "/units", "/units/1", "/classes",
    "/settings", "/audit",
]  # fmt: skip


@pytest.fixture(scope="session")
def meeting(site: Site) -> str:
    """The path of an activity at which Tina is and has spoken."""
    with site.app.app_context():
        spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
        activity = add_activity(spring, ActivityKind.VISIT, "A visit", starts_at=clock.now() - timedelta(minutes=5))
        ticks = Ticks(spoke={site.cast.tina.id})
        record_roll(db.session.get_one(Member, site.cast.ivan.id), spring, activity, ticks)
        commit()
        return f"/classes/spring/activities/{activity.id}"


def pages(exhibition: int, meeting: str) -> dict[str, list[str]]:
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
            *(f"/search{query}" for query in OF_SEARCH),
            "/me",
            "/me/tokens",
            "/me/account",
            "/me/data",
        ],
        "ivan": [
            "/",
            discussion,
            "/me",
            "/me/account",
            *(meeting + path for path in OF_THE_ROOM),
            *(spring + path for path in OF_THE_STAFF),
        ],
        "omar": ["/", discussion, f"{discussion}/figures", f"{discussion}/wall"],
        "olga": [
            "/",
            *(spring + path for path in OF_ORGANISERS),
            *(discussion + path for path in ("", "/posts/1", "/posts/2", "/settings", "/print", "/remind")),
        ],
        "ada": [
            "/",
            "/classes/new",
            "/search?q=word&order=best",
            *("/admin" + path for path in OF_ADMINISTRATORS),
        ],
    }


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def devices(
    visit: Callable[..., Visitor], site: Site, language: str, exhibition: int, meeting: str
) -> list[tuple[Visitor, list[str]]]:
    """Somebody of each role, and what they look at."""
    locale = {"en": "en-GB", "zh": "zh-CN"}[language]
    found = []
    for name, paths in pages(exhibition, meeting).items():
        visitor = visit(locale=locale)
        if name != "nobody":
            visitor.sign_in(getattr(site.cast, name), language)
        found.append((visitor, paths))
    return found


PHONES = (390, 320)
# Every two of language, width and light meet on every page.
LOOKS = {"en": [(1280, "light"), (390, "dark")], "zh": [(1280, "dark"), (390, "light")]}


def test_nothing_has_to_be_scrolled_sideways_on_a_phone_and_axe_finds_nothing(
    site: Site, visit: Callable[..., Visitor], exhibition: int, meeting: str, language: str
) -> None:
    source = AXE.read_text(encoding="utf-8") if AXE.exists() else ""
    wide: list[tuple[int, str, list[str]]] = []
    found: dict[str, list[str]] = defaultdict(list)
    for visitor, paths in devices(visit, site, language, exhibition, meeting):
        for path in paths:
            visitor.go(path)
            visitor.page.evaluate(UNFOLD)
            wide += [(width, path, sticking) for width in PHONES if (sticking := sticks_out(visitor.page, width))]
            visitor.page.evaluate(source)
            for width, light in LOOKS[language] if source else ():
                visitor.page.set_viewport_size({"width": width, "height": 900})
                visitor.page.emulate_media(color_scheme=light, reduced_motion="reduce")
                for violation in visitor.page.evaluate(RUN_AXE):
                    found[violation].append(f"{path} at {width}, {light}")
        assert visitor.complaints == []
    assert wide == [], "\n".join(map(str, wide))
    assert not found, "\n".join(f"{violation}\n    on {', '.join(places)}" for violation, places in found.items())
    if not source:
        pytest.skip("axe-core is not here; get it with `npm --prefix static ci --ignore-scripts`.")


def sticks_out(page: Page, width: int) -> list[str]:
    """What reaches over the edge of a phone's page that can be scrolled sideways."""
    page.set_viewport_size({"width": width, "height": 844})
    is_wide = page.evaluate("document.scrollingElement.scrollWidth > innerWidth")
    return (page.evaluate(WIDER) or ["something"]) if is_wide else []

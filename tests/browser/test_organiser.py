"""An organiser's way from a spreadsheet to an open discussion, and a trainee's from the slip to a first post."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

ROSTER = {
    "en": """Name\tUnit\tPhone\tGroup
Wu Lan\tHarbour District\t13900000001\tGroup 1
Deng Hao\tMill District\t13900000002\tGroup 2
\tNobody\t13900000003\tGroup 2""",
    "zh": """研修班学员名册
姓 名\t工作单位\t手机号\t小组
吴岚\t港口区\t13900000011\t第一组
邓浩\t磨坊区\t13900000012\t第二组
\t无名区\t13900000013\t第二组""",
}
TITLE = {"en": "Autumn seminar", "zh": "秋季研修班"}
PEOPLE = {"en": {"Wu Lan", "Deng Hao"}, "zh": {"吴岚", "邓浩"}}
QUESTION = {"en": "What will you do first?", "zh": "回去先做哪一件事？"}


@pytest.mark.parametrize(
    ("language", "javascript"), [("en", True), ("zh", True), ("zh", False)], ids=["en", "zh", "zh-no-script"]
)
def test_from_a_spreadsheet_to_an_open_discussion_and_a_first_post(
    site: Site, visit: Callable[..., Visitor], language: str, javascript: bool
) -> None:
    olga = visit(javascript=javascript)
    olga.sign_in(site.cast.olga, language)
    title = f"{TITLE[language]} {'+' if javascript else '-'}"
    slug = _make_class(olga, title, f"autumn-{language}-{javascript}".lower())
    _import_roster(olga, slug, ROSTER[language] if javascript else ROSTER[language].replace("139", "138"))
    name, link = _make_slips(olga, slug)
    _set_discussion_up(olga, slug, QUESTION[language])

    trainee = visit(javascript=javascript, width=390, height=844, locale={"en": "en-GB", "zh": "zh-CN"}[language])
    trainee.language = language
    trainee.page.goto(link)
    trainee.page.get_by_label(trainee.say("New password"), exact=True).fill("a good long password")
    trainee.page.get_by_label(trainee.say("Repeat the password")).fill("a good long password")
    trainee.page.get_by_role("button", name=trainee.say("Set password")).click()
    trainee.page.wait_for_url(f"**/classes/{slug}")
    trainee.page.get_by_role("link", name=QUESTION[language]).first.click()
    trainee.page.get_by_label(trainee.say("Your reflection")).fill("The minutes, on one page.")
    trainee.page.get_by_role("button", name=trainee.say("Post reflection"), exact=True).click()
    trainee.post(1).wait_for()

    olga.go(f"/classes/{slug}/figures?by=trainee")
    assert olga.page.get_by_role("row").filter(has_text=name).locator("td").first.inner_text().split()[0] == "1"
    olga.go(f"/classes/{slug}/slips")
    waiting = olga.page.locator("main").inner_text()
    assert name not in waiting
    assert all(other in waiting for other in PEOPLE[language] - {name})
    assert olga.complaints == trainee.complaints == []


def _make_class(olga: Visitor, title: str, slug: str) -> str:
    page = olga.page
    olga.go("/classes/new")
    page.get_by_label(olga.say("Title"), exact=True).fill(title)
    page.get_by_label(olga.say("Short name for the address")).fill(slug)
    page.get_by_label(olga.say("First day")).fill("2026-11-01")
    page.get_by_label(olga.say("Last day")).fill("2099-11-30")
    page.get_by_role("button", name=olga.say("Make the class")).click()
    page.wait_for_url(lambda address: slug in address)
    return slug


def _import_roster(olga: Visitor, slug: str, rows: str) -> None:
    page = olga.page
    olga.go(f"/classes/{slug}/roster")
    page.get_by_text(olga.say("Or paste rows from a spreadsheet")).click()
    page.get_by_label(olga.say("Rows, with their header")).fill(rows)
    page.get_by_role("button", name=olga.say("Look at it first")).click()
    faults = page.get_by_role("heading", name=re.compile(olga.say("Bad rows")))
    faults.wait_for()
    page.get_by_role("button", name={"en": "Import 2 people", "zh": "导入2人"}[olga.language]).click()
    page.get_by_role("heading", name=olga.say("The roster is imported"), exact=True).wait_for()


def _make_slips(olga: Visitor, slug: str) -> tuple[str, str]:
    """Whose the last slip is, and its address."""
    olga.page.get_by_role("link", name=olga.say("Hand out the first sign-in"), exact=True).click()
    olga.page.wait_for_url(f"**/classes/{slug}/slips")
    olga.page.get_by_role("button", name=olga.say("Make slips"), exact=True).click()
    slips = olga.page.locator("article.slip")
    slips.first.wait_for()
    assert slips.count() == 2
    assert slips.first.locator("svg path").count() >= 1
    token = slips.last.locator(".slip-link b").inner_text().strip()
    return slips.last.get_by_role("heading").inner_text(), f"{olga.site.url}/password/{token}"


def _set_discussion_up(olga: Visitor, slug: str, question: str) -> None:
    olga.go(f"/classes/{slug}/discussions")
    olga.page.get_by_role("link", name=olga.say("Set a discussion up"), exact=True).first.click()
    olga.page.get_by_label(olga.say("Title"), exact=True).fill(question)
    olga.page.get_by_label(olga.say("Prompt"), exact=True).fill("**One thing**, and who does it.")
    olga.page.get_by_role("button", name=olga.say("Set the discussion up"), exact=True).click()
    olga.page.get_by_role("heading", name=question).first.wait_for()

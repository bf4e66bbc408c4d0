"""Around the posts: opening, closing, the last minutes, figures, who is here, who writes; and without a connection."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from forum import clock
from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.operations import enrol_member, withdraw_enrolment
from forum.db import commit, db
from forum.discussions import pages
from tests.browser.conftest import Site, Visitor
from tests.browser.test_live_posts import Visit, bar, listening, numbers
from tests.browser.test_pages import AXE, RUN_AXE
from tests.cast import Person, add_person

pytestmark = pytest.mark.browser


def words_of(visitor: Visitor) -> Any:
    return visitor.page.locator("#composer textarea")


def verb_of(visitor: Visitor) -> Any:
    return visitor.page.locator("#composer .composer-foot button:not([formaction])")


def test_closing_locks_the_composer_with_its_text_and_opening_unlocks_it(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Closing")
    site.publish(site.cast.tom, discussion, "A thought.")
    tina = listening(visit, site.cast.tina, discussion)
    words_of(tina).press_sequentially("Not finished")
    site.close(discussion)
    expect(tina.page.locator(".composer-closed")).to_contain_text("The discussion is closed.")
    expect(verb_of(tina)).to_be_disabled()
    expect(verb_of(tina)).to_be_hidden()
    expect(words_of(tina)).to_have_value("Not finished")
    expect(words_of(tina)).to_have_js_property("readOnly", True)
    expect(tina.page.locator(".head .pill")).to_contain_text("Closed")
    expect(tina.page.get_by_role("link", name="Reply to #1 Tom")).to_be_hidden()
    words_of(tina).press("Control+Enter")
    site.open(discussion, timedelta(hours=1))
    expect(tina.page.locator(".head .pill")).to_contain_text("Open until")
    expect(verb_of(tina)).to_be_enabled()
    expect(tina.page.locator(".composer-closed")).to_have_count(0)
    expect(tina.page.locator(".presence > span")).to_have_text("1 here now")
    expect(tina.page.get_by_role("link", name="Reply to #1 Tom")).to_be_visible()
    verb_of(tina).click()
    expect(tina.post(2)).to_contain_text("Not finished")
    assert tina.complaints == []


def test_a_page_without_composer_gets_one_when_the_discussion_opens(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Opening", opens_at=clock.now() + timedelta(hours=1))
    tina = listening(visit, site.cast.tina, discussion)
    expect(words_of(tina)).to_have_count(0)
    site.open(discussion)
    expect(words_of(tina)).to_be_visible()


def test_it_opens_by_itself_at_its_time(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Opening by itself", opens_at=clock.now() + timedelta(seconds=6))
    tina = listening(visit, site.cast.tina, discussion)
    expect(words_of(tina)).to_be_visible(timeout=15_000)


def test_the_last_minutes_are_counted_and_said_and_at_the_end_the_server_decides(site: Site, visit: Visit) -> None:
    discussion = site.discussion("The last minutes")
    site.publish(site.cast.tom, discussion, "A thought.")
    site.open(discussion, timedelta(minutes=10, seconds=25))
    tina = visit()
    # Five hours wrong: only the server's clock counts.
    tina.page.clock.install(time=clock.now() - timedelta(hours=5))
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    expect(tina.page.locator("#live")).to_have_attribute("data-joined", "true")
    left = tina.page.locator(".dock-line.is-left")
    expect(left).to_be_hidden()
    tina.page.clock.fast_forward(30_000)
    expect(left).to_have_text(re.compile(r"Closes in 9:5\d"))
    said = tina.page.locator("[role=status][data-closing-target=said]")
    expect(said).to_have_text("The discussion closes in 10 minutes.")
    words_of(tina).press_sequentially("Just in time")

    site.open(discussion, timedelta(seconds=4))
    expect(left).to_have_text(re.compile(r"Closes in 0:0\d"))
    expect(tina.page.locator(".composer-closed")).to_be_visible(timeout=10_000)
    expect(tina.page.locator(".head .pill")).to_contain_text("Closed", timeout=10_000)
    expect(words_of(tina)).to_have_value("Just in time")
    expect(left).to_be_hidden()


def test_figures_and_the_head_follow(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Figures")
    site.publish(site.cast.tom, discussion, "One.")
    tina = listening(visit, site.cast.tina, discussion, width=390)
    tina.page.locator(".spoken").click()
    figures = tina.page.locator("#figures .figures")
    expect(figures).to_contain_text("1reflection")
    site.publish(site.cast.tina, discussion, "Two.")
    site.publish(site.cast.tom, discussion, "Three.")
    expect(figures).to_contain_text("3reflections")
    expect(figures).to_be_visible()
    expect(tina.page.locator(".spoken")).to_have_text("2/2 spoke")


def test_who_is_here_and_who_writes(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Here")
    site.publish(site.cast.tom, discussion, "One.")
    tina, olga = listening(visit, site.cast.tina, discussion), listening(visit, site.cast.olga, discussion)
    expect(tina.page.locator(".presence > span")).to_have_text("2 here now")
    assert tina.page.locator(".presence details").is_hidden()
    olga.page.locator(".presence summary").click()
    assert olga.page.locator(".present-sheet li").all_inner_texts() == ["Olga", "Tina"]
    words_of(tina).press_sequentially("I think")
    writing = olga.page.locator(".dock-line.is-writing")
    expect(writing).to_have_text("Tina is writing…")
    assert tina.page.locator(".dock-line.is-writing").is_hidden()
    expect(writing).to_be_hidden(timeout=10_000)
    tina.page.context.close()
    expect(olga.page.locator(".presence summary")).to_have_text("1 here now")


def test_back_from_no_network_the_page_shows_what_the_server_has(site: Site, visit: Visit) -> None:
    cast, discussion = site.cast, site.discussion("Away")
    for body in ("One.", "Two."):
        site.publish(cast.tom, discussion, body)
    tina = listening(visit, cast.tina, discussion)
    tina.page.evaluate("window.sameAsBefore = true")
    tina.page.context.set_offline(True)
    site.publish(cast.tom, discussion, "Three.")
    site.publish(cast.ivan, discussion, "Good.", 1)
    site.change("edit", cast.tom, discussion, 1, "One, again.")
    site.change("hide", cast.olga, discussion, 2, "No.")
    site.close(discussion)
    expect(tina.page.locator(".dock-line.is-lost")).to_contain_text("Not connected", timeout=20_000)
    assert numbers(tina) == ["1", "2"]
    tina.page.context.set_offline(False)
    expect(tina.post(3)).to_be_attached(timeout=20_000)
    expect(tina.page.locator(".head .pill")).to_contain_text("Closed")
    expect(tina.page.locator(".dock-line.is-lost")).to_be_hidden(timeout=20_000)
    assert tina.page.evaluate("window.sameAsBefore")
    live = tina.page.locator("article.post .text, article.post .gone").all_inner_texts()
    tina.page.reload()
    assert tina.page.locator("article.post .text, article.post .gone").all_inner_texts() == live


def test_what_was_missed_while_the_connection_broke_is_asked_for(site: Site, visit: Visit) -> None:
    discussion, sockets = site.discussion("Broken"), []

    def pass_on(socket: Any) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    tina = visit()
    tina.page.route_web_socket(re.compile("socket.io"), pass_on)
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    expect(tina.page.locator("#live")).to_have_attribute("data-joined", "true")
    sockets[-1].close()
    site.publish(site.cast.tom, discussion, "Meanwhile.")
    expect(tina.post(1)).to_contain_text("Meanwhile.")
    assert len(sockets) == 2


def test_a_page_that_lost_the_network_at_once_hears_when_it_is_back(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Lost at once")
    tina = visit()
    tina.sign_in(site.cast.tina)
    tina.page.route("**/static/esm-*", lambda route: route.abort())
    tina.go(f"/discussions/{discussion}")
    expect(tina.page.locator(".dock-line.is-lost")).to_be_visible(timeout=10_000)
    tina.page.unroute("**/static/esm-*")
    tina.page.evaluate("dispatchEvent(new Event('online'))")
    expect(tina.page.locator("#live")).to_have_attribute("data-joined", "true")
    expect(tina.page.locator(".dock-line.is-lost")).to_be_hidden()


def test_who_has_missed_more_than_one_answer_holds_loads_the_page_anew(
    site: Site, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    discussion = site.discussion("Much missed")
    site.publish(site.cast.tina, discussion, "Mine.")
    tina = listening(visit, site.cast.tina, discussion)
    tina.page.context.set_offline(True)
    monkeypatch.setattr(pages, "MOST_SINCE", 2)
    for _ in range(5):
        site.publish(site.cast.tom, discussion, "Much.")
    expect(tina.page.locator(".dock-line.is-lost")).to_be_visible(timeout=20_000)
    tina.page.context.set_offline(False)
    tina.page.get_by_role("button", name="There is more to see: load the page anew").click(timeout=20_000)
    expect(tina.post(6)).to_be_attached()


def test_without_websockets_the_page_asks_now_and_then(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Asking")
    site.publish(site.cast.tom, discussion, "One.")
    tina = visit()
    tina.page.route_web_socket(re.compile("socket.io"), lambda socket: socket.close())
    tina.page.clock.install()
    tina.sign_in(site.cast.tina)
    tina.go(f"/discussions/{discussion}")
    site.publish(site.cast.tom, discussion, "Two.")
    tina.page.clock.fast_forward(6_000)
    expect(tina.post(2)).to_contain_text("Two.")
    expect(tina.page.locator(".dock-line.is-lost")).to_contain_text("Not connected")
    site.publish(site.cast.ivan, discussion, "A comment.", 1)
    site.close(discussion)
    tina.page.clock.fast_forward(25_000)
    expect(tina.post(3)).to_contain_text("A comment.")
    expect(tina.page.locator("#figures .figures")).to_contain_text("50.0 %")
    expect(tina.page.locator(".composer-closed")).to_be_visible()


def test_after_the_own_first_post_the_others_are_shown(site: Site, visit: Visit) -> None:
    discussion = site.discussion("Post first", post_first=True)
    site.publish(site.cast.tom, discussion, "A secret.")
    tina = listening(visit, site.cast.tina, discussion)
    assert numbers(tina) == []
    site.publish(site.cast.tom, discussion, "Another secret.")
    site.publish(site.cast.tina, discussion, "Written on the phone.")
    expect(tina.post(1)).to_contain_text("A secret.")
    assert numbers(tina) == ["1", "2", "3"]


def test_who_is_withdrawn_sees_nothing_more(site: Site, visit: Visit) -> None:
    with site.app.app_context():
        vera = add_person("Vera")
        enrol_member(db.session.query(TrainingClass).filter_by(slug="spring").one(), vera, Role.TRAINEE)
        commit()
        person = Person(vera.id, vera.name, vera.email or "")
    discussion = site.discussion("Withdrawn")
    visitor = listening(visit, person, discussion)
    with site.app.app_context():
        withdraw_enrolment(db.session.query(Enrolment).filter_by(member_id=person.id).one())
        commit()
    site.publish(site.cast.tom, discussion, "Not for Vera.")
    expect(visitor.page.locator(".dock-line.is-lost")).to_be_visible()
    assert numbers(visitor) == []


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_in_a_page_that_lives(site: Site, visit: Visit, language: str, color_scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here; get it with `npm --prefix static ci --ignore-scripts`.")
    discussion = site.discussion(f"Looked at, {language} {color_scheme}")
    for _ in range(8):
        site.publish(site.cast.tina, discussion, "A thought of some length. " * 30)
    site.open(discussion, timedelta(minutes=8))
    olga = listening(visit, site.cast.olga, discussion, language, color_scheme=color_scheme, width=390)
    site.publish(site.cast.ivan, discussion, "A comment.", 8)
    expect(bar(olga)).to_be_visible()
    expect(olga.page.locator(".dock-line.is-left")).to_be_visible()
    olga.page.locator(".presence summary").click()
    olga.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = olga.page.evaluate(RUN_AXE)
    assert not olga.page.evaluate("document.scrollingElement.scrollWidth > innerWidth")
    site.close(discussion)
    expect(olga.page.locator(".composer-closed")).to_be_visible()
    assert found + olga.page.evaluate(RUN_AXE) == []

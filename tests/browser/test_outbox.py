"""A text on its way: there at once, out exactly once whatever the network does, or back with the reason."""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from forum.db import db
from forum.discussions.models import Post
from tests.browser.conftest import QuietHandler, Site, Visitor

pytestmark = pytest.mark.browser

LOST = "net::ERR_"


@pytest.fixture
def tina(site: Site, visit: Callable[..., Visitor]) -> Iterator[Callable[[str], Visitor]]:
    """`tina("A title")`: at her computer, in a discussion of that title."""
    visitors = []

    def begin(title: str, language: str = "en") -> Visitor:
        visitor = visit()
        visitors.append(visitor)
        visitor.sign_in(site.cast.tina, language)
        visitor.discussion = site.discussion(title)
        visitor.go(f"/discussions/{visitor.discussion}")
        return visitor

    yield begin
    for visitor in visitors:
        assert [said for said in visitor.complaints if LOST not in said] == []


def composer(visitor: Visitor) -> Any:
    return visitor.page.locator("form.composer textarea")


def post(visitor: Visitor, text: str, verb: str = "Post reflection") -> None:
    composer(visitor).fill(text)
    visitor.page.get_by_role("button", name=visitor.say(verb), exact=True).click()


def under_way(visitor: Visitor, words: str = "") -> Any:
    """The text under way that says so."""
    return visitor.page.locator("article.is-sending", has_text=visitor.say(words) if words else None)


def bodies(site: Site, visitor: Visitor) -> list[str]:
    with site.app.app_context():
        found = db.session.query(Post).filter_by(discussion_id=visitor.discussion).order_by(Post.number)
        return [each.body for each in found]


class Held:
    """Holds the posts that a page sends until it is let go; `lose` has the server take them and loses the answers."""

    def __init__(self, visitor: Visitor) -> None:
        self.routes: list[Any] = []
        visitor.page.route("**/posts", self._hold)

    def _hold(self, route: Any) -> None:
        if route.request.method == "POST":
            self.routes.append(route)
        else:
            route.continue_()

    def __call__(self, visitor: Visitor) -> Any:
        while not self.routes:
            visitor.page.wait_for_timeout(20)
        return self.routes.pop(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_text_is_there_at_once_and_then_it_is_a_post(site: Site, tina: Callable[..., Visitor], language: str) -> None:
    visitor = tina(f"At once, {language}", language)
    held = Held(visitor)
    post(visitor, "Line **one**,\nline two <b>.")
    shown = under_way(visitor, "Sending…")
    shown.wait_for()
    assert shown.locator(".text").inner_text() == "Line **one**,\nline two <b>."
    assert "Tina" in shown.get_by_role("heading").inner_text()
    assert composer(visitor).input_value() == ""
    held(visitor).continue_()
    visitor.post(1).wait_for()
    assert visitor.post(1).locator("strong").inner_text() == "one"
    assert under_way(visitor).count() == 0
    visitor.page.wait_for_function("document.activeElement.id === 'post-1'")


def test_a_reply_is_shown_under_what_it_answers(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Under what it answers")
    site.publish(site.cast.tom, visitor.discussion, "A thought.")
    visitor.page.reload()
    held = Held(visitor)
    visitor.post(1).get_by_role("link", name="Reply to #1 Tom", exact=True).click()
    post(visitor, "I agree.", "Post reply")
    shown = visitor.page.locator("#thread-1 .replies article.is-sending")
    shown.wait_for()
    assert shown.locator("[data-part=to]").inner_text() == "to #1"
    held(visitor).continue_()
    visitor.page.locator("#thread-1 .replies #post-2").wait_for()
    assert visitor.page.get_by_role("button", name="Post reflection", exact=True).is_visible()


def test_in_airplane_mode_it_stays_and_goes_out_once(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Airplane mode")
    visitor.page.context.set_offline(True)
    composer(visitor).fill("Written in the air")
    visitor.page.get_by_text("Not saved yet: no network").wait_for()
    post(visitor, "Written in the air.")
    post(visitor, "And one thing more.")
    under_way(visitor, "Waiting for the network").nth(1).wait_for()
    assert bodies(site, visitor) == []
    visitor.page.context.set_offline(False)
    visitor.post(2).wait_for()
    assert bodies(site, visitor) == ["Written in the air.", "And one thing more."]
    assert visitor.page.locator("article").count() == 2
    visitor.page.reload()
    assert visitor.page.locator("article").count() == 2
    assert composer(visitor).input_value() == ""


def test_a_server_that_restarts_gets_it_when_it_is_back(site: Site, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    first = Server(site)
    visitor.site = Site(site.app, first.url, site.cast)
    visitor.sign_in(site.cast.tina)
    visitor.discussion = site.discussion("A restart")
    visitor.go(f"/discussions/{visitor.discussion}")
    first.stop()
    post(visitor, "Written meanwhile.")
    under_way(visitor, "Waiting for the network").wait_for()
    second = Server(site, first.port)
    visitor.post(1).wait_for()
    second.stop()
    assert bodies(site, visitor) == ["Written meanwhile."]


class Server:
    """The application once more, to be stopped and started."""

    def __init__(self, site: Site, port: int = 0) -> None:
        self._server = make_server("127.0.0.1", port, site.app, threaded=True, request_handler=QuietHandler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.port, self.url = self._server.port, f"http://127.0.0.1:{self._server.port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def test_an_answer_that_was_lost_makes_no_second_post(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("A lost answer")
    held = Held(visitor)
    post(visitor, "Only once.")
    lost = held(visitor)
    assert lost.fetch().status == 201
    lost.abort()
    under_way(visitor, "Waiting for the network").wait_for()
    assert bodies(site, visitor) == ["Only once."]
    held(visitor).continue_()
    visitor.post(1).wait_for()
    assert under_way(visitor).count() == 0
    assert bodies(site, visitor) == ["Only once."]


def test_what_waits_is_still_there_on_the_next_page_and_goes_from_there(
    site: Site, tina: Callable[..., Visitor]
) -> None:
    visitor = tina("The next page")
    composer(visitor).fill("Written before.")
    visitor.page.get_by_text("Saved", exact=True).wait_for()
    held = Held(visitor)
    post(visitor, "Written before.")
    held(visitor).abort()
    under_way(visitor, "Waiting for the network").wait_for()
    visitor.page.reload()
    shown = under_way(visitor)
    shown.wait_for()
    assert "Written before." in shown.inner_text()
    assert composer(visitor).input_value() == "", "it is in the outbox, no draft"
    while not visitor.post(1).count():
        held(visitor).continue_()
        visitor.post(1).wait_for()
    assert bodies(site, visitor) == ["Written before."]
    visitor.page.reload()
    assert composer(visitor).input_value() == ""


def test_two_windows_send_it_once(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Two windows")
    other = visitor.page.context.new_page()
    other.goto(visitor.page.url)
    visitor.page.context.set_offline(True)
    post(visitor, "From one of two windows.")
    under_way(visitor, "Waiting for the network").wait_for()
    other.locator("article.is-sending").wait_for()
    visitor.page.context.set_offline(False)
    visitor.page.locator("article.is-sending").wait_for(state="detached")
    other.locator("article.is-sending").wait_for(state="detached")
    assert bodies(site, visitor) == ["From one of two windows."]


def test_signed_out_meanwhile_it_waits_and_goes_when_its_author_is_back(
    site: Site, tina: Callable[..., Visitor]
) -> None:
    visitor = tina("Signed out")
    visitor.page.context.clear_cookies()
    post(visitor, "An hour's work.")
    shown = under_way(visitor, "You are no longer signed in.")
    shown.get_by_role("link", name="Sign in", exact=True).click()
    visitor.page.get_by_label("E-mail or phone number").fill(site.cast.tina.email)
    visitor.page.get_by_label("Password", exact=True).fill("correct horse battery")
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(f"**/discussions/{visitor.discussion}")
    visitor.post(1).wait_for()
    assert bodies(site, visitor) == ["An hour's work."]


def test_signed_in_anew_elsewhere_it_goes_without_asking(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Signed in anew")
    visitor.page.context.clear_cookies()
    elsewhere = Visitor(visitor.page.context.new_page(), site)
    elsewhere.sign_in(site.cast.tina)
    post(visitor, "With the old page.")
    visitor.post(1).wait_for()
    assert bodies(site, visitor) == ["With the old page."]


def test_it_never_goes_out_under_another_name(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Another name")
    visitor.page.context.clear_cookies()
    elsewhere = Visitor(visitor.page.context.new_page(), site)
    elsewhere.sign_in(site.cast.tom)
    post(visitor, "Tina's own words.")
    under_way(visitor, "Somebody else is signed in here now.").wait_for()
    elsewhere.go(f"/discussions/{visitor.discussion}")
    assert composer(elsewhere).input_value() == ""
    post(elsewhere, "Tom's words.")
    elsewhere.post(1).wait_for()
    assert bodies(site, visitor) == ["Tom's words."]
    assert under_way(elsewhere).count() == 0
    elsewhere.page.context.clear_cookies()
    elsewhere.sign_in(site.cast.tina)
    elsewhere.go(f"/discussions/{visitor.discussion}")
    elsewhere.post(2).wait_for()
    assert bodies(site, visitor) == ["Tom's words.", "Tina's own words."]


def test_refused_it_is_back_in_the_composer_with_the_reason(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Refused")
    site.close(visitor.discussion)
    post(visitor, "Too late.")
    reason = visitor.page.locator("form.composer").get_by_role("alert")
    reason.get_by_text("This discussion has closed").wait_for()
    assert composer(visitor).input_value() == "Too late."
    assert under_way(visitor).count() == 0
    visitor.page.get_by_text("Saved", exact=True).wait_for()


def test_refused_while_something_else_is_written_it_waits_beside_it(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Refused meanwhile")
    held = Held(visitor)
    post(visitor, "Too late.")
    route = held(visitor)
    composer(visitor).fill("The next thought.")
    site.close(visitor.discussion)
    route.continue_()
    box = under_way(visitor, "This discussion has closed")
    box.wait_for()
    assert "Too late." in box.inner_text()
    assert composer(visitor).input_value() == "The next thought."
    visitor.page.reload()
    box = under_way(visitor, "This discussion has closed")
    assert "Too late." in box.inner_text()
    box.get_by_text("Throw it away").click()
    box.get_by_role("button", name="Throw the text away").click()
    assert under_way(visitor).count() == 0


def test_taken_back_it_stands_below_what_was_written(site: Site, tina: Callable[..., Visitor]) -> None:
    visitor = tina("Taken back")
    site.publish(site.cast.tom, visitor.discussion, "A thought.")
    visitor.page.reload()
    held = Held(visitor)
    visitor.post(1).get_by_role("link", name="Reply to #1 Tom", exact=True).click()
    post(visitor, "I agree.", "Post reply")
    route = held(visitor)
    composer(visitor).fill("The next thought.")
    site.change("hide", site.cast.olga, visitor.discussion, 1, "twice")
    route.continue_()
    under_way(visitor).get_by_role("button", name="Take it back into the composer").click()
    assert composer(visitor).input_value() == "The next thought.\n\nI agree."
    assert "no longer there" in visitor.page.locator("form.composer").get_by_role("alert").inner_text()
    assert under_way(visitor).count() == 0


FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


@pytest.mark.parametrize("fault", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_without_room_on_the_device_everything_still_works(
    site: Site, tina: Callable[..., Visitor], fault: str
) -> None:
    visitor = tina("No room")
    visitor.page.add_init_script(fault)
    visitor.page.reload()
    composer(visitor).fill("Kept by the server")
    visitor.page.get_by_text("Saved", exact=True).wait_for()
    visitor.page.reload()
    visitor.page.wait_for_function("document.querySelector('form.composer textarea').value === 'Kept by the server'")
    post(visitor, "Posted plainly.")
    visitor.page.wait_for_url("**#post-1")
    assert bodies(site, visitor) == ["Posted plainly."]

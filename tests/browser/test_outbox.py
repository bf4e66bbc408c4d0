"""A text on its way: there at once, and out exactly once whatever the network does."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from forum.db import commit, db
from forum.discussions.models import Discussion
from tests.browser.conftest import QuietHandler, Site, Visitor
from tests.browser.writing import Held, Writer, writers

pytestmark = pytest.mark.browser


@pytest.fixture
def tina(visit: Callable[..., Visitor], site: Site) -> Iterator[Callable[..., Writer]]:
    yield from writers(visit, site)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_text_is_there_at_once_and_then_it_is_a_post(site: Site, tina: Callable[..., Writer], language: str) -> None:
    visitor = tina(f"At once, {language}", language)
    held = Held(visitor)
    visitor.write("Line **one**,\nline two <b>.")
    shown = visitor.under_way("Sending…")
    shown.wait_for()
    assert shown.locator(".text").inner_text() == "Line **one**,\nline two <b>."
    assert "Tina" in shown.locator(".who-name").inner_text()
    assert visitor.composer.input_value() == ""
    held.next().continue_()
    visitor.post(1).wait_for()
    assert visitor.post(1).locator("strong").inner_text() == "one"
    expect(visitor.under_way()).to_have_count(0)
    visitor.page.wait_for_function("() => document.activeElement.id === 'post-1'")


def test_a_reply_is_shown_under_what_it_answers(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Under what it answers")
    site.publish(site.cast.tom, visitor.discussion, "A thought.")
    visitor.page.reload()
    held = Held(visitor)
    visitor.post(1).get_by_role("link", name="Reply to #1 Tom", exact=True).click()
    visitor.write("I agree.", "Post reply")
    shown = visitor.page.locator("#thread-1 .replies article.is-sending")
    shown.wait_for()
    assert shown.locator("[data-part=to]").inner_text() == "to #1"
    held.next().continue_()
    visitor.page.locator("#thread-1 .replies #post-2").wait_for()
    assert visitor.page.get_by_role("button", name="Post reflection", exact=True).is_visible()


def test_in_airplane_mode_it_stays_and_goes_out_once(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Airplane mode")
    visitor.page.context.set_offline(True)
    visitor.composer.fill("Written in the air")
    visitor.page.get_by_text("No network: kept on this device").wait_for()
    visitor.write("Written in the air.")
    visitor.write("And one thing more.")
    visitor.under_way("Waiting for the network").nth(1).wait_for()
    assert visitor.posted == []
    visitor.page.context.set_offline(False)
    visitor.post(2).wait_for()
    assert visitor.posted == ["Written in the air.", "And one thing more."]
    assert visitor.page.locator("article").count() == 2
    visitor.page.reload()
    assert visitor.page.locator("article").count() == 2
    assert visitor.composer.input_value() == ""


def test_a_server_that_restarts_gets_it_when_it_is_back(site: Site, tina: Callable[..., Writer]) -> None:
    first = Server(site)
    visitor = tina("A restart", at=Site(site.app, first.url, site.cast))
    first.stop()
    visitor.write("Written meanwhile.")
    visitor.under_way("Waiting for the network").wait_for()
    second = Server(site, first.port)
    visitor.post(1).wait_for()
    second.stop()
    assert visitor.posted == ["Written meanwhile."]


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


def test_an_answer_that_was_lost_makes_no_second_post(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("A lost answer")
    held = Held(visitor)
    visitor.write("Only once.")
    lost = held.next()
    assert lost.fetch().status == 201
    lost.abort()
    assert visitor.posted == ["Only once."]
    held.next().continue_()
    # The socket may have brought it before.
    expect(visitor.under_way()).to_have_count(0)
    assert visitor.page.locator("article", has_text="Only once.").count() == 1
    assert visitor.posted == ["Only once."]


def test_what_waits_is_still_there_on_the_next_page_and_goes_from_there(
    site: Site, tina: Callable[..., Writer]
) -> None:
    visitor = tina("The next page")
    visitor.composer.fill("Written before.")
    visitor.page.get_by_text("Saved", exact=True).wait_for()
    held = Held(visitor)
    visitor.write("Written before.")
    held.next().abort()
    visitor.under_way("Waiting for the network").wait_for()
    visitor.page.reload()
    shown = visitor.under_way()
    shown.wait_for()
    assert "Written before." in shown.inner_text()
    assert visitor.composer.input_value() == "", "it is in the outbox, no draft"
    while not visitor.post(1).count():
        held.next().continue_()
        visitor.post(1).wait_for()
    assert visitor.posted == ["Written before."]
    visitor.page.reload()
    assert visitor.composer.input_value() == ""


def test_two_windows_send_it_once(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Two windows")
    other = visitor.page.context.new_page()
    other.goto(visitor.page.url)
    visitor.page.context.set_offline(True)
    visitor.write("From one of two windows.")
    visitor.under_way("Waiting for the network").wait_for()
    other.locator("article.is-sending").wait_for()
    visitor.page.context.set_offline(False)
    visitor.page.locator("article.is-sending").wait_for(state="detached")
    other.locator("article.is-sending").wait_for(state="detached")
    assert visitor.posted == ["From one of two windows."]


def test_signed_out_meanwhile_it_waits_and_goes_when_its_author_is_back(
    site: Site, tina: Callable[..., Writer]
) -> None:
    visitor = tina("Signed out")
    visitor.page.context.clear_cookies()
    visitor.write("An hour's work.")
    shown = visitor.under_way("You are no longer signed in.")
    shown.get_by_role("link", name="Sign in", exact=True).click()
    visitor.page.get_by_label("E-mail or phone number").fill(site.cast.tina.email)
    visitor.page.get_by_label("Password", exact=True).fill("correct horse battery")
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(f"**/discussions/{visitor.discussion}")
    visitor.post(1).wait_for()
    assert visitor.posted == ["An hour's work."]


def test_signed_in_anew_elsewhere_it_goes_without_asking(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Signed in anew")
    visitor.page.context.clear_cookies()
    elsewhere = Writer(visitor.page.context.new_page(), site, discussion=visitor.discussion)
    elsewhere.sign_in(site.cast.tina)
    visitor.write("With the old page.")
    visitor.post(1).wait_for()
    assert visitor.posted == ["With the old page."]


def test_it_never_goes_out_under_another_name(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Another name")
    visitor.page.context.clear_cookies()
    elsewhere = Writer(visitor.page.context.new_page(), site, discussion=visitor.discussion)
    elsewhere.sign_in(site.cast.tom)
    visitor.write("Tina's own words.")
    visitor.under_way("Somebody else is signed in here now.").wait_for()
    elsewhere.go(f"/discussions/{visitor.discussion}")
    assert elsewhere.composer.input_value() == ""
    elsewhere.write("Tom's words.")
    elsewhere.post(1).wait_for()
    assert visitor.posted == ["Tom's words."]
    expect(elsewhere.under_way()).to_have_count(0)
    elsewhere.page.context.clear_cookies()
    with elsewhere.page.expect_response(lambda answer: answer.url.endswith("/posts")):
        elsewhere.sign_in(site.cast.tina)
    assert visitor.posted == ["Tom's words.", "Tina's own words."]


def test_who_posts_first_reads_the_others_at_once(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Post first")
    with site.app.app_context():
        db.session.get_one(Discussion, visitor.discussion).post_first = True
        commit()
    site.publish(site.cast.tom, visitor.discussion, "Tom's own thoughts.")
    visitor.page.reload()
    assert visitor.post(1).count() == 0
    visitor.write("My own thoughts.")
    visitor.post(1).wait_for()
    assert "Tom's own thoughts." in visitor.post(1).inner_text()
    assert "My own thoughts." in visitor.post(2).inner_text()


def test_what_waits_goes_out_from_the_first_page_too(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("From the first page")
    held = Held(visitor)
    visitor.write("Written in the lift.")
    held.next().abort()
    visitor.under_way("Waiting for the network").wait_for()
    visitor.go("/")
    line = visitor.page.get_by_text("A text of yours has not been posted yet.")
    line.wait_for()
    assert line.get_by_role("link").get_attribute("href") == f"/discussions/{visitor.discussion}"
    held.next().continue_()
    line.wait_for(state="hidden")
    assert visitor.posted == ["Written in the lift."]


def test_who_came_from_elsewhere_is_led_back_there(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("From elsewhere")
    site.publish(site.cast.tom, visitor.discussion, "A thought.")
    visitor.go(f"/discussions/{visitor.discussion}/posts/1?next=/classes/spring")
    visitor.write("I agree.", "Post reply")
    visitor.page.wait_for_url(site.url + "/classes/spring")
    assert visitor.posted == ["A thought.", "I agree."]

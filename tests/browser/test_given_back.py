"""A text that was refused comes back with the reason; a device without room for it breaks nothing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visitor
from tests.browser.test_pages import AXE, RUN_AXE, WIDER
from tests.browser.writing import DEAF, IS, Held, Writer, writers

pytestmark = pytest.mark.browser


@pytest.fixture
def tina(visit: Callable[..., Visitor], site: Site) -> Iterator[Callable[..., Writer]]:
    yield from writers(visit, site)


def test_refused_it_is_back_in_the_composer_with_the_reason(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Refused")
    held = Held(visitor)
    visitor.write("Too late.")
    route = held.next()
    site.close(visitor.discussion)
    route.continue_()
    reason = visitor.page.locator("form.composer").get_by_role("alert")
    reason.get_by_text("This discussion has closed").wait_for()
    assert visitor.composer.input_value() == "Too late."
    expect(visitor.under_way()).to_have_count(0)
    expect(visitor.page.locator("[data-draft-target=state]")).to_have_text("Saved")


def test_refused_while_something_else_is_written_it_waits_beside_it(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Refused meanwhile")
    held = Held(visitor)
    visitor.write("Too late.")
    route = held.next()
    visitor.composer.fill("The next thought.")
    site.close(visitor.discussion)
    route.continue_()
    box = visitor.under_way("This discussion has closed")
    box.wait_for()
    assert "Too late." in box.inner_text()
    assert visitor.composer.input_value() == "The next thought."
    visitor.page.reload()
    box = visitor.under_way("This discussion has closed")
    assert "Too late." in box.inner_text()
    box.get_by_text("Throw it away").click()
    box.get_by_role("button", name="Throw the text away").click()
    expect(visitor.under_way()).to_have_count(0)


def test_taken_back_it_stands_below_what_was_written(site: Site, tina: Callable[..., Writer]) -> None:
    visitor = tina("Taken back")
    site.publish(site.cast.tom, visitor.discussion, "A thought.")
    visitor.page.reload()
    held = Held(visitor)
    visitor.post(1).get_by_role("link", name="Reply to #1 Tom", exact=True).click()
    visitor.write("I agree.", "Post reply")
    route = held.next()
    visitor.composer.fill("The next thought.")
    site.change("hide", site.cast.olga, visitor.discussion, 1, "twice")
    route.continue_()
    visitor.under_way().get_by_role("button", name="Take it back into the composer").click()
    assert visitor.composer.input_value() == "The next thought.\n\nI agree."
    assert "no longer there" in visitor.page.locator("form.composer").get_by_role("alert").inner_text()
    expect(visitor.under_way()).to_have_count(0)


FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


@pytest.mark.parametrize("fault", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_without_room_on_the_device_everything_still_works(site: Site, tina: Callable[..., Writer], fault: str) -> None:
    visitor = tina("No room")
    visitor.page.add_init_script(fault)
    visitor.page.reload()
    visitor.composer.fill("Kept by the server")
    visitor.page.get_by_text("Saved", exact=True).wait_for()
    visitor.page.reload()
    visitor.page.wait_for_function(IS, arg="Kept by the server")
    visitor.write("Posted plainly.")
    visitor.page.wait_for_url("**#post-1")
    assert visitor.posted == ["Posted plainly."]


def faults(visitor: Writer) -> list[str]:
    """What axe finds, and what is wider than a phone."""
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    return [*visitor.page.evaluate(RUN_AXE), *visitor.page.evaluate(WIDER)]


@pytest.mark.parametrize(("language", "color_scheme"), [("en", "light"), ("zh", "dark")])
def test_whatever_has_to_be_said_is_said_for_everybody(
    site: Site, tina: Callable[..., Writer], language: str, color_scheme: str
) -> None:
    visitor = tina(f"For everybody, {language}", language)
    visitor.page.emulate_media(color_scheme=color_scheme)
    site.publish(site.cast.tom, visitor.discussion, "A thought.")
    visitor.page.reload()
    held = Held(visitor)
    visitor.write("Too late. " * 30)
    visitor.under_way("Sending…").wait_for()
    assert faults(visitor) == []
    site.close(visitor.discussion)
    route = held.next()
    visitor.composer.fill("The next thought.")
    route.continue_()
    visitor.under_way().locator("[data-press=take]").wait_for()
    assert faults(visitor) == []
    other = Writer(visitor.page.context.new_page(), site, language=language, discussion=visitor.discussion)
    other.page.add_init_script(DEAF)
    other.go(f"/discussions/{site.discussion('A choice')}")
    visitor.go(other.page.url.removeprefix(site.url))
    visitor.composer.fill("In the first window")
    other.composer.fill("In the second")
    other.page.locator(".other-text").wait_for()
    assert faults(other) == []
    other.page.context.clear_cookies()
    other.write("Nobody is signed in")
    other.under_way().get_by_role("link", name=other.say("Sign in")).wait_for()
    assert faults(other) == []

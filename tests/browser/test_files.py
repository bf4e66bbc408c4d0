"""Files in the composer: added as they are chosen, there for everybody with the post, and never in the text's way."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.attachments.samples import PDF, picture
from tests.browser.conftest import Site, Visitor
from tests.browser.test_pages import AXE, RUN_AXE, WIDER
from tests.browser.writing import Writer, writers

pytestmark = pytest.mark.browser

PHOTO = {"name": "现场 照片.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", (1200, 800))}
PAPER = {"name": "Notes.pdf", "mimeType": "application/pdf", "buffer": PDF}
DRAWING = {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
DROPPED = """async form => {
    const files = new DataTransfer();
    files.items.add(new File(["Some words."], "dropped.txt", { type: "text/plain" }));
    form.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    form.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true }));
}"""
IS_SHOWN = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def tina(visit: Callable[..., Visitor], site: Site) -> Iterator[Callable[..., Writer]]:
    yield from writers(visit, site)


def choose(visitor: Writer, *files: dict[str, Any]) -> None:
    visitor.page.locator("form.composer input[type=file]").set_input_files(list(files))


def chosen(visitor: Writer) -> Any:
    return visitor.page.locator("form.composer .chosen-file")


def state(visitor: Writer) -> Any:
    return visitor.page.locator("form.composer .files-state")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_chosen_files_go_out_with_the_text_and_are_there_for_everybody(
    site: Site, tina: Callable[..., Writer], visit: Callable[..., Visitor], language: str
) -> None:
    visitor, tom = tina(f"With files, {language}", language), visit()
    tom.sign_in(site.cast.tom, language)
    tom.go(f"/discussions/{visitor.discussion}")
    visitor.composer.fill("What we saw.")
    choose(visitor, PHOTO, PAPER)
    expect(chosen(visitor)).to_have_count(2)
    visitor.write("What we saw.")
    expect(visitor.post(1).locator(".pictures img")).to_have_count(1)
    assert visitor.post(1).locator(".documents a").inner_text().startswith("Notes.pdf")
    expect(chosen(visitor)).to_have_count(0)
    image = tom.page.locator("#post-1 .pictures img")
    image.scroll_into_view_if_needed()
    tom.page.wait_for_function(IS_SHOWN, arg=image.element_handle())


def test_a_text_waits_for_its_files(tina: Callable[..., Writer]) -> None:
    visitor = tina("It waits")
    routes: list[Any] = []
    visitor.page.route("**/files", lambda route: routes.append(route))
    visitor.composer.fill("Here is the paper.")
    with visitor.page.expect_request("**/files"):
        choose(visitor, PAPER)
    expect(state(visitor)).to_have_text("“Notes.pdf” is being added…")
    visitor.write("Here is the paper.")
    expect(state(visitor)).to_have_text("Your text goes out as soon as the files are there.")
    assert visitor.posted == []
    routes[0].continue_()
    visitor.post(1).locator(".documents").wait_for()
    assert visitor.posted == ["Here is the paper."]


def test_a_file_that_is_refused_or_lost_leaves_the_text_alone(tina: Callable[..., Writer]) -> None:
    visitor = tina("Refused files")
    visitor.composer.fill("Words stay.")
    choose(visitor, DRAWING, PAPER)
    expect(chosen(visitor)).to_have_count(1)
    expect(state(visitor)).to_contain_text("“drawing.svg” cannot be added.")
    visitor.page.context.set_offline(True)
    choose(visitor, PHOTO)
    expect(state(visitor)).to_contain_text("was not added: no network")
    visitor.page.context.set_offline(False)
    assert visitor.composer.input_value() == "Words stay."
    visitor.write("Words stay.")
    expect(visitor.post(1).locator(".documents a")).to_have_count(1)


def test_files_are_back_after_a_reload_and_stay_with_what_they_were_for(
    site: Site, tina: Callable[..., Writer]
) -> None:
    visitor = tina("Back again")
    site.publish(site.cast.tom, visitor.discussion, "A thought.")
    visitor.page.reload()
    visitor.page.locator("form.composer").evaluate(DROPPED)
    expect(chosen(visitor)).to_have_count(2)
    choose(visitor, PHOTO)
    expect(chosen(visitor)).to_have_count(3)
    visitor.page.reload()
    expect(chosen(visitor)).to_have_count(3)
    visitor.post(1).get_by_role("link", name="Reply to #1 Tom", exact=True).click()
    expect(chosen(visitor)).to_have_count(0)
    visitor.page.get_by_role("button", name="Cancel the reply").click()
    expect(chosen(visitor)).to_have_count(3)
    chosen(visitor).first.get_by_role("checkbox").uncheck()
    visitor.page.reload()
    expect(chosen(visitor)).to_have_count(2)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_post_with_files_is_fit_to_be_read(site: Site, tina: Callable[..., Writer], width: int) -> None:
    visitor = tina(f"To be read, {width}")
    visitor.page.set_viewport_size({"width": width, "height": 844})
    visitor.composer.fill("Look.")
    choose(visitor, PHOTO, PAPER, {**PHOTO, "name": "x" * 120 + ".jpg"}, {**PAPER, "name": "y" * 120 + ".pdf"})
    expect(chosen(visitor)).to_have_count(4)
    for turn in range(2):
        assert not visitor.page.evaluate(WIDER)
        visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert visitor.page.evaluate(RUN_AXE) == []
        if not turn:
            visitor.write("Look.")
            expect(visitor.post(1).locator(".documents a")).to_have_count(2)

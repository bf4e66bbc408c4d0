"""Files of the programme: added and removed by the organiser, fetched by whoever sees the class."""

from pathlib import Path

import pytest

from forum.attachments.operations import drop_files
from tests.attachments.samples import PDF, addresses, fetch, kept, picture, send, status_of
from tests.cast import Browser, Cast, World
from tests.pages import Page

PROGRAMME = "/classes/spring/programme"
SLIDES, PHOTO = ("第一讲 讲义.pdf", PDF), ("map.png", picture())


@pytest.fixture
def activity(world: World) -> str:
    """The address of a lecture."""
    olga = world.client_of(world.cast.olga)
    page = olga.get(f"{PROGRAMME}/new")
    olga.submit(page, f"{PROGRAMME}/new", kind="lecture", title="A first lecture", starts_at="2026-03-03T09:00")
    [edit] = {a["href"] for a in olga.get(PROGRAMME).all("a") if a.get("href", "").rpartition("/")[2].isdigit()}
    return str(edit)


def add(browser: Browser, activity: str, *files: tuple[str, bytes]) -> Page:
    return send(browser, f"{activity}/files", *files)


def test_files_of_an_activity_are_where_its_links_are(world: World, cast: Cast, activity: str) -> None:
    olga = world.client_of(cast.olga)
    assert add(olga, activity, SLIDES, PHOTO).status == 303
    shown = addresses(world.client_of(cast.tina).get("/classes/spring"))
    assert len(shown) == 2
    assert fetch(world.client_of(cast.tina), shown[0]).data == PDF
    assert {name: status_of(world.client_of(getattr(cast, name)), shown[0]) for name in ("ivan", "omar", "stella")} == {
        "ivan": 200, "omar": 200, "stella": 404,
    }  # fmt: skip


def test_only_its_organisers_add_and_remove(world: World, cast: Cast, activity: str, uploads: Path) -> None:
    assert add(world.client_of(cast.tina), activity, SLIDES).status == 403
    assert add(world.client_of(cast.stella), activity, SLIDES).status == 404
    olga = world.client_of(cast.olga)
    add(olga, activity, SLIDES)
    [address] = addresses(olga.get(activity))
    assert world.client_of(cast.tina).post(f"{address}/remove").status == 403
    assert olga.submit(olga.get(activity), f"{address}/remove").status == 303
    assert status_of(olga, address) == 404
    assert addresses(olga.get(activity)) == []
    with world.inside():
        drop_files(world.clock.now)
    assert kept(uploads) == 0


def test_what_is_refused_is_said_and_the_rest_is_there(world: World, cast: Cast, activity: str) -> None:
    olga = world.client_of(cast.olga)
    page = add(olga, activity, SLIDES, ("run.exe", b"MZ\x90\x00"))
    assert (page.status, page.refusal[:30]) == (422, "“run.exe” cannot be added. Wha")
    assert len(addresses(olga.get(activity))) == 1
    assert add(olga, activity).refusal == "Please choose a file first."


def test_with_its_activity_a_file_goes(world: World, cast: Cast, activity: str, uploads: Path) -> None:
    olga = world.client_of(cast.olga)
    add(olga, activity, PHOTO)
    assert kept(uploads) == 2
    olga.post(f"{activity}/delete")
    with world.inside():
        drop_files(world.clock.now)
    assert kept(uploads) == 0

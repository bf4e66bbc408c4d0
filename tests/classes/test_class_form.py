"""The form of a class: which line is marked, how a time zone is called, and what was changed meanwhile."""

import pytest

from forum.classes.revisions import touch_roster
from tests.cast import World
from tests.classes.test_class_setup import make, the_class


@pytest.mark.one_database
@pytest.mark.parametrize("slug", ["spring", "new", "a/b", "-"])
def test_a_bad_short_name_is_marked_where_it_was_typed_whatever_else_is_wrong(world: World, slug: str) -> None:
    page = make(world, "olga", slug=slug, title="", timezone="Mars/Base")
    assert page.status == 422
    for name in ("title", "slug", "timezone"):
        assert page.one("input", name=name)["aria-invalid"] == "true", name
    assert page.one("input", name="slug")["value"] == slug


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Beijing", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("上海", "Asia/Shanghai"),
        (" shanghai ", "Asia/Shanghai"),
        ("berlin", "Europe/Berlin"),
        ("New  York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("+08:00", "+08:00"),
        ("UTC", "UTC"),
    ],
)
def test_a_time_zone_is_found_by_its_city(world: World, typed: str, zone: str) -> None:
    assert make(world, "olga", slug="there", timezone=typed).status == 303
    with world.app.app_context():
        assert the_class("there").timezone == zone


@pytest.mark.one_database
def test_a_city_of_which_there_are_two_is_asked_about(world: World) -> None:
    page = make(world, "olga", timezone="Louisville")
    assert page.status == 422
    assert "There is no such time zone" in page.words
    assert page.form("/classes/new").fields["timezone"] == "Louisville"


def test_settings_of_a_page_opened_before_somebody_changed_them_are_asked_about_once(world: World) -> None:
    olga, ada, path = world.client_of(world.cast.olga), world.client_of(world.cast.ada), "/classes/spring/settings"
    page = olga.get(path)
    assert ada.submit(ada.get(path), path, kind="class", description="Ada's words").status == 303
    refused = olga.submit(page, path, kind="class", title="Olga's title", starts_on="2026-03-01")
    assert refused.status == 422
    assert "Somebody has changed this meanwhile" in refused.refusal
    assert refused.form(path).fields["title"] == "Olga's title"
    assert refused.form(path).fields["starts_on"] == "2026-03-01"
    with world.app.app_context():
        assert the_class("spring").description == "Ada's words"
    assert olga.submit(refused, path, kind="class").status == 303
    with world.app.app_context():
        assert (the_class("spring").title, the_class("spring").description) == ("Olga's title", "")


def test_enrolling_somebody_is_no_change_of_the_settings(world: World) -> None:
    olga, path = world.client_of(world.cast.olga), "/classes/spring/settings"
    page = olga.get(path)
    with world.inside():
        touch_roster(world.cast.spring.id)
    assert olga.submit(page, path, kind="class", title="Another").status == 303


@pytest.mark.one_database
def test_the_pages_of_a_class_begin_with_an_overview(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    for path, here in (("", "Overview"), ("/settings", "Class")):
        tabs = olga.get(f"/classes/spring{path}").one("nav", class_="subnav")
        assert [tab.words for tab in tabs.all("a")][:2] == ["Overview", "Class"]
        assert tabs.one("a")["href"] == "/classes/spring"
        assert [tab.words for tab in tabs.all("a", aria_current="page")] == [here]

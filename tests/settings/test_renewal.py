"""How the processes of a forum come to know of changed settings: soon, and by one statement now and then."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, current_app

from forum import jobs
from forum.config import Settings
from forum.db import commit, expect_reading
from forum.settings.models import ChangedSettings
from forum.settings.operations import change_settings, dated
from forum.settings.queries import changed_texts
from forum.settings.renewal import Renewal, changed, renewal
from tests.cast import Browser, World
from tests.databases import KINDS, inside, settings_for
from tests.discussions.test_pages import statements


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def change(**texts: str) -> None:
    expect_reading(False)
    change_settings(dated(changed_texts()), texts)
    commit()


@pytest.mark.parametrize("kind", KINDS)
def test_another_process_sees_it_when_it_next_looks(
    scratch_database: Callable[..., str], tmp_path: Path, kind: str
) -> None:
    url, watch = scratch_database(kind), Watch()
    with inside(url, tmp_path) as other:
        other.extensions["renewal"] = Renewal(other, now=watch)
        see_it_when_it_is_time(url, tmp_path, other, watch)


def see_it_when_it_is_time(url: str, data: Path, other: Flask, watch: Watch) -> None:
    assert other.test_client().get("/sign-in").status_code == 200
    with inside(url, data):
        change(draft_days="40")
    watch.seconds += 4.9
    other.test_client().get("/sign-in")
    assert other.extensions["settings"].draft_days == 365
    watch.seconds += 0.2
    assert other.test_client().get("/static/nothing.css").status_code == 404
    assert other.test_client().get("/healthz").status_code == 200
    assert other.extensions["settings"].draft_days == 365, "these ask no database"
    other.test_client().get("/sign-in")
    assert other.extensions["settings"].draft_days == 40


def test_only_who_comes_when_it_is_time_asks(world: World, tina: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()
    monkeypatch.setitem(world.app.extensions, "renewal", Renewal(world.app, now=watch))

    def asked() -> int:
        with statements() as said:
            assert tina.get("/").status == 200
        return sum("FROM settings" in one for one in said)

    assert [asked(), asked(), asked()] == [1, 0, 0]
    watch.seconds += 5
    assert [asked(), asked()] == [1, 0]


def test_jobs_go_by_it(scratch_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look_at_days() -> None:
        seen.append(current_app.extensions["settings"].draft_days)

    monkeypatch.setattr(jobs, "JOBS", (look_at_days,))
    with inside(scratch_database("sqlite"), tmp_path) as app:
        app.extensions["renewal"].pause = 0
        run = app.extensions["jobs"]._inside(look_at_days)
        run()
        change(draft_days="40")
        run()
    assert seen == [365, 40]


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_database_does_not_tell_all_stays(
    scratch_database: Callable[..., str], tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with inside(scratch_database(kind, migrated=False), tmp_path) as app, caplog.at_level(logging.WARNING):
        before = app.extensions["settings"]
        renewal().look()
        assert app.extensions["settings"] is before
    assert "The settings stay as they are" in caplog.text


def test_what_is_no_longer_understood_is_left_alone(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    started = settings_for("sqlite://", tmp_path)
    found = changed(
        started, {"search_limit": "often", "of_a_later_version": "1", "secret_key": "x", "draft_days": "40"}
    )
    assert found.draft_days == 40
    assert (found.search_limit, found.secret_key) == (started.search_limit, started.secret_key)
    assert "FORUM_SEARCH_LIMIT is “often”" in caplog.text


def test_the_environment_is_known_to_have_spoken(tmp_path: Path) -> None:
    settings = Settings.from_environment({"FORUM_DATA": str(tmp_path), "FORUM_POST_LIMIT": "9/hour", "FORUM_LOG": ""})
    assert settings.fixed == {"data", "post_limit"}
    assert changed(settings, {"post_limit": "1/day", "search_limit": "1/day"}).post_limit == "9/hour"


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_two_at_once_are_not_both_the_first(
    scratch_database: Callable[..., str], tmp_path: Path, kind: str
) -> None:
    from forum.classes.revisions import ChangedMeanwhile
    from forum.settings import operations

    with inside(scratch_database(kind), tmp_path):
        change(draft_days="40")
        with pytest.MonkeyPatch.context() as patch:
            # It was not there yet when this one looked.
            patch.setattr(operations.queries, "locked_row", lambda: None)
            expect_reading(False)
            with pytest.raises(ChangedMeanwhile):
                change_settings(dated({}), {"backup_hour": "5"})


def test_the_row_is_the_only_one(world: World) -> None:
    with world.inside():
        change(draft_days="40")
        change(draft_days="50")
    with world.app.app_context():
        assert [one.texts for one in ChangedSettings.query.all()] == [{"draft_days": "50"}]

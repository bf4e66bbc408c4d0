"""Somebody holds the database for longer than others wait: they get their text back, with a button to send it again."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from forum import config
from forum.db import after_commit, commit, db
from tests.cast import StoppedClock, World, settle_cast
from tests.databases import KINDS
from tests.databases import test_app as make_app
from tests.pages import Page

TEXT = "\nMy words,\n第二行"


@pytest.fixture(params=KINDS)
def hasty(
    request: pytest.FixtureRequest,
    scratch_database: Callable[..., str],
    tmp_path: Path,
    frozen: StoppedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """A world that waits for a fifth of a second only."""
    options = {"sqlite": {"isolation_level": None, "timeout": 0.2}, "postgresql": {"options": "-c lock_timeout=200"}}
    monkeypatch.setattr(config, "_engine_options", lambda _url: {"connect_args": options[request.param]})
    app = make_app(scratch_database(request.param), tmp_path)
    with app.app_context():
        cast = settle_cast()
        commit()
    yield World(app, cast, frozen)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def held(world: World) -> Iterator[None]:
    url = world.app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
    else:
        connection = psycopg.connect(url)
        connection.execute("SELECT 1 FROM discussions FOR UPDATE")
    yield
    connection.rollback()
    connection.close()


def test_a_text_comes_back_and_can_be_sent_again(hasty: World) -> None:
    discussion_id = hasty.discussion()
    tina, path = hasty.client_of(hasty.cast.tina), f"/discussions/{discussion_id}/posts"
    page = tina.discussion(discussion_id)
    with held(hasty):
        busy = tina.submit(page, path, body=TEXT)
    assert busy.status == 503
    assert int(busy.headers["Retry-After"]) > 0
    assert busy.form(path).fields["body"] == TEXT
    assert "has not been taken yet" in busy.words
    assert tina.submit(busy, path).status == 303
    with hasty.app.app_context():
        assert hasty.post(discussion_id, 1).body == TEXT


@contextmanager
def full(world: World) -> Iterator[None]:
    """Not a page more fits into the file."""

    def limit(connection: sqlite3.Connection, *_told: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    def lift(connection: sqlite3.Connection, *_told: object) -> None:
        connection.execute("PRAGMA max_page_count = 1000000")

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", limit)
    event.listen(engine, "checkin", lift)
    yield
    event.remove(engine, "checkout", limit)
    event.remove(engine, "checkin", lift)


@pytest.mark.parametrize("hasty", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("language", "words"), [("en", "cannot get at its data"), ("zh", "暂时无法读写数据")])
def test_where_the_disk_is_full_it_comes_back_too(hasty: World, language: str, words: str) -> None:
    discussion_id, text = hasty.discussion(), "一" * 20_000
    tina, path = hasty.client_of(hasty.cast.tina), f"/discussions/{discussion_id}/posts"
    tina.post("/language", language=language)
    page = tina.discussion(discussion_id)
    with full(hasty):
        refused = tina.submit(page, path, body=text)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert words in refused.words
    assert refused.form(path).fields["body"] == text
    assert tina.submit(refused, path).status == 303
    with hasty.app.app_context():
        assert hasty.post(discussion_id, 1).body == text


def test_what_holds_no_text_is_told_to_try_again(hasty: World) -> None:
    discussion_id = hasty.discussion()
    hasty.publish(hasty.cast.tina, discussion_id)
    olga, path = hasty.client_of(hasty.cast.olga), f"/discussions/{discussion_id}/posts/1"
    page = olga.get(path)
    with held(hasty):
        busy = olga.submit(page, f"{path}/feature")
    assert busy.status == 503
    assert "Retry-After" in busy.headers
    assert "very busy" in busy.words


def test_who_only_reads_or_is_turned_away_waits_for_nobody(hasty: World) -> None:
    discussion_id = hasty.discussion()
    tina, path = hasty.client_of(hasty.cast.tina), f"/discussions/{discussion_id}/posts"
    with held(hasty):
        assert tina.discussion(discussion_id).status == 200
        stale = Page(tina.client.post(path, data={"body": TEXT, "token": "t"}))
        assert stale.status == 422
        assert stale.form(path).fields["body"] == TEXT
        nowhere = Page(tina.client.post("/nowhere", data={"body": TEXT}))
        assert nowhere.status == 404


def test_what_waited_for_the_commit_reads_without_holding_up_a_writer(hasty: World) -> None:
    discussion_id = hasty.discussion()
    seen: list[str] = []

    def read() -> None:
        db.session.execute(db.text("SELECT title FROM discussions"))
        with held(hasty):
            seen.append("another writes")

    with hasty.app.app_context():
        db.session.execute(db.text("UPDATE discussions SET title = 'Anew'"))
        after_commit(read)
        commit()
        assert seen == ["another writes"]
        db.session.execute(db.text("UPDATE discussions SET title = 'And again'"))
        commit()
    assert hasty.client_of(hasty.cast.tina).discussion(discussion_id).one("h1").words == "And again"


def test_without_any_database_the_text_is_still_there_to_copy(hasty: World, monkeypatch: pytest.MonkeyPatch) -> None:
    discussion_id = hasty.discussion()
    tina, path = hasty.client_of(hasty.cast.tina), f"/discussions/{discussion_id}/posts"
    page = tina.discussion(discussion_id)
    hasty.app.config["PROPAGATE_EXCEPTIONS"] = False
    with hasty.app.app_context():
        db.session.execute(db.text("ALTER TABLE members RENAME TO members_gone"))
        commit()
    gone = tina.submit(page, path, body=TEXT)
    assert gone.status == 500
    assert gone.one("textarea", id="typed").text.replace("\r\n", "\n").removeprefix("\n") == TEXT


def test_who_gets_no_connection_has_the_text_back(
    scratch_database: Callable[..., str], tmp_path: Path, frozen: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More people can be served at once than there are connections; one waits for the others, though not for ever."""
    only_one = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.2}
    engine_options = config._engine_options
    monkeypatch.setattr(config, "_engine_options", lambda url: engine_options(url) | only_one)
    app = make_app(scratch_database("sqlite"), tmp_path)
    with app.app_context():
        cast = settle_cast()
        commit()
    world = World(app, cast, frozen)
    discussion_id = world.discussion()
    tina, path = world.client_of(cast.tina), f"/discussions/{discussion_id}/posts"
    page = tina.discussion(discussion_id)
    with app.app_context():
        engine = db.engine
    with engine.connect():
        busy = tina.submit(page, path, body=TEXT)
    assert busy.status == 503
    assert busy.form(path).fields["body"] == TEXT
    assert tina.submit(busy, path).status == 303
    engine.dispose()

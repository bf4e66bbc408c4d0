"""Fixtures: two real databases migrated once a run, each test rolled back, the standing cast, a clock that stands.

A test that uses `app` (or `world`, `client_of`, `cast`) runs on SQLite and on PostgreSQL; one marked `one_database` on
SQLite only, where the database cannot matter. `scratch_database(kind)` is a database of its own, really committed to.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.engine import Engine

from forum import clock
from forum.db import commit, db
from forum.throttle import Throttle
from tests.cast import NOW, Browser, Cast, Person, StoppedClock, World, settle_cast
from tests.counted import counted, deep
from tests.databases import KINDS, PostgreSQLServer, SQLiteFiles, test_app

if TYPE_CHECKING:
    from tests.buckets import BucketServer

__all__ = ["counted", "deep"]

# A slow machine is no failure; time is asserted where it matters.
hypothesis.settings.register_profile("forum", deadline=None)
hypothesis.settings.load_profile("forum")

STRICT = os.environ.get("FORUM_TEST_STRICT") == "1"


def pytest_configure(config: pytest.Config) -> None:
    # Pages are trees of many small objects; looking for garbage among them at every turn takes a tenth of the time.
    gc.set_threshold(50_000, 20, 20)
    config.addinivalue_line("markers", "one_database: runs on SQLite only: the database cannot matter")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        once = metafunc.definition.get_closest_marker("one_database")
        metafunc.parametrize("database_kind", KINDS[:1] if once else KINDS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    return _strictly(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report: Any = yield
    return _strictly(report)


def _strictly(report: Any) -> Any:
    """With FORUM_TEST_STRICT=1 a skip is a failure."""
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"skipped, which FORUM_TEST_STRICT=1 forbids: {reason}"
    return report


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own settings; a terminal that speaks English."""
    for name in list(os.environ):
        if name.startswith("FORUM_") and not name.startswith("FORUM_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("LANGUAGE", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> SQLiteFiles:
    return SQLiteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQLServer]:
    server = PostgreSQLServer(tmp_path_factory.mktemp("postgresql"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    from tests.buckets import BucketServer

    server = BucketServer()
    yield server
    server.stop()


@pytest.fixture
def silent_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of one that does not answer; it is asked once only, so that nobody waits."""
    from tests.buckets import silence

    monkeypatch.setattr("forum.attachments.storage._ATTEMPTS", 1)
    with silence() as address:
        yield address


@dataclass(frozen=True, slots=True)
class Home:
    """A database with the cast in it, and an application for it."""

    app: Flask
    engine: Engine
    cast: Cast


def _make_home(url: str, data: Path) -> Iterator[Home]:
    app = test_app(url, data)
    running, clock.now = clock.now, lambda: NOW
    with app.app_context():
        cast = settle_cast()
        commit()
        engine = db.engine
    clock.now = running
    yield Home(app, engine, cast)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_home(sqlite_server: SQLiteFiles) -> Iterator[Home]:
    yield from _make_home(sqlite_server.new(), sqlite_server.folder)


@pytest.fixture(scope="session")
def postgresql_home(postgresql_server: PostgreSQLServer) -> Iterator[Home]:
    yield from _make_home(postgresql_server.new(), postgresql_server.data)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """The time stands at NOW; `frozen.advance(minutes=5)` moves it."""
    stopped = StoppedClock()
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


@pytest.fixture
def home(database_kind: str, request: pytest.FixtureRequest) -> Home:
    found: Home = request.getfixturevalue(f"{database_kind}_home")
    return found


@pytest.fixture
def app(home: Home, frozen: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application on a connection whose transaction is rolled back: a commit ends a savepoint only."""
    application = home.app
    factory = db.session.session_factory
    with home.engine.connect() as connection:
        transaction = connection.begin()
        db._app_engines[application][None] = connection
        factory.configure(join_transaction_mode="create_savepoint")
        monkeypatch.setattr("forum.discussions.standing_queries.beside", lambda: nullcontext(connection))
        application.extensions["fragments"].clear()
        # Ids come again in every test: nobody shall be held to what another did.
        application.extensions["throttle"] = Throttle()
        application.extensions["token_uses"].clear()
        settings = application.extensions["settings"]
        try:
            yield application
        finally:
            factory.configure(join_transaction_mode="conditional_savepoint")
            db._app_engines[application][None] = home.engine
            application.extensions["settings"] = settings
            application.extensions["fragments"].clear()
            transaction.rollback()


@pytest.fixture
def cast(home: Home) -> Cast:
    return home.cast


@pytest.fixture
def world(app: Flask, cast: Cast, frozen: StoppedClock) -> World:
    return World(app, cast, frozen)


@pytest.fixture
def discussion_id(world: World) -> int:
    return world.discussion()


@pytest.fixture
def tina(world: World) -> Browser:
    return world.client_of(world.cast.tina)


@pytest.fixture
def client_of(world: World) -> Callable[[Person], Browser]:
    """A browser in which this person has signed in, over HTTP."""
    return world.client_of


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in which nobody has signed in."""
    return Browser(app)


@pytest.fixture
def scratch_database(request: pytest.FixtureRequest) -> Callable[..., str]:
    """`scratch_database("postgresql")`: the address of a fresh database with the schema (or `migrated=False`)."""

    def make(kind: str, migrated: bool = True) -> str:
        url: str = request.getfixturevalue(f"{kind}_server").new(migrated)
        return url

    return make

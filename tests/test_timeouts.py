"""How long PostgreSQL works for a page: real timeouts of a real server."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from forum import create_app
from forum.command import make_app
from forum.db import db, expect_reading
from tests.databases import settings_for
from tests.realtime.process import eventually

NAMES = ("jit", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")


@pytest.fixture
def app(scratch_database: Callable[..., str], tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings_for(scratch_database("postgresql", migrated=False), tmp_path))
    app.testing = True
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


def shown() -> list[str]:
    return [db.session.scalar(sa.text(f"SHOW {name}")) for name in NAMES]


def test_pages_have_an_end_and_commands_have_none(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert shown() == ["off", "20s", "30s", "1min"]
    monkeypatch.setenv("FORUM_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("FORUM_DATA", str(tmp_path))
    command = make_app()
    with command.app_context():
        assert shown() == ["off", "20s", "0", "0"]
        db.session.rollback()
        db.engine.dispose()


@pytest.mark.parametrize(("language", "words"), [("en", "very busy"), ("zh", "论坛正忙")])
def test_what_takes_too_long_is_answered_with_the_page_of_a_busy_forum(app: Flask, language: str, words: str) -> None:
    def dawdle() -> str:
        expect_reading(False)
        db.session.execute(sa.text("SET LOCAL statement_timeout = 50"))
        db.session.execute(sa.text("SELECT pg_sleep(60)"))
        return "done"

    app.add_url_rule("/dawdle", view_func=dawdle)
    answer = app.test_client().get("/dawdle", headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert words in answer.text


def test_a_transaction_that_asks_nothing_is_ended_and_answered_so_too(app: Flask) -> None:
    running = sa.text("SELECT count(*) FROM pg_stat_activity WHERE pid = :process")

    def idle() -> str:
        expect_reading(False)
        process = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
        db.session.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            eventually(lambda: other.scalar(running, {"process": process}) == 0)
        return str(db.session.scalar(sa.text("SELECT 1")))

    app.add_url_rule("/idle", view_func=idle)
    assert app.test_client().get("/idle").status_code == 503


def test_whose_connection_is_ended_by_the_server_is_told_to_try_again(app: Flask) -> None:
    end = sa.text("SELECT pg_terminate_backend(pg_backend_pid())")
    app.add_url_rule("/end", view_func=lambda: str(db.session.scalar(end)))
    answer = app.test_client().get("/end", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "cannot get at its data" in answer.text


def test_so_is_who_is_about_to_write(app: Flask) -> None:
    """On a connection that has just been laid down, and ended since."""
    process = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
    db.session.remove()
    end_of(process)

    def write() -> str:
        expect_reading(False)
        return str(db.session.scalar(sa.text("SELECT 1")))

    app.add_url_rule("/write", view_func=write)
    answer = app.test_client().get("/write")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert app.test_client().get("/write").text == "1"


def end_of(process: int) -> None:
    other = sa.create_engine(db.engine.url)
    with other.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:process)"), {"process": process})
        gone = sa.text("SELECT count(*) FROM pg_stat_activity WHERE pid = :process")
        eventually(lambda: connection.scalar(gone, {"process": process}) == 0)
    other.dispose()


def test_what_reads_has_no_transaction_and_leaves_its_statements_prepared(app: Flask) -> None:
    prepared = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%once and again%'")
    expect_reading(True)
    for _ in range(8):
        assert db.session.scalar(sa.text("SELECT 'once and again'")) == "once and again"
        db.session.rollback()
    assert db.session.scalar(prepared) > 0


def test_what_was_to_read_only_cannot_write_without_a_transaction(app: Flask) -> None:
    table = sa.Table("kept", sa.MetaData(), sa.Column("word", sa.Text))
    expect_reading(False)
    table.create(db.session.connection())
    db.session.commit()
    expect_reading(True)
    with pytest.raises(RuntimeError, match="without a transaction"):
        db.session.execute(sa.insert(table).values(word="lost"))
    db.session.rollback()
    assert db.session.scalars(sa.select(table.c.word)).all() == []
    expect_reading(False)
    db.session.rollback()
    db.session.execute(sa.insert(table).values(word="undone"))
    db.session.rollback()
    assert db.session.scalars(sa.select(table.c.word)).all() == []


def test_a_connection_that_was_ended_while_it_rested_is_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["forum.db"], "_RESTED", -1.0)
    process = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
    db.session.remove()
    end_of(process)
    assert db.session.scalar(sa.text("SELECT pg_backend_pid()")) != process

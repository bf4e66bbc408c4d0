"""When somebody came in for the first time: noted once, and nobody is kept out for it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.db import commit, db
from forum.members import operations, queries
from forum.members.models import Member
from tests.cast import PASSWORD, Browser, Cast, World, settle_cast
from tests.databases import test_app as make_app

NEW = "a brand new password"


def first_time(app: Flask, member_id: int) -> datetime | None:
    with app.app_context():
        return db.session.get_one(Member, member_id).first_signed_in_at


def test_the_first_sign_in_is_noted_and_stays(world: World) -> None:
    tom = world.cast.tom
    assert first_time(world.app, tom.id) is None
    assert Browser(world.app).sign_in(tom.email, "not it").status == 422
    assert first_time(world.app, tom.id) is None
    assert Browser(world.app).sign_in(tom.email).status == 302
    noted = world.clock.now
    assert first_time(world.app, tom.id) == noted
    world.clock.advance(days=1)
    assert Browser(world.app).sign_in(tom.email).status == 302
    assert first_time(world.app, tom.id) == noted


def test_a_password_link_that_is_used_is_a_first_sign_in(world: World) -> None:
    with world.inside():
        link = f"/password/{operations.issue_password_link(world.member(world.cast.tom))}"
    browser = Browser(world.app)
    page = browser.get(link)
    assert first_time(world.app, world.cast.tom.id) is None
    browser.submit(page, "", password=NEW, again=NEW)
    assert first_time(world.app, world.cast.tom.id) == world.clock.now


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("asked", "landed"),
    [
        ("", "/classes"),
        ("/discussions/7?show=3", "/discussions/7?show=3"),
        ("https://elsewhere.example/", "/classes"),
        ("//elsewhere.example/", "/classes"),
        ("/\\elsewhere.example", "/classes"),
    ],
)
def test_setting_the_password_leads_on_to_the_link_that_was_opened(world: World, asked: str, landed: str) -> None:
    with world.inside():
        token = operations.issue_password_link(world.member(world.cast.tom))
    browser = Browser(world.app)
    page = browser.get(f"/password/{token}", query_string={"next": asked} if asked else {})
    short = browser.submit(page, "", password="short", again="short")
    assert short.status == 422
    done = browser.submit(short, "", password=NEW, again=NEW)
    assert done.headers["Location"] == landed


@pytest.mark.one_database
def test_a_link_that_has_gone_keeps_where_it_would_have_led(world: World) -> None:
    page = Browser(world.app).get("/password/none?next=/classes/spring")
    assert page.status == 404
    assert page.one("a", class_="button")["href"] == "/sign-in?next=/classes/spring"


@pytest.mark.one_database
def test_the_way_in_leads_to_the_only_class_or_to_all(world: World) -> None:
    assert world.client_of(world.cast.tina).get("/classes").headers["Location"] == "/classes/spring"
    assert world.client_of(world.cast.ada).get("/classes").headers["Location"] == "/"
    assert world.client_of(world.cast.wendy).get("/classes").headers["Location"] == "/"


@pytest.fixture
def committed(database_kind: str, scratch_database: Callable[..., str], tmp_path: Path) -> Iterator[tuple[Flask, Cast]]:
    """An application on a database that is really committed to."""
    app = make_app(scratch_database(database_kind), tmp_path)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        cast = settle_cast()
        commit()
    yield app, cast
    with app.app_context():
        db.engine.dispose()


def write_elsewhere(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE members SET position = 'changed meanwhile' WHERE name = 'Stella'"))


def test_signing_in_is_noted_although_somebody_wrote_in_between(
    committed: tuple[Flask, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite a transaction that has read cannot write any more once another has written."""
    app, cast = committed
    verify = operations.verify_password

    def verify_slowly(*arguments: object) -> bool:
        write_elsewhere(app)
        return verify(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(operations, "verify_password", verify_slowly)
    browser = Browser(app)
    assert browser.sign_in(cast.tom.email, PASSWORD).status == 302
    assert first_time(app, cast.tom.id) is not None
    assert "Tom" in browser.get("/").words


def test_where_the_database_is_held_for_too_long_one_gets_in_all_the_same(
    committed: tuple[Flask, Cast], database_kind: str
) -> None:
    app, cast = committed
    if database_kind == "sqlite":
        wait, hold = "PRAGMA busy_timeout = 50", "SELECT 1"
    else:
        wait, hold = "SET lock_timeout = 50", "SELECT id FROM members FOR UPDATE"
    with app.app_context():
        engine = db.engine
        sa.event.listen(engine, "checkout", lambda raw, *_: raw.cursor().execute(wait).close())
    page = (browser := Browser(app)).get("/sign-in")
    with engine.begin() as holder:
        holder.execute(sa.text(hold))
        done = browser.submit(page, "/sign-in", email=cast.tom.email, password=PASSWORD)
    assert done.status == 302
    assert "Tom" in browser.get("/").words
    assert first_time(app, cast.tom.id) is None
    assert Browser(app).sign_in(cast.tom.email, PASSWORD).status == 302
    assert first_time(app, cast.tom.id) is not None


@pytest.mark.one_database
def test_links_of_many_are_told_apart_and_those_gone_left_out(world: World) -> None:
    with world.inside():
        tokens = operations.issue_password_links([world.cast.tina.id, world.cast.tom.id])
        operations.issue_password_links([])
    with world.app.app_context():
        assert queries.password_links([*tokens.values(), "guess"], world.clock.now) == tokens
        world.clock.advance(days=15)
        assert queries.password_links(tokens.values(), world.clock.now) == {}

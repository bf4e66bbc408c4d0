"""A really committed database of each kind with a discussion in it, and browsers for many writers at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import commit, db
from forum.discussions.models import Discussion, Post, Stage
from forum.discussions.operations import publish_post
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from tests.cast import PASSWORD, Browser, Cast, add_person, settle_cast
from tests.databases import test_app as make_app

SEEDS = 6


@dataclass
class Room:
    """An application on a database of its own; discussion `id` begins with SEEDS reflections of Tom's."""

    app: Flask
    url: str
    cast: Cast
    id: int

    def writer(self, name: str) -> "Writer":
        return Writer(self.app, self.id, f"{name.lower()}@example.org")

    def posts(self) -> list[Post]:
        return db.session.query(Post).filter_by(discussion_id=self.id).order_by(Post.number).all()

    def discussion(self) -> Discussion:
        return db.session.get_one(Discussion, self.id)

    def member(self, name: str) -> Member:
        return db.session.query(Member).filter_by(name=name).one()


class Writer:
    """Somebody signed in who sends forms without looking at pages in between."""

    def __init__(self, app: Flask, discussion_id: int, email: str) -> None:
        browser = Browser(app)
        assert browser.sign_in(email, PASSWORD).status == 302
        self.csrf_token, self.client = browser.csrf_token(), browser.client
        self.posts = f"/discussions/{discussion_id}/posts"

    def post(self, body: str, token: str, parent: int | str = "") -> int:
        """The number of the post."""
        where = self._send(self.posts, body=body, token=token, parent=str(parent))
        return int(where.rpartition("#post-")[2])

    def change(self, verb: str, number: int, **fields: str) -> None:
        self._send(f"{self.posts}/{number}/{verb}", **fields)

    def _send(self, path: str, **fields: str) -> str:
        answer = self.client.post(path, data={"csrf_token": self.csrf_token, **fields})
        assert answer.status_code == 303, f"{path} {fields}: {answer.status}"
        return str(answer.headers["Location"])


@pytest.fixture
def room(database_kind: str, scratch_database: Callable[..., str], tmp_path: Path) -> Iterator[Room]:
    yield from _make_room(scratch_database(database_kind), tmp_path)


@pytest.fixture
def room_on_postgresql(scratch_database: Callable[..., str], tmp_path: Path) -> Iterator[Room]:
    yield from _make_room(scratch_database("postgresql"), tmp_path)


def _make_room(url: str, data: Path) -> Iterator[Room]:
    app = make_app(url, data)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        cast = settle_cast()
        training_class = db.session.query(TrainingClass).filter_by(slug="spring").one()
        for name in ("Ann", "Ben", "Cleo", "Dan"):
            enrol_member(training_class, add_person(name, "City / East"), Role.TRAINEE)
        discussion = add_discussion(training_class, "Many at once", Stage.DURING)
        tom = db.session.get_one(Member, cast.tom.id)
        for seed in range(SEEDS):
            publish_post(tom, discussion, f"Seed {seed}.", None, f"seed-{seed}")
        discussion_id = discussion.id
        commit()
    yield Room(app, url, cast, discussion_id)
    with app.app_context():
        db.engine.dispose()

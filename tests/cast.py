"""The standing cast, their class, and the browsers they come with.

Olga organises (as an instructor), Ivan instructs, Tina and Tom are trainees of the class "spring" in different
groups and units, Omar observes, Wendy has withdrawn, Stella is a stranger (enrolled in "autumn"), Ada administers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import argon2
import sqlalchemy as sa
from flask import Flask

from forum.classes.groups import add_group
from forum.classes.models import Group, Role, TrainingClass
from forum.classes.operations import archive_class, create_class, enrol_member, withdraw_enrolment
from forum.db import commit, db, expect_reading
from forum.discussions import operations, queries
from forum.discussions.counting import recount_discussions
from forum.discussions.indexing import Written, index_posts
from forum.discussions.models import Discussion, Post, Stage
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from forum.members.operations import add_member
from forum.statistics.figures import ClassFigures, Figures, class_figures
from forum.units.operations import ensure_unit
from tests.pages import Page

# A Monday morning in Shanghai; every test that uses `app` begins here.
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
# Verifying reads the cost from the hash, so a cheap one makes signing in cheap without touching the product.
PASSWORD_HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Place:
    """A class, by what tests need of it."""

    id: int
    slug: str
    groups: dict[str, int]


@dataclass(frozen=True, slots=True)
class Cast:
    olga: Person
    ivan: Person
    tina: Person
    tom: Person
    omar: Person
    wendy: Person
    stella: Person
    ada: Person
    spring: Place
    autumn: Place


def add_person(name: str, unit: str | None = None, administers: bool = False, **options: Any) -> Member:
    member = add_member(
        name,
        email=f"{name.lower()}@example.org",
        unit=ensure_unit(unit) if unit else None,
        is_administrator=administers,
        **options,
    )
    member.password_hash = PASSWORD_HASH
    return member


def settle_cast() -> Cast:
    """Within an app context; the caller commits."""
    spring = create_class("spring", "Spring seminar", date(2026, 3, 2), date(2026, 3, 13), "Asia/Shanghai")
    autumn = create_class("autumn", "Autumn seminar", date(2026, 9, 7), date(2026, 9, 18), "Asia/Shanghai")
    first, second = add_group(spring, "First group"), add_group(spring, "Second group")
    olga, ivan = add_person("Olga", "City / Office"), add_person("Ivan", "City / Office", position="Lecturer")
    tina, tom = add_person("Tina", "City / East", phone="138 0013 8000"), add_person("Tom", "City / West")
    omar, wendy = add_person("Omar"), add_person("Wendy", "City / West")
    stella, ada = add_person("Stella", "City / East"), add_person("Ada", administers=True)
    enrol_member(spring, olga, Role.INSTRUCTOR, organises=True)
    enrol_member(spring, ivan, Role.INSTRUCTOR)
    enrol_member(spring, tina, Role.TRAINEE, group=first)
    enrol_member(spring, tom, Role.TRAINEE, group=second)
    enrol_member(spring, omar, Role.OBSERVER)
    enrolment = enrol_member(spring, wendy, Role.TRAINEE, group=second)
    db.session.flush()
    withdraw_enrolment(enrolment)
    enrol_member(autumn, stella, Role.TRAINEE)
    db.session.flush()
    people = {
        member.name.lower(): Person(member.id, member.name, member.email or "")
        for member in (olga, ivan, tina, tom, omar, wendy, stella, ada)
    }
    return Cast(
        **people,
        spring=Place(spring.id, "spring", {"first": first.id, "second": second.id}),
        autumn=Place(autumn.id, "autumn", {}),
    )


class StoppedClock:
    """Stands in for `forum.clock.now`."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.now = moment

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **units: float) -> datetime:
        self.now += timedelta(**units)
        return self.now


class Browser:
    """One person's browser: cookies kept, forms filled in as they are found on pages, CSRF tokens and all."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, path: str, follow: bool = False, **options: Any) -> Page:
        return Page(self.client.get(path, follow_redirects=follow, **options))

    def sign_in(self, login: str, password: str = PASSWORD, **fields: str) -> Page:
        return self.submit(self.get("/sign-in"), "/sign-in", email=login, password=password, **fields)

    def submit(self, page: Page, action: str, *, to: str | None = None, follow: bool = False, **fields: str) -> Page:
        """Fill in the page's form with this action and send it (`to`: by a button with another formaction)."""
        form = page.form(action)
        filled = {**form.fields, **fields}
        # Browsers send every line end as CR LF.
        sent = {name: value.replace("\r\n", "\n").replace("\n", "\r\n") for name, value in filled.items()}
        return Page(self.client.post(to or form.action or page.path, data=sent, follow_redirects=follow))

    def post(self, path: str, *, follow: bool = False, **fields: str) -> Page:
        """Send something straight there, with the CSRF token of this browser's session."""
        data = {"csrf_token": self.csrf_token(), **fields}
        return Page(self.client.post(path, data=data, follow_redirects=follow))

    def csrf_token(self) -> str:
        """From the language form, which stands on every page; the one that says there is nothing costs least."""
        return self.get("/nothing-is-here").form("/language").fields["csrf_token"]

    def discussion(self, discussion_id: int, query: str = "") -> Page:
        return self.get(f"/discussions/{discussion_id}{query}")

    def publish(self, discussion_id: int, body: str, parent: int | None = None, **fields: str) -> Page:
        """Through the composer: of the discussion, or of the page of the post that is answered."""
        path = f"/discussions/{discussion_id}" + (f"/posts/{parent}" if parent else "")
        return self.submit(self.get(path), f"/discussions/{discussion_id}/posts", body=body, **fields)


class World:
    """What a test does beside the browser: straight through the operations, each call committed."""

    def __init__(self, app: Flask, cast: Cast, clock: StoppedClock) -> None:
        self.app, self.cast, self.clock = app, cast, clock

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The application's context, committed at the end. Never around a browser's requests."""
        expect_reading(False)
        with self.app.app_context():
            yield
            commit()

    def discussion(self, title: str = "The first lecture", slug: str = "spring", **options: Any) -> int:
        """A discussion that is open while its class is; `groups` by name."""
        with self.inside():
            training_class = db.session.query(TrainingClass).filter_by(slug=slug).one()
            names = options.pop("groups", None)
            if names:
                options["groups"] = [db.session.get_one(Group, self.cast.spring.groups[name]) for name in names]
            stage = options.pop("stage", Stage.DURING)
            return add_discussion(training_class, title, stage, **options).id

    def publish(self, person: Person, discussion_id: int, body: str = "A thought.", parent: int | None = None) -> int:
        """The number of the new post."""
        with self.inside():
            member, discussion = self.member(person), db.session.get_one(Discussion, discussion_id)
            token = f"{person.id}-{discussion_id}-{discussion.last_number}"
            return operations.publish_post(member, discussion, body, parent, token).number

    def change(self, verb: str, person: Person, discussion_id: int, number: int, *arguments: str) -> None:
        """`change("hide", olga, 1, 3, "reason")` is `operations.hide_post`."""
        with self.inside():
            post = self.post(discussion_id, number)
            getattr(operations, f"{verb}_post")(self.member(person), post, *arguments)

    @staticmethod
    def member(person: Person) -> Member:
        return db.session.get_one(Member, person.id)

    @staticmethod
    def post(discussion_id: int, number: int) -> Post:
        """Only inside."""
        post = queries.get_post(db.session.get_one(Discussion, discussion_id), number)
        assert post is not None
        return post

    def fill(self, discussion_id: int, people: list[Person], count: int, answers: int | None = None) -> None:
        """Many posts at once: reflections of these people in turn, or answers to the post of that number."""
        with self.inside():
            discussion = queries.lock_discussion(discussion_id)
            parent = self.post(discussion_id, answers) if answers else None
            place = {"parent_id": None, "root_id": None, "depth": 0}
            if parent:
                place = {"parent_id": parent.id, "root_id": parent.root_id or parent.id, "depth": parent.depth + 1}
            same = {"class_id": discussion.class_id, "discussion_id": discussion_id, "created_at": self.clock.now}
            text: dict[str, Any] = {
                "role": Role.TRAINEE,
                "body": "A thought.",
                "html": "<p>A thought.</p>",
                "characters": 2,
            }
            ids = db.session.scalars(
                sa.insert(Post).returning(Post.id),
                [
                    {**same, **text, **place, "author_id": people[step % len(people)].id}
                    | {"number": discussion.last_number + step + 1, "revision": discussion.revision + step + 1}
                    for step in range(count)
                ],
            )
            index_posts(Written(one, discussion.class_id, discussion_id, self.clock.now, text["html"]) for one in ids)
            discussion.last_number += count
            discussion.revision += count
            recount_discussions([discussion_id])

    def figures(self, slug: str = "spring", **options: Any) -> ClassFigures:
        with self.app.app_context():
            return class_figures(db.session.query(TrainingClass).filter_by(slug=slug).one(), **options)

    def totals(self, slug: str = "spring") -> Figures:
        return self.figures(slug).totals

    def archive(self, slug: str = "spring") -> None:
        with self.inside():
            archive_class(db.session.query(TrainingClass).filter_by(slug=slug).one())

    def client_of(self, person: Person) -> Browser:
        """Signed in over HTTP the first time; later with the session of then, as somebody who comes back."""
        browser, kept = Browser(self.app), self.app.extensions.setdefault("sessions of the cast", {})
        if person.id in kept:
            browser.client.set_cookie("session", kept[person.id])
            return browser
        page = browser.sign_in(person.email)
        assert page.status == 302, page.words
        cookie = browser.client.get_cookie("session")
        assert cookie is not None
        kept[person.id] = cookie.value
        return browser

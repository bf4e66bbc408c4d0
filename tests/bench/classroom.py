"""What the measurements measure: a class with discussions, made through the operations, and posts by the thousand."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, insert, make_url

from forum import clock, create_app
from forum.classes.models import Role, TrainingClass
from forum.classes.operations import create_class, enrol_member
from forum.config import Settings
from forum.db import commit, db
from forum.discussions.counting import recount_discussions
from forum.discussions.models import Discussion, Post, Stage
from forum.discussions.operations import publish_post
from forum.discussions.rendering import render_body
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from forum.members.operations import add_member, hash_password, set_password
from forum.schema import upgrade_schema
from forum.text import count_characters
from forum.units.operations import ensure_unit
from tests.databases import PostgreSQLServer

PASSWORD = "training-forum"
TRAINEE = "trainee-0@example.org"
BODY = (
    "第{n}点体会：听完今天上午的报告，我对“把课堂搬到田间地头”有了新的认识。基层工作千头万绪，关键还是要**沉下去**。\n\n"
    "我们村去年试着办了六次院坝会，平均每次来了 43 人，最多的一次 112 人。起初大家不愿意讲，"
    "后来支书先讲自己没做好的事，"
    "话匣子就打开了。我想请教两点：\n\n"
    "- 院坝会记下来的事，怎样保证件件有回音？\n- 年轻人不在家，怎样让他们也能参加？\n\n"
    "> 群众的事同群众多商量。\n\n回去以后打算先在两个组试点，一个季度以后把结果发到这里。"
)


def settings_for(url: str, data: Path) -> Settings:
    """The settings of an application on the database, as `serve` would read them."""
    return Settings.from_environment(
        {"FORUM_DATA": str(data), "FORUM_DATABASE_URL": url, "FORUM_SECRET_KEY": "of-a-measurement"}
    )


@contextmanager
def scratch_app(url: str | None = None) -> Iterator[Flask]:
    """An application on a database with an empty schema: a new SQLite file, or the empty one the URL names."""
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        data = Path(folder)
        app = create_app(settings_for(url or f"sqlite:///{data / 'forum.sqlite3'}", data))
        with app.app_context():
            upgrade_schema()
        yield app
        with app.app_context():
            db.engine.dispose()


def empty_databases(stack: ExitStack, postgresql: bool, count: int) -> list[str | None]:
    """Addresses for `scratch_app`: of a PostgreSQL server of our own while the stack stands, or none, for SQLite."""
    if not postgresql:
        return [None] * count
    server = PostgreSQLServer(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forum-bench-"))))
    stack.callback(server.stop)
    return [server.new(migrated=False) for _ in range(count)]


def kind_of(app: Flask) -> str:
    return make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name()


def add_people(slug: str, trainees: int = 40, instructors: int = 2) -> tuple[TrainingClass, list[Member], list[Member]]:
    """A class in ten units; the first trainee can sign in."""
    today = clock.now().date()
    training_class = create_class(slug, "A measured class", today, today + timedelta(days=7), "Asia/Shanghai")
    learning, teaching = [], []
    for index in range(trainees):
        unit = ensure_unit(f"City / District {index % 10}")
        email = f"trainee-{index}@example.org" if slug == "measured" else None
        learning.append(add_member(f"学员{index}", email=email, unit=unit, position="Secretary"))
        enrol_member(training_class, learning[-1], Role.TRAINEE)
    for index in range(instructors):
        teaching.append(add_member(f"Instructor {index}", unit=ensure_unit("Party School")))
        enrol_member(training_class, teaching[-1], Role.INSTRUCTOR)
    if slug == "measured":
        set_password(learning[0], hash_password(PASSWORD))
    return training_class, learning, teaching


def add_measured_discussion(
    training_class: TrainingClass, learning: list[Member], teaching: list[Member]
) -> Discussion:
    """20 reflections and 60 replies, ten of them comments, each by the operation."""
    discussion = add_discussion(training_class, "What struck you?", Stage.DURING, "Write **three** sentences.")
    for index in range(20):
        publish_post(learning[index], discussion, BODY.format(n=index), None, f"reflection-{index}")
    for index in range(60):
        author = teaching[index % 2] if index % 6 == 0 else learning[(index * 7) % len(learning)]
        publish_post(author, discussion, f"回复 {index}：说得好，我们那里也是这样。", index % 20 + 1, f"reply-{index}")
    return discussion


def add_posts_in_bulk(discussion: Discussion, learning: list[Member], count: int) -> None:
    """`count` posts more, a reflection and three replies at a time, without the operations."""
    html = render_body(BODY.format(n=0), "markdown")  # type: ignore[arg-type]
    characters, now = count_characters(html), clock.now()
    start = discussion.last_number
    rows: list[dict[str, Any]] = []
    for number in range(start + 1, start + count + 1):
        place = (number - start - 1) % 4
        rows.append(
            {
                "class_id": discussion.class_id, "discussion_id": discussion.id, "number": number,
                "author_id": learning[number % len(learning)].id, "role": Role.TRAINEE, "format": "markdown",
                "body": BODY, "html": html, "characters": characters, "revision": number, "late": False,
                "created_at": now, "depth": min(place, 1), "place": place,
            }
        )  # fmt: skip
    for some in (rows[at : at + 2000] for at in range(0, len(rows), 2000)):
        firsts = [row for row in some if row["place"] == 0]
        ids = dict(
            db.session.execute(
                insert(Post).returning(Post.number, Post.id),
                [{name: value for name, value in row.items() if name != "place"} for row in firsts],
            ).all()
        )
        replies = []
        for row in some:
            if row["place"]:
                root = ids[row["number"] - row["place"]]
                replies.append({name: value for name, value in row.items() if name != "place"})
                replies[-1] |= {"root_id": root, "parent_id": root}
        if replies:
            db.session.execute(insert(Post), replies)
    discussion.last_number = discussion.revision = start + count
    recount_discussions([discussion.id])


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def signed_in_client(app: Flask) -> Any:
    """A test client of the first trainee."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": TRAINEE, "password": PASSWORD})
    assert answer.status_code == 302, answer.status
    app.config["WTF_CSRF_ENABLED"] = True
    return client


__all__ = [
    "PASSWORD", "TRAINEE", "add_measured_discussion", "add_people", "add_posts_in_bulk", "commit", "counted_statements",
    "empty_databases", "kind_of", "scratch_app", "settings_for", "signed_in_client",
]  # fmt: skip

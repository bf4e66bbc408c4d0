"""The reference classes, with exactly the figures that their reports show."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from forum import clock
from forum.attendance.figures import in_the_room
from forum.classes.models import Activity, ActivityKind, Enrolment, Role, TrainingClass
from forum.cli import main
from forum.db import db
from forum.demo import serving
from forum.demo.reference import build_reference_classes
from forum.discussions.models import Discussion, Post, State
from forum.discussions.operations import publish_post
from forum.members.models import Member
from forum.statistics.checking import faults
from forum.statistics.figures import Figures, class_figures
from tests.cast import Browser, StoppedClock
from tests.databases import test_app


def start(data: Path, *options: str) -> Result:
    """`forum demo` up to the moment of serving."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "serve_app", lambda app, *_: close(app))
        return CliRunner().invoke(main, ["demo", "--data", str(data), "--port", "5999", *options])


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    result = start(folder)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def demo(data: Path) -> Iterator[Flask]:
    app = test_app(f"sqlite:///{data / 'forum.sqlite3'}", data)
    yield app
    close(app)


def accounts(data: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((data / "accounts.json").read_text(encoding="utf-8"))
    return found


def totals(app: Flask, slug: str) -> Figures:
    with app.app_context():
        return class_figures(db.session.query(TrainingClass).filter_by(slug=slug).one()).totals


def test_the_branch_leaders_make_38_person_times(demo: Flask) -> None:
    figures = totals(demo, "branch-leaders")
    assert (figures.person_times, figures.trainees, figures.units, figures.discussions) == (38, 30, 17, 2)


def test_the_key_members_make_149_person_times(demo: Flask) -> None:
    figures = totals(demo, "key-members")
    assert (figures.person_times, figures.trainees, figures.discussions) == (149, 120, 2)


def test_who_was_there_and_who_spoke_stands_beside_the_figures_of_what_was_written(demo: Flask) -> None:
    rooms = {}
    with demo.app_context():
        for slug in ("branch-leaders", "key-members"):
            room = in_the_room(db.session.query(TrainingClass).filter_by(slug=slug).one())
            rooms[slug] = (len(room.activities), room.attendance_person_times, room.speech_person_times, room.speeches)
    assert rooms == {"branch-leaders": (1, 28, 3, 3), "key-members": (5, 563, 17, 18)}


def commenters(app: Flask, slug: str) -> int:
    with app.app_context():
        written = db.session.query(Post.author_id).join(TrainingClass, TrainingClass.id == Post.class_id)
        return written.filter(TrainingClass.slug == slug, Post.role == Role.INSTRUCTOR).distinct().count()


def test_four_department_heads_commented_in_the_one_class_and_one_in_the_other(demo: Flask) -> None:
    assert commenters(demo, "branch-leaders") == 4
    assert commenters(demo, "key-members") == 1


def test_the_programme_of_the_branch_leaders_is_whole(demo: Flask) -> None:
    with demo.app_context():
        found = db.session.query(Activity.kind).join(TrainingClass).filter(TrainingClass.slug == "branch-leaders").all()
    kinds = [kind for (kind,) in found]
    assert kinds.count(ActivityKind.TOPIC_FORUM) == 3
    assert ActivityKind.LECTURE in kinds
    assert ActivityKind.PLENARY_EXCHANGE in kinds


def test_every_figure_of_the_reference_classes_agrees_with_their_posts(demo: Flask) -> None:
    with demo.app_context():
        assert list(faults()) == []


def states() -> list[State]:
    return [discussion.state_at(clock.now()) for discussion in db.session.query(Discussion)]


def test_a_discussion_is_open_now_and_another_has_closed(demo: Flask) -> None:
    with demo.app_context():
        assert State.OPEN in states()
        assert State.CLOSED in states()


@pytest.mark.one_database
def test_the_reference_classes_are_the_same_just_after_midnight(app: Flask, frozen: StoppedClock) -> None:
    frozen.now = datetime(2026, 3, 2, 16, 5, tzinfo=UTC)  # 00:05 in Shanghai
    with app.app_context():
        build_reference_classes()
        assert State.OPEN in states()
        assert db.session.query(Post).filter(Post.created_at > frozen.now).count() == 0, "a post of the future"
        for slug, expected in (("branch-leaders", 38), ("key-members", 149)):
            training_class = db.session.query(TrainingClass).filter_by(slug=slug).one()
            assert class_figures(training_class).totals.person_times == expected


def test_there_is_an_account_of_every_kind_and_none_of_a_real_address(demo: Flask, data: Path) -> None:
    roles = {account["role"] for account in accounts(data)}
    assert {"administrator", "organiser", "instructor", "trainee", "observer"} <= roles
    with demo.app_context():
        members = db.session.query(Member).all()
        assert all(member.email is None or member.email.endswith("@example.org") for member in members)
        assert all(member.phone is None for member in members)
        enrolled = db.session.query(Enrolment).filter(Enrolment.role == Role.TRAINEE).count()
    assert enrolled == 150


def test_one_can_sign_in_with_every_account_of_the_table(demo: Flask, data: Path) -> None:
    for account in accounts(data):
        browser = Browser(demo)
        assert browser.sign_in(account["email"], account["password"]).status == 302, account["email"]
        assert account.get("class_title", "") in browser.get("/").words


def test_the_start_prints_address_and_accounts(data: Path) -> None:
    result = start(data)
    assert result.exit_code == 0
    assert "http://127.0.0.1:5999" in result.stdout
    for account in accounts(data)[:3]:
        assert account["email"] in result.stdout


def test_a_second_start_keeps_the_data_and_a_fresh_one_does_not(tmp_path: Path, data: Path) -> None:
    for name in ("forum.sqlite3", "accounts.json", "secret-key"):
        shutil.copy(data / name, tmp_path)
    app = test_app(f"sqlite:///{tmp_path / 'forum.sqlite3'}", tmp_path)

    def posts() -> int:
        with app.app_context():
            return db.session.query(Post).count()

    with app.app_context():
        discussion = next(entry for entry in db.session.query(Discussion) if entry.state_at(clock.now()) is State.OPEN)
        author = (
            db.session.query(Member)
            .join(Enrolment)
            .filter(Enrolment.class_id == discussion.class_id, Enrolment.role == Role.TRAINEE)
        )
        publish_post(author.first(), discussion, "Written while trying it out", None, "token")
        db.session.commit()
    before = posts()
    assert start(tmp_path).exit_code == 0
    assert posts() == before
    close(app)
    assert start(tmp_path, "--fresh").exit_code == 0
    assert posts() == before - 1
    close(app)


def test_the_demonstration_never_touches_another_forums_data(tmp_path: Path) -> None:
    (tmp_path / "forum.sqlite3").write_bytes(b"somebody's forum")
    for options in ([], ["--fresh"]):
        result = start(tmp_path, *options)
        assert result.exit_code == 1
        assert "another forum's data" in result.stderr
    assert (tmp_path / "forum.sqlite3").read_bytes() == b"somebody's forum"


def test_the_demonstration_leaves_a_database_named_in_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forum.demo.serving import _environment

    monkeypatch.setenv("FORUM_DATABASE_URL", "postgresql://production/forum")
    assert "FORUM_DATABASE_URL" not in _environment("127.0.0.1", 5000, tmp_path)

"""What a commit sends on its way, and what a refusal or a rollback leaves behind: nothing."""

import logging

import pytest

from forum.db import after_commit, commit, db
from forum.discussions import operations, setup
from forum.errors import Refused
from tests.concurrency.conftest import SEEDS, Room


def test_a_refused_post_takes_no_number_and_no_revision(room: Room) -> None:
    with room.app.app_context():
        before = room.discussion().revision
        setup.close_discussion(room.discussion())
        commit()
        with pytest.raises(Refused):
            operations.publish_post(room.member("Tina"), room.discussion(), "Too late.", None, "late")
        db.session.rollback()
        setup.open_discussion(room.discussion())
        commit()
        post = operations.publish_post(room.member("Tina"), room.discussion(), "In time.", None, "in-time")
        assert post.number == SEEDS + 1
        assert post.revision == before + 3, "closing, opening and the post, nothing else"
        commit()


def test_the_same_token_with_another_text_takes_no_number(room: Room) -> None:
    with room.app.app_context():
        tina = room.member("Tina")
        operations.publish_post(tina, room.discussion(), "One.", None, "token")
        commit()
        with pytest.raises(Refused):
            operations.publish_post(room.member("Tina"), room.discussion(), "Two.", None, "token")
        db.session.rollback()
        assert room.discussion().last_number == SEEDS + 1


def test_what_waits_for_the_commit_is_done_after_it_in_order(room: Room) -> None:
    seen: list[object] = []
    with room.app.app_context():
        room.discussion().title = "Renamed"
        after_commit(lambda: seen.append(room.discussion().title))
        after_commit(seen.append, "second")
        assert seen == []
        commit()
        assert seen == ["Renamed", "second"]
        commit()
        assert len(seen) == 2, "done once"


def test_a_rollback_forgets_what_waited(room: Room) -> None:
    seen: list[str] = []
    with room.app.app_context():
        room.discussion().title = "Never so"
        after_commit(seen.append, "told")
        db.session.rollback()
        commit()
    assert seen == []


def test_a_request_that_ends_without_a_commit_forgets_what_waited(room: Room) -> None:
    seen: list[str] = []
    with room.app.app_context():
        after_commit(seen.append, "told")
    with room.app.app_context():
        commit()
    assert seen == []


def test_what_fails_after_the_commit_is_logged_and_undoes_nothing(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise ConnectionError("nobody listens")

    with room.app.app_context():
        operations.publish_post(room.member("Tina"), room.discussion(), "Kept.", None, "kept")
        after_commit(fail)
        after_commit(seen.append, "the next one all the same")
        with caplog.at_level(logging.ERROR, "forum.db"):
            commit()
    assert seen == ["the next one all the same"]
    assert "nobody listens" in caplog.text
    with room.app.app_context():
        assert room.posts()[-1].body == "Kept."


def test_a_database_error_after_the_commit_harms_neither_the_next_nor_the_session(room: Room) -> None:
    seen: list[str] = []

    def fail() -> None:
        db.session.execute(db.text("SELECT no_such_column FROM posts"))

    with room.app.app_context():
        operations.publish_post(room.member("Tina"), room.discussion(), "Kept.", None, "kept")
        after_commit(fail)
        after_commit(lambda: seen.append(room.discussion().title))
        commit()
        assert seen == ["Many at once"]
        assert room.posts()[-1].body == "Kept."

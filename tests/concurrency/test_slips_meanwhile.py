"""Somebody sets the password at the moment in which an organiser makes slips."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from forum.classes import slips
from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.operations import enrol_member
from forum.db import commit, db
from forum.members.models import PasswordLink
from forum.members.operations import add_member
from tests.cast import Browser
from tests.concurrency.conftest import Room


def test_an_account_whose_password_was_set_meanwhile_gets_no_link(
    room_on_postgresql: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite there is no meanwhile: a request that writes has the database to itself."""
    room = room_on_postgresql
    with room.app.app_context():
        spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
        nina = add_member("Nina", email="nina@example.org")
        enrol_member(spring, nina, Role.TRAINEE)
        nina_id, engine = nina.id, db.engine
        commit()
    found = slips.not_yet_in

    def found_a_moment_ago(roster: Sequence[Enrolment]) -> list[Enrolment]:
        waiting = found(roster)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE members SET password_hash = 'x' WHERE name = 'Nina'"))
        return waiting

    olga = Browser(room.app)
    assert olga.sign_in("olga@example.org").status == 302
    page = olga.get("/classes/spring/slips")
    monkeypatch.setattr(slips, "not_yet_in", found_a_moment_ago)
    made = olga.submit(page, "/classes/spring/slips", whom="all")
    assert "You have an account already" in made.one("article", aria_label="Nina").words
    with room.app.app_context():
        assert db.session.query(PasswordLink).filter_by(member_id=nina_id).count() == 0

"""Whose session ends is disconnected, wherever they listen."""

import pytest

from forum.members import broadcasts
from forum.members.operations import hash_password, set_password, sign_out_everywhere
from tests.cast import Browser, World
from tests.realtime.listening import Ear, Listener, listening


def test_who_signs_out_is_disconnected_in_that_browser_only(world: World, ear: Ear) -> None:
    discussion_id, elsewhere = listening(world, ear, "tina")
    browser = Browser(world.app)
    browser.sign_in("tina@example.org")
    here = Listener(world.app, browser)
    assert "revision" in here.join(discussion=discussion_id, since=0)
    browser.post("/sign-out")
    assert not here.socket.is_connected()
    assert elsewhere.socket.is_connected()
    world.publish(world.cast.tom, discussion_id)
    assert "post:published" in elsewhere.names()


def test_a_new_password_ends_the_sockets_of_the_old(world: World, ear: Ear) -> None:
    _, listener = listening(world, ear, "tina")
    desk, elsewhere, witness = ear(world.cast.ivan), ear(world.cast.tina), ear(world.cast.tom)
    assert "now" in desk.join(desk="spring")
    with world.inside():
        set_password(world.member(world.cast.tina), hash_password("something new"))
        sign_out_everywhere(world.member(world.cast.ivan))
    for gone in (listener, desk, elsewhere):
        assert not gone.socket.is_connected()
    assert witness.socket.is_connected()


def test_whose_session_has_ended_meanwhile_is_disconnected_at_the_desk(
    world: World, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = ear(world.cast.ivan)
    monkeypatch.setattr(broadcasts, "signed_out_everywhere", lambda _member_id: None)
    with world.inside():
        sign_out_everywhere(world.member(world.cast.ivan))
    desk.socket.emit("join", {"desk": "spring"})
    assert not desk.socket.is_connected()

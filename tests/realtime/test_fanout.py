"""The rooms by themselves: changed by many threads at once, and left without a trace."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from forum.fanout import CompactJSON, Fanout
from forum.transport import init_transport
from tests.databases import settings_for


@pytest.fixture
def fanout() -> Fanout:
    app = Flask(__name__)
    init_transport(app, settings_for("sqlite://", Path()))
    found: Fanout = app.extensions["socketio"].server.manager
    return found


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def enter(fanout: Fanout, name: str, *rooms: str) -> str:
    sid = str(fanout.connect(fanout.pre_connect(name, "/"), "/"))
    for room in rooms:
        fanout.enter_room(sid, "/", room)
    return sid


def test_a_client_is_in_the_rooms_it_entered_and_in_one_of_its_own_name(fanout: Fanout) -> None:
    sid = enter(fanout, "one", "a", "b")
    other = enter(fanout, "two", "a")
    assert sorted(fanout.get_rooms(sid, "/")) == sorted(["a", "b", sid])
    assert dict(fanout.get_participants("/", "a")) == {sid: "one", other: "two"}
    assert dict(fanout.get_participants("/", sid)) == {sid: "one"}
    assert dict(fanout.get_participants("/", None)) == {sid: "one", other: "two"}
    assert dict(fanout.get_participants("/", ["b", other, "none"])) == {sid: "one", other: "two"}
    assert list(fanout.get_participants("/nowhere", "a")) == []


def test_who_disconnects_is_forgotten(fanout: Fanout) -> None:
    sid = enter(fanout, "one", "a", "b")
    fanout.pre_disconnect(sid, "/")
    assert not fanout.is_connected(sid, "/")
    fanout.disconnect(sid, "/")
    assert fanout.rooms == {}
    assert fanout._rooms_of == {}
    assert fanout.get_rooms(sid, "/") == []


def test_who_is_gone_enters_nothing(fanout: Fanout) -> None:
    stays, sid = enter(fanout, "one"), enter(fanout, "two")
    fanout.disconnect(sid, "/")
    fanout.enter_room(sid, "/", "a")
    assert list(fanout.rooms["/"]) == [None]
    assert list(fanout.get_participants("/", None)) == [(stays, "one")]


def test_nobody_enters_the_room_of_anothers_name(fanout: Fanout) -> None:
    sid, other = enter(fanout, "one"), enter(fanout, "two")
    with pytest.raises(ValueError, match="sid room"):
        fanout.enter_room(sid, "/", other)


def test_threads_that_come_and_go_at_once_lose_nobody(fanout: Fanout, hasty: None) -> None:
    """One makes the room anew while the other, the last in it, removes it."""
    sids = [enter(fanout, name) for name in ("one", "two")]
    together = Barrier(2)

    def come_and_go(sid: str) -> None:
        together.wait()
        for _turn in range(3000):
            fanout.enter_room(sid, "/", "a")
            assert sid in dict(fanout.get_participants("/", "a"))
            fanout.leave_room(sid, "/", "a")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(come_and_go, sid) for sid in sids]:
            done.result()
    assert list(fanout.rooms["/"]) == [None]


def test_chinese_is_not_blown_up() -> None:
    assert CompactJSON.dumps({"html": "好"}, separators=(",", ":")) == '{"html":"好"}'

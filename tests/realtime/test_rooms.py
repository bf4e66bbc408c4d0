"""Who hears what, from one process, with the library's own client."""

from typing import Any

import pytest

from tests.realtime.conftest import KINDS, Launch, Visit
from tests.realtime.process import Process, eventually


@pytest.fixture
def two(server: Process, visit: Visit) -> tuple[Process, Any, Any]:
    return server, visit(server, "a"), visit(server, "a", "b")


def test_a_room_hears_what_is_emitted_to_it(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    server.emit("said", {"html": "<p>讨论 “好”</p>", "number": 3}, to="b")
    server.emit("said", {"number": 4}, to="a")
    assert first.next() == ("said", {"number": 4})
    assert second.next() == ("said", {"html": "<p>讨论 “好”</p>", "number": 3})
    assert second.next() == ("said", {"number": 4})


def test_everybody_hears_what_is_emitted_to_nobody_in_particular(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    server.emit("rejoin")
    assert first.next() == second.next() == ("rejoin",)


def test_one_hears_what_is_emitted_to_one(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    server.emit("said", 1, to=second.sid)
    server.emit("said", 2, to=[first.sid, "b"])
    assert first.next() == ("said", 2)
    assert [second.next(), second.next()] == [("said", 1), ("said", 2)]


def test_who_is_skipped_does_not_hear(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    server.emit("said", 1, to="a", skip_sid=first.sid)
    server.emit("said", 2, to="a", skip_sid=[second.sid])
    server.emit("end")
    assert [first.next(), first.next()] == [("said", 2), ("end",)]
    assert [second.next(), second.next()] == [("said", 1), ("end",)]


def test_who_has_left_a_room_does_not_hear(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    first.emit("leave", "a")
    eventually(lambda: server.state()["rooms"]["a"] == 1)
    server.call("leave_room", sid=second.sid, room="b")
    server.emit("said", 1, to=["a", "b"])
    server.emit("end")
    assert first.next() == ("end",)
    assert second.next() == ("said", 1)


def test_nobody_hears_in_a_closed_room_until_joining_again(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    server.call("close_room", room="a")
    server.emit("said", 1, to="a")
    first.join("a")
    server.emit("said", 2, to="a")
    server.emit("end")
    assert [first.next(), first.next()] == [("rejoin", {}), ("said", 2)]
    assert [second.next(), second.next()] == [("rejoin", {}), ("end",)]


def test_who_is_disconnected_is_told_and_hears_no_more(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    server.call("disconnect", sid=first.sid)
    assert first.next() == ("disconnected",)
    second.emit("depart")
    assert second.next() == ("disconnected",)
    eventually(lambda: server.state()["clients"] == 0)
    assert server.state()["environs"] == 0
    assert server.state()["rooms"] == {}
    assert server.state()["gone"] == ["server disconnect"] * 2


def test_who_leaves_leaves_nothing_behind(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    first.leave()
    second.websocket.close()
    eventually(lambda: server.state()["clients"] == 0)
    assert server.state()["environs"] == 0
    assert server.state()["rooms"] == {}
    assert len(server.state()["gone"]) == 2


def test_namespaces_are_apart(server: Process, visit: Visit) -> None:
    both = visit(server, "a", namespaces=("/", "/other"))
    server.emit("said", 1, to="a", namespace="/other")
    server.emit("said", 2, namespace="/other")
    server.emit("said", 3, to="a")
    assert [both.next(), both.next()] == [("said", 2), ("said", 3)]
    assert both.client.call("sid", namespace="/other") == both.client.get_sid("/other") != both.sid


def test_a_long_push_arrives_whole(two: tuple[Process, Any, Any]) -> None:
    server, first, second = two
    long = "长" * 100_000
    server.emit("said", {"html": long}, to="a")
    assert first.next() == second.next() == ("said", {"html": long})


@pytest.mark.parametrize("kind", KINDS)
def test_a_handler_that_fails_is_logged_and_costs_no_connection(kind: str, launch: Launch, visit: Visit) -> None:
    server = launch(kind)
    visitor = visit(server)
    visitor.emit("fail")
    visitor.join("a")
    assert "this handler fails" in server.stop()

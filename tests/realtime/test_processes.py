"""Several processes that tell each other through Redis; and Redis when it is gone, silent, and back."""

import time
from collections.abc import Iterator

import pytest

from tests.realtime.clients import Visitor
from tests.realtime.conftest import KINDS, Launch, Visit, stop
from tests.realtime.process import Process, Redis, eventually


@pytest.fixture(scope="module")
def redis_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest, redis_of_all: Redis) -> Iterator[list[Process]]:
    pair = [Process(request.param, redis_url=redis_of_all.url) for _ in range(2)]
    yield pair
    stop(pair)


@pytest.fixture
def both(pair: list[Process], visit: Visit) -> tuple[Process, Visitor, Visitor]:
    """The first process; one visitor at each, both in room a, who hear of each other's process."""
    for process in pair:
        eventually(lambda here=process: here.state()["clients"] == 0)
        process.ask("/forget")
    here, there = visit(pair[0], "a"), visit(pair[1], "a")
    eventually(lambda: all(process.state()["hears"] for process in pair))
    return pair[0], here, there


def test_a_room_reaches_over_processes(both: tuple[Process, Visitor, Visitor]) -> None:
    server, here, there = both
    server.emit("said", {"html": "好"}, to="a")
    server.emit("end")
    for visitor in (here, there):
        assert [visitor.next(), visitor.next()] == [("said", {"html": "好"}), ("end",)]


def test_one_is_reached_and_one_is_skipped_elsewhere(both: tuple[Process, Visitor, Visitor]) -> None:
    server, here, there = both
    server.emit("said", 1, to=there.sid)
    server.emit("said", 2, to="a", skip_sid=there.sid)
    server.emit("end")
    assert [there.next(), there.next()] == [("said", 1), ("end",)]
    assert [here.next(), here.next()] == [("said", 2), ("end",)]


def test_rooms_are_closed_left_and_entered_elsewhere(both: tuple[Process, Visitor, Visitor]) -> None:
    server, here, there = both
    server.call("close_room", room="a")
    server.emit("said", 1, to="a")
    server.call("enter_room", sid=there.sid, room="b")
    server.emit("said", 2, to="b")
    server.call("leave_room", sid=there.sid, room="b")
    server.emit("said", 3, to="b")
    server.emit("end")
    assert [here.next(), here.next()] == [("rejoin", {}), ("end",)]
    assert [there.next(), there.next(), there.next()] == [("rejoin", {}), ("said", 2), ("end",)]


def test_one_is_disconnected_elsewhere(both: tuple[Process, Visitor, Visitor], pair: list[Process]) -> None:
    server, here, there = both
    server.call("disconnect", sid=there.sid)
    assert there.next() == ("disconnected",)
    eventually(lambda: pair[1].state()["gone"] == ["server disconnect"])
    server.emit("end")
    assert here.next() == ("end",)


def test_another_forum_at_the_same_redis_hears_nothing(
    both: tuple[Process, Visitor, Visitor], launch: Launch, visit: Visit, redis_of_all: Redis
) -> None:
    server, here, there = both
    other = launch("threads", redis_url=redis_of_all.url, secret_key="another")
    stranger = visit(other, "a")
    eventually(lambda: other.state()["hears"])
    server.emit("said", 1, to="a")
    assert there.next() == here.next() == ("said", 1)
    other.emit("end", to="a")
    assert stranger.next() == ("end",)


@pytest.mark.parametrize("kind", KINDS)
def test_two_workers_at_one_address(kind: str, launch: Launch, visit: Visit, redis_server: Redis) -> None:
    server = launch(kind, workers=2, redis_url=redis_server.url)
    visitors = [visit(server, "a") for _ in range(12)]
    seen: dict[int, bool] = {}

    def two_that_hear() -> bool:
        state = server.state()
        seen[state["pid"]] = state["hears"]
        return len(seen) == 2 and all(seen.values())

    eventually(two_that_hear)
    server.emit("said", 1, to="a")
    assert [visitor.next() for visitor in visitors] == [("said", 1)] * 12


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["gone", "silent"])
def test_without_redis_each_process_goes_on_and_with_it_they_find_each_other(
    kind: str, how: str, launch: Launch, visit: Visit, redis_server: Redis
) -> None:
    first, second = (launch(kind, redis_url=redis_server.url) for _ in range(2))
    here, there = visit(first, "a"), visit(second, "a")
    eventually(lambda: first.state()["hears"] and second.state()["hears"])
    redis_server.stop() if how == "gone" else redis_server.freeze()
    for number in range(3):
        begun = time.monotonic()
        first.emit("said", number, to="a")
        assert time.monotonic() - begun < 1.5
        assert here.next() == ("said", number)
    eventually(lambda: not (first.state()["hears"] or second.state()["hears"]))
    redis_server.start() if how == "gone" else redis_server.thaw()
    eventually(lambda: first.state()["hears"] and second.state()["hears"])
    assert "resumed" in first.state()["gone"]
    # What the first said was lost on the others, so they are told; the second had said nothing.
    eventually(lambda: "heard again" in first.state()["gone"])
    assert "heard again" not in second.state()["gone"]
    second.emit("end", to="a")
    assert here.next() == ("end",)
    # What was emitted into the silence may have been kept for it, and comes late.
    while (heard := there.next()) != ("end",):
        assert how == "silent", heard

"""Servers of both kinds, Redis, and visitors; all of them gone after the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from forum.realtime import init_realtime
from tests.cast import Person, World
from tests.realtime.clients import Frames, Visitor
from tests.realtime.listening import Ear, Listener
from tests.realtime.process import Process, Redis, eventually

KINDS = ("threads", "greenlets")
Launch = Callable[..., Process]
Visit = Callable[..., Visitor]
STARTS_SERVERS = {"test_across.py", "test_connections.py", "test_processes.py", "test_rooms.py", "test_serving.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name in STARTS_SERVERS:
            item.add_marker("served")


@pytest.fixture(scope="module", params=KINDS)
def running(request: pytest.FixtureRequest) -> Iterator[Process]:
    process = Process(request.param)
    yield process
    stop([process])


@pytest.fixture
def server(running: Process) -> Process:
    """One that serves all tests of a file, each of which finds nobody there."""
    eventually(lambda: running.state()["clients"] == 0)
    running.ask("/forget")
    return running


@pytest.fixture
def launch() -> Iterator[Launch]:
    """`launch("threads", workers=2)`: one of the test's own."""
    begun: list[Process] = []

    def begin(kind: str, **options: Any) -> Process:
        begun.append(Process(kind, **options))
        return begun[-1]

    yield begin
    stop([process for process in begun if process.process.returncode is None])


def stop(processes: list[Process]) -> None:
    """All of them, before any is judged."""
    for process, said in [(process, process.stop()) for process in processes]:
        assert "Traceback" not in said, said
        assert process.process.returncode == 0


@pytest.fixture
def visit() -> Iterator[Visit]:
    with ExitStack() as stack:

        def begin(*arguments: Any, **options: Any) -> Visitor:
            visitor = Visitor(*arguments, **options)
            stack.callback(visitor.leave)
            return visitor

        yield begin


@pytest.fixture
def greeted() -> Iterator[Callable[..., Frames]]:
    with ExitStack() as stack:

        def begin(*arguments: Any, **options: Any) -> Frames:
            client = Frames.greeted(*arguments, **options)
            stack.callback(client.close)
            return client

        yield begin


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(Path(tmp_path_factory.mktemp("redis")))
    yield server
    server.stop()


@pytest.fixture
def ear(app: Flask, world: World) -> Iterator[Ear]:
    opened: list[Listener] = []

    def open_ear(person: Person) -> Listener:
        opened.append(Listener(app, world.client_of(person)))
        return opened[-1]

    yield open_ear
    for listener in opened:
        if listener.socket.is_connected():
            listener.socket.disconnect()
    # What was to be told a moment later is not: the database is gone by then.
    app.extensions.pop("soon", None)
    init_realtime(app)

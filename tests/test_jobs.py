"""What runs later: asked for with the commit, done by a worker, found by the sweep when it was missed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from forum import jobs
from forum.db import commit, db
from forum.units.models import Unit
from forum.units.operations import ensure_unit
from tests.databases import inside, settings_for
from tests.realtime.process import CHECKOUT, PATIENCE, Redis, eventually

done, heard = Event(), list[int]()


def make_unit(number: int) -> None:
    ensure_unit(f"Unit {number}")
    heard.append(number)
    done.set()


def make_north(_now: datetime) -> None:
    ensure_unit("North")


def fail(_now: datetime) -> None:
    ensure_unit("Nowhere")
    db.session.flush()
    raise RuntimeError("this one fails")


def make_south(_now: datetime) -> None:
    ensure_unit("South")


@pytest.fixture
def app(scratch_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """One of the test's own, really committed to; in its context, as in a request."""
    monkeypatch.setattr(jobs, "JOBS", (make_unit,))
    done.clear()
    heard.clear()
    with inside(scratch_database("sqlite"), tmp_path) as app:
        yield app
        app.extensions["jobs"].stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.stop()


def pending(app: Flask) -> list[str]:
    return [task.name for task in app.extensions["jobs"].queue.pending() if task.name != "sweep"]


def units() -> set[str]:
    db.session.rollback()
    return {unit.name for unit in db.session.query(Unit)}


def test_a_job_is_queued_with_the_commit_and_done_by_a_worker_inside(app: Flask) -> None:
    app.extensions["jobs"].start()
    jobs.later(make_unit, 7)
    assert pending(app) == []
    commit()
    assert done.wait(PATIENCE)
    eventually(lambda: units() == {"Unit 7"})


def test_what_is_rolled_back_asks_for_nothing(app: Flask) -> None:
    ensure_unit("North")
    jobs.later(make_unit, 7)
    db.session.rollback()
    commit()
    assert pending(app) == []


def test_what_a_step_of_the_sweep_fails_at_stops_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "SWEEPS", (make_north, fail, make_south))
    app.extensions["jobs"].sweep()
    assert units() == {"North", "South"}
    assert [record.message.split("(")[0] for record in caplog.records] == ["job: fail"]


def test_a_monitor_is_told_whether_somebody_sweeps(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/readyz").json["jobs"] == "late"  # type: ignore[index]
    app.extensions["jobs"].sweep()
    assert client.get("/readyz").json["jobs"] == "running"  # type: ignore[index]


def test_what_somebody_else_has_put_into_the_queue_is_not_run(app: Flask, tmp_path: Path) -> None:
    stranger = jobs.Jobs(app, settings_for("sqlite://", tmp_path, secret_key="another"))
    stranger.enqueue("make_unit", 1)
    jobs.later(make_unit, 2)
    commit()
    app.extensions["jobs"].start()
    assert done.wait(PATIENCE)
    assert heard == [2]


def test_a_process_of_its_own_sweeps_and_stops_when_it_is_told(app: Flask, redis_server: Redis, tmp_path: Path) -> None:
    settings = settings_for(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, redis_url=redis_server.url)
    own = {
        "FORUM_DATABASE_URL": settings.database_url, "FORUM_DATA": str(tmp_path), "PYTHONPATH": str(CHECKOUT),
        "FORUM_SECRET_KEY": settings.secret_key, "FORUM_REDIS_URL": settings.redis_url,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "forum", "jobs"], cwd=CHECKOUT, env={**os.environ, **own}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    state = jobs.Jobs(app, settings).state
    eventually(lambda: state() == "running" or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, "")
    redis_server.stop()
    assert state() == "unknown"

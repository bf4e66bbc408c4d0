"""What Prometheus gathers: of all workers together where there are several, each of which writes into a folder."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Seconds: from a kept page to what nobody waits for.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_requests = Counter("forum_requests", "Requests answered", ["method", "endpoint", "status"])
_seconds = Histogram("forum_request_seconds", "How long a request took", ["endpoint"], buckets=_BUCKETS)
_statements = Counter("forum_statements", "Statements that requests sent to the database")
_waited = Counter("forum_statement_seconds", "How long requests waited for the database")
_sockets = Gauge("forum_sockets", "Open WebSockets", multiprocess_mode="livesum")
_jobs = Counter("forum_jobs", "Jobs and sweeps done", ["job", "outcome"])
_job_seconds = Counter("forum_job_seconds", "How long jobs and sweeps took", ["job"])
_mails = Counter("forum_mails", "Letters given to the mail server", ["outcome"])

Readings = Callable[[], dict[str, float]]


def count_request(
    method: str, endpoint: str, status: int, seconds: float, statements: int, statement_seconds: float
) -> None:
    """Never the address: there is no end of those."""
    _requests.labels(method, endpoint, status).inc()
    _seconds.labels(endpoint).observe(seconds)
    _statements.inc(statements)
    _waited.inc(statement_seconds)


def count_sockets(open_now: int) -> None:
    _sockets.set(open_now)


def count_mail(outcome: str) -> None:
    _mails.labels(outcome).inc()


@contextmanager
def counted_job(name: str) -> Iterator[None]:
    begun, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        _jobs.labels(name, outcome).inc()
        _job_seconds.labels(name).inc(time.perf_counter() - begun)


def forget_worker(pid: int) -> None:
    """One that has ended holds no sockets."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


class Read(Collector):
    """Looked up when somebody asks."""

    def __init__(self, readings: Readings) -> None:
        self.readings = readings

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, value in self.readings().items():
            yield GaugeMetricFamily(f"forum_{name}", name.replace("_", " "), value)


def exposition(readings: Readings) -> bytes:
    """In Prometheus' text format."""
    several = os.environ.get(FOLDER)
    counted = CollectorRegistry() if several and Path(several).is_dir() else REGISTRY
    if counted is not REGISTRY:
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    looked_up = CollectorRegistry()
    looked_up.register(Read(readings))
    return generate_latest(counted) + generate_latest(looked_up)

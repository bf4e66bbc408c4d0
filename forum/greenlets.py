"""Whether gevent runs this process, and where then to put work that would hold up all the others."""

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def runs_greenlets() -> bool:
    """Patched for gevent before anything else was imported; see forum/serving.py."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))


def aside(work: Callable[..., T], *arguments: object) -> T:
    """The work done: under gevent in a thread, while other greenlets go on. It must raise nothing, and not touch the
    database."""
    if not runs_greenlets():
        return work(*arguments)
    import gevent

    done: T = gevent.get_hub().threadpool.apply(work, arguments)
    return done

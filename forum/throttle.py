"""How many requests somebody may send in a time: counted in Redis for all processes together, else in this one.

While Redis does not answer each process counts for itself: nobody is turned away because a counter is gone.
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from limits import RateLimitItem
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis import RedisError

from forum import clock

T = TypeVar("T")

log = logging.getLogger(__name__)

# In seconds, to a Redis that is there but does not answer.
_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a limit after this request; `seconds` until there is all of it again."""

    limit: int
    remaining: int
    seconds: int
    is_allowed: bool


class Throttle:
    def __init__(self, redis_url: str = "") -> None:
        self._shared: RateLimiter | None = None
        if redis_url:
            address = redis_url.replace("unix://", "redis+unix://", 1)
            self._shared = FixedWindowRateLimiter(storage_from_string(address, **_PATIENCE))

    @cached_property
    def _own(self) -> RateLimiter:
        """Made when it is first needed: it has a thread, which no process hands on to those that it begins."""
        return FixedWindowRateLimiter(MemoryStorage())

    def take(self, limit: RateLimitItem, *who: str) -> Left:
        """One more request by whoever these words name."""
        return self._counting(lambda limiter: _left(limiter, limit, who, limiter.hit(limit, *who)))

    def refuse(self, limit: RateLimitItem, *who: str) -> Left | None:
        """One more request by whoever these words name: None where it is allowed, as it nearly always is; then nothing
        else is looked up."""

        def refused(limiter: RateLimiter) -> Left | None:
            return None if limiter.hit(limit, *who) else _left(limiter, limit, who, False)

        return self._counting(refused)

    def look(self, limit: RateLimitItem, *who: str) -> Left:
        """Whether one more would be allowed; it is not counted."""
        return self._counting(lambda limiter: _left(limiter, limit, who, limiter.test(limit, *who)))

    def forget(self, limit: RateLimitItem, *who: str) -> None:
        """Whoever these words name begins anew."""
        self._counting(lambda limiter: limiter.clear(limit, *who))

    def _counting(self, count: Callable[[RateLimiter], T]) -> T:
        if self._shared:
            try:
                return count(self._shared)
            except (RedisError, OSError):
                log.warning("Redis does not count: each process counts for itself")
        return count(self._own)


def _left(limiter: RateLimiter, limit: RateLimitItem, who: tuple[str, ...], is_allowed: bool) -> Left:
    window = limiter.get_window_stats(limit, *who)
    seconds = math.ceil(window.reset_time - clock.now().timestamp())
    return Left(limit.amount, window.remaining, min(max(1, seconds), limit.get_expiry()), is_allowed)

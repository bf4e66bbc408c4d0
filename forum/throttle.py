"""How many requests somebody may send in a time: counted in Redis for all processes together, else in this one.

While Redis does not answer each process counts for itself: nobody is turned away because a counter is gone.
"""

import logging
import math
from dataclasses import dataclass
from functools import cached_property

from limits import RateLimitItem
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis import RedisError

from forum import clock

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
        if self._shared:
            try:
                return _taken(self._shared, limit, who)
            except (RedisError, OSError):
                log.warning("Redis does not count: each process counts for itself")
        return _taken(self._own, limit, who)


def _taken(limiter: RateLimiter, limit: RateLimitItem, who: tuple[str, ...]) -> Left:
    is_allowed = limiter.hit(limit, *who)
    window = limiter.get_window_stats(limit, *who)
    seconds = math.ceil(window.reset_time - clock.now().timestamp())
    return Left(limit.amount, window.remaining, min(max(1, seconds), limit.get_expiry()), is_allowed)

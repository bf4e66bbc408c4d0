"""How often somebody may do a thing: so many times at once, and so many more each second."""

from collections.abc import Hashable
from threading import Lock

from cachetools import LRUCache

from forum import clock

# Who have not been heard of for longest are forgotten, and may begin anew.
_ROOM = 20_000


class Allowance:
    def __init__(self, most: float, a_second: float) -> None:
        self._most, self._a_second = most, a_second
        self._left: LRUCache[Hashable, tuple[float, float]] = LRUCache(maxsize=_ROOM)
        self._lock = Lock()

    def take(self, who: Hashable) -> bool:
        """Whether one more is allowed; then it is taken."""
        now = clock.now().timestamp()
        with self._lock:
            left, at = self._left.get(who, (self._most, now))
            left = min(self._most, left + max(0.0, now - at) * self._a_second)
            self._left[who] = (left - 1 if left >= 1 else left, now)
            return left >= 1

    def forget(self, who: Hashable) -> None:
        with self._lock:
            self._left.pop(who, None)

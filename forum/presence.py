"""Who is where now: for each discussion the members whose pages are open, over all processes."""

import json
from collections import Counter, defaultdict
from threading import Lock
from uuid import uuid4

import redis
from flask import current_app

from forum import clock

# Seconds after which a process that says nothing more is taken for gone; it says so again in half of them.
LASTS = 60


class Presence:
    """Each process keeps its own and tells the others through Redis, where there is one; while that is gone, each
    knows of its own only."""

    def __init__(self, redis_url: str = "") -> None:
        self._here: dict[int, Counter[int]] = defaultdict(Counter)
        self._places: dict[str, tuple[int, int]] = {}
        self._lock = Lock()
        self._process = uuid4().hex
        self._redis = redis.Redis.from_url(redis_url, socket_timeout=1, socket_connect_timeout=1) if redis_url else None

    def enter(self, sid: str, discussion_id: int, member_id: int) -> None:
        with self._lock:
            self._leave(sid)
            self._places[sid] = (discussion_id, member_id)
            self._here[discussion_id][member_id] += 1

    def leave(self, sid: str) -> int | None:
        """The discussion it was in, if it was in one."""
        with self._lock:
            return self._leave(sid)

    def _leave(self, sid: str) -> int | None:
        discussion_id, member_id = self._places.pop(sid, (0, 0))
        if not discussion_id:
            return None
        here = self._here[discussion_id]
        here[member_id] -= 1
        if not here[member_id]:
            del here[member_id]
        if not here:
            del self._here[discussion_id]
        return discussion_id

    def here(self, discussion_id: int) -> int:
        """How many are there through this process."""
        return len(self._here.get(discussion_id, ()))

    def members(self, discussion_id: int) -> set[int]:
        """The ids of those who are there. Asking tells the other processes of those who are here."""
        with self._lock:
            here = set(self._here.get(discussion_id, ()))
        if self._redis is None:
            return here
        try:
            return here | self._elsewhere(discussion_id, here)
        except redis.RedisError:
            return here

    def is_to_be_told_again(self, discussion_id: int) -> bool:
        return self._redis is not None and discussion_id in self._here

    def _elsewhere(self, discussion_id: int, here: set[int]) -> set[int]:
        assert self._redis is not None
        key, now = f"forum:presence:{discussion_id}", clock.now().timestamp()
        with self._redis.pipeline() as asked:
            asked.hset(key, self._process, json.dumps([now, sorted(here)]))
            asked.expire(key, LASTS)
            asked.hgetall(key)
            told: dict[bytes, bytes] = asked.execute()[-1]
        found: set[int] = set()
        for at, members in map(json.loads, told.values()):
            if at > now - LASTS:
                found.update(members)
        return found


def presence() -> Presence:
    kept: Presence = current_app.extensions["presence"]
    return kept

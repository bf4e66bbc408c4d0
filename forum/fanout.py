"""Who is in which room, and an event to all of them: made once, packet and frame, written straight to each socket."""

import json
import logging
import os
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import partial
from threading import RLock
from typing import Any

import redis
from engineio.json import loads
from engineio.packet import MESSAGE, Packet
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio import Manager, PubSubManager
from socketio.packet import EVENT

from forum.websocket import frame

log = logging.getLogger(__name__)

# Seconds.
_PUBLISHING, _HUSHED, _SILENCE, _FIRST_PAUSE, _LONGEST_PAUSE = 0.4, 1.0, 5.0, 0.2, 3.0
_LOOK_AGAIN = 20


class CompactJSON:
    """Chinese as it is: three bytes a character, not six."""

    dumps = staticmethod(partial(json.dumps, ensure_ascii=False))
    loads = staticmethod(loads)


class Fanout(Manager):
    """For the clients of one process. The library's rooms, kept right when threads change them at once, and told by
    whom they are in, so that one who leaves costs no look into every room."""

    is_hearing_others = True

    def heard(self, rooms: Collection[str]) -> set[str]:
        """Those of the rooms in which anybody is, or in another process may be."""
        return {room for room in rooms if next(self.get_participants("/", room), None) is not None}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turn = RLock()
        self._rooms_of: dict[tuple[str, str], set[Any]] = {}

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, skip_sid: Any = None,
             callback: Any = None, to: Any = None, **others: Any) -> None:  # fmt: skip
        if callback:
            super().emit(event, data, namespace, room=to or room, skip_sid=skip_sid, callback=callback)
            return
        values = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        packet = self.server.packet_class(EVENT, namespace=namespace, data=[event, *values]).encode()
        parts = packet if isinstance(packet, list) else [packet]
        frames = b"".join(frame("4" + part if isinstance(part, str) else part) for part in parts)
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        clients = self.server.eio.sockets
        for sid, eio_sid in self.get_participants(namespace, to or room):
            if sid in skipped:
                continue
            if client := clients.get(eio_sid):
                client.websocket.write(frames)
            else:
                # Gone meanwhile, or the library's client for tests.
                for part in parts:
                    self.server._send_eio_packet(eio_sid, Packet(MESSAGE, part))

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, str]]:
        with self._turn:
            rooms = self.rooms.get(namespace, {})
            everybody: Any = rooms.get(None, {})
            found: dict[Any, str] = {}
            for one in [room] if room is None or isinstance(room, str) else room:
                if one in everybody:
                    found[one] = everybody[one]
                elif one in rooms:
                    found.update(rooms[one].items())
        return iter(found.items())

    def basic_enter_room(self, sid: str, namespace: str, room: Any, eio_sid: str | None = None) -> None:
        # The room of a client's own name is not kept: `get_participants` knows who is meant.
        with self._turn:
            is_here = eio_sid or sid in self.rooms.get(namespace, {}).get(None, {})
            if is_here and room != sid:
                super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
                self._rooms_of.setdefault((namespace, sid), set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        with self._turn:
            super().basic_leave_room(sid, namespace, room)
            self._rooms_of.get((namespace, sid), set()).discard(room)

    def basic_disconnect(self, sid: str, namespace: str, **_others: Any) -> None:
        with self._turn:
            for room in self._rooms_of.pop((namespace, sid), ()):
                super().basic_leave_room(sid, namespace, room)
            self.callbacks.pop(sid, None)
            for pending in (self.pending_connect, self.pending_disconnect):
                if sid in pending.get(namespace, ()):
                    pending[namespace].remove(sid)

    def get_rooms(self, sid: str, namespace: str) -> list[Any]:
        with self._turn:
            return [sid if room is None else room for room in self._rooms_of.get((namespace, sid), ())]

    def pre_connect(self, eio_sid: str, namespace: str) -> Any:
        with self._turn:
            return super().pre_connect(eio_sid, namespace)

    def connect(self, sid: str, namespace: str) -> Any:
        with self._turn:
            return super().connect(sid, namespace)

    def pre_disconnect(self, sid: str, namespace: str) -> Any:
        with self._turn:
            return super().pre_disconnect(sid, namespace)

    def eio_sid_from_sid(self, sid: str, namespace: str) -> Any:
        with self._turn:
            return super().eio_sid_from_sid(sid, namespace)


class RedisFanout(PubSubManager, Fanout):
    """For several processes: each tells the others through Redis what it emits, and tells its own clients at once.

    While Redis is gone nobody waits for it: an event then reaches the clients of its own process only. When it is back,
    `when_resumed` is called: there may be events that this process has not heard of; and `when_heard_again`, if it has
    said something that the others have not heard.

    Each process announces in Redis which rooms its clients are in, before they know that they are, and again while
    they are: what nobody hears need not be made. Nobody takes that back; it lapses.
    """

    name = "redis"

    def __init__(self, url: str, channel: str) -> None:
        super().__init__(channel=channel)
        self._url, self._hushed_until, self._went_unheard = url, 0.0, False
        self._is_listening = self._was_listening = False
        self._announced: dict[str, float] = {}
        self._announce_at = 0.0
        self._sender = self._connect(_PUBLISHING, Retry(NoBackoff(), 1))

    def when_resumed(self) -> None:
        """Redis is back after it was lost."""

    def when_heard_again(self) -> None:
        """Redis takes events again; it has not taken all."""

    def announced_for(self, room: str) -> int:
        """Seconds for which it is known that somebody is in the room, once a process has announced it; that does so
        again in a third of them. 0: it is never announced, so there may always be somebody."""
        return 3 * _LOOK_AGAIN

    def heard(self, rooms: Collection[str]) -> set[str]:
        found = super().heard(rooms) | {room for room in rooms if not self.announced_for(room)}
        return found | self._heard_elsewhere([room for room in rooms if room not in found])

    def _heard_elsewhere(self, rooms: list[str]) -> set[str]:
        if not rooms or time.monotonic() < self._hushed_until:
            return set(rooms)
        try:
            said: Any = self._sender.mget([self._key(room) for room in rooms])
        except redis.RedisError:
            return set(rooms)
        return {room for room, is_heard in zip(rooms, said, strict=True) if is_heard}

    def basic_enter_room(self, sid: str, namespace: str, room: Any, eio_sid: str | None = None) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        if self._is_to_be_announced(room):
            self._announce([room])

    def _is_to_be_announced(self, room: Any) -> bool:
        is_known = time.monotonic() < self._announced.get(room, 0.0)
        return isinstance(room, str) and not is_known and self.announced_for(room) > 0

    def _announce(self, rooms: list[str]) -> None:
        now = time.monotonic()
        with suppress(redis.RedisError), self._sender.pipeline(transaction=False) as announced:
            for room in rooms:
                announced.set(self._key(room), 1, ex=self.announced_for(room))
            announced.execute()
            self._announced.update({room: now + self.announced_for(room) / 3 for room in rooms})

    def _announce_again(self) -> None:
        """The rooms in which somebody still is."""
        now = time.monotonic()
        self._announce_at = now + _LOOK_AGAIN
        for room in [room for room, until in list(self._announced.items()) if until <= now]:
            self._announced.pop(room, None)
        with self._turn:
            rooms = [room for room in self.rooms.get("/", {}) if self._is_to_be_announced(room)]
        if rooms:
            self._announce(rooms)

    def _key(self, room: str) -> str:
        return f"{self.channel}:{room}"

    def _connect(self, patience: float, retry: Retry) -> redis.Redis:
        return redis.Redis.from_url(self._url, socket_connect_timeout=patience, socket_timeout=patience, retry=retry)

    @property
    def host_id(self) -> str:
        """By which a process knows what it said itself; the library's is the same before and after a fork."""
        return f"{self._origin}.{os.getpid()}"

    @host_id.setter
    def host_id(self, origin: str) -> None:
        self._origin = origin

    @property
    def is_hearing_others(self) -> bool:  # type: ignore[override]
        if hasattr(self, "thread"):
            return self._is_listening
        try:
            return bool(self._sender.ping())
        except redis.RedisError:
            return False

    def _publish(self, data: dict[str, Any]) -> None:
        if time.monotonic() < self._hushed_until:
            self._went_unheard = True
            return
        try:
            self._sender.publish(self.channel, self.json.dumps(data))
        except redis.RedisError as error:
            self._hushed_until, self._went_unheard = time.monotonic() + _HUSHED, True
            log.warning("Redis does not take events for other processes: %s", error)
        else:
            self._be_heard_again()

    def _be_heard_again(self) -> None:
        if self._went_unheard:
            self._went_unheard = False
            self.when_heard_again()

    def _listen(self) -> Iterator[bytes]:
        pause = _FIRST_PAUSE
        while True:
            try:
                with self._connect(_SILENCE, Retry(NoBackoff(), 0)) as client, client.pubsub() as channel:
                    channel.subscribe(self.channel)
                    for message in self._messages_of(channel):
                        if time.monotonic() > self._announce_at:
                            self._announce_again()
                        if message["type"] == "subscribe":
                            self._resume()
                            pause = _FIRST_PAUSE
                        elif message["type"] == "message":
                            yield message["data"]
            except (redis.RedisError, OSError) as error:
                if self._is_listening or pause == _FIRST_PAUSE:
                    log.warning("Redis brings no events of other processes: %s", error)
                self._is_listening = False
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _messages_of(self, channel: Any) -> Iterator[dict[str, Any]]:
        """A connection that nobody has closed may lead nowhere all the same, so silence is asked about."""
        is_asked = False
        while True:
            message = channel.get_message(timeout=_SILENCE)
            if message:
                is_asked = False
                yield message
            elif is_asked:
                raise redis.TimeoutError("it is silent")
            else:
                channel.ping()
                is_asked = True

    def _resume(self) -> None:
        was_lost, self._was_listening = self._was_listening, True
        # It may have forgotten everything.
        self._announced.clear()
        self._announce_again()
        self._is_listening, self._hushed_until = True, 0.0
        if was_lost:
            log.warning("Redis is back.")
            self.when_resumed()
        self._be_heard_again()

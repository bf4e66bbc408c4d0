"""Many members' pages as far as the server sees them: sockets that join a discussion, answer pings, note what they hear
and when, come back when they are cut off, and ask for what they missed."""

import json
import os
import random
import select
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from urllib.request import Request, urlopen

from tests.bench.live_clients import masked

_OFFER = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
    "Cookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)


class Listener:
    """One page. `heard` maps the numbers of posts to the moment they came; `revision` is the last it knows of."""

    def __init__(self, host: str, cookie: str, discussion: int) -> None:
        self.host, self.cookie, self.discussion = host, cookie, discussion
        self.heard: dict[int, float] = {}
        self.revision, self.asked, self.tries = 0, 0, 0
        self.joined_at = self.retry_at = self.away_until = 0.0
        self.socket: socket.socket | None = None
        self._buffer = b""

    def begin(self) -> None:
        name, port = self.host.split(":")
        self.socket = socket.create_connection((name, int(port)), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = b64encode(os.urandom(16)).decode()
        self.socket.sendall(_OFFER.format(host=self.host, cookie=self.cookie, key=key).encode())
        self._buffer, self._open = b"", False
        self.tries += 1

    def take(self, now: float) -> bool:
        """Read what is there; False when the connection has ended."""
        assert self.socket
        try:
            got = self.socket.recv(262144)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not got:
            return False
        self._buffer += got
        if not self._open:
            head, end, self._buffer = self._buffer.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return True
            if b" 101 " not in head.split(b"\r\n")[0]:
                return False
            self._open = True
            self._say("40")
        for code, payload in self._frames():
            if code == 8:
                return False
            if code == 1:
                self._hear(payload, now)
        return True

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        while len(self._buffer) >= 2:
            code, size, start = self._buffer[0] & 15, self._buffer[1] & 127, 2
            if size >= 126:
                start = 4 if size == 126 else 10
                size = int.from_bytes(self._buffer[2:start])
            if len(self._buffer) < start + size:
                return
            payload, self._buffer = self._buffer[start : start + size], self._buffer[start + size :]
            yield code, payload

    def _say(self, text: str) -> None:
        assert self.socket
        self.socket.setblocking(True)
        self.socket.sendall(masked(text))
        self.socket.setblocking(False)

    def _hear(self, payload: bytes, now: float) -> None:
        if payload == b"2":
            self._say("3")
        elif payload.startswith(b"40") or payload.startswith(b'42["rejoin"'):
            wanted = {"discussion": self.discussion, "since": self.revision}
            self._say(f"421{json.dumps(['join', wanted])}")
        elif payload.startswith(b"431"):
            answer = json.loads(payload[3:])[0]
            self.joined_at = now
            if answer["revision"] > self.revision > 0:
                self.ask()
            self.revision = max(self.revision, answer["revision"])
        elif payload.startswith((b'42["post:published"', b'42["post:changed"')):
            self._take_post(json.loads(payload[2:])[1], now)

    def _take_post(self, said: dict[str, int], now: float) -> None:
        if said["revision"] > self.revision + 1:
            self.ask()
        self.heard.setdefault(said["number"], now)
        self.revision = max(self.revision, said["revision"])

    def ask(self) -> None:
        """What the page does with a gap: over HTTP, for what is new since the last revision it knows of."""
        self.asked += 1
        address = f"http://{self.host}/discussions/{self.discussion}/posts?since={self.revision}"
        with urlopen(Request(address, headers={"Cookie": self.cookie}), timeout=30) as answer:
            page = answer.read().decode()
        self.revision = max(self.revision, int(page.partition('data-revision="')[2].partition('"')[0]))
        for part in page.split('data-number="')[1:]:
            self.heard.setdefault(int(part.partition('"')[0]), time.monotonic())


class Listeners(threading.Thread):
    """All of them in one loop."""

    def __init__(self, host: str, cookies: list[str], discussion: int) -> None:
        super().__init__(daemon=True)
        self.all = [Listener(host, cookie, discussion) for cookie in cookies]
        self._poll, self._by_fileno = select.epoll(), {}
        self.ends, self.over = 0, threading.Event()

    def run(self) -> None:
        waiting = list(self.all)
        while not self.over.is_set():
            now = time.monotonic()
            begun = [one for one in waiting if one.retry_at <= now][:20]
            for one in begun:
                waiting.remove(one)
                if not self._begin(one):
                    waiting.append(one)
            for fileno, _events in self._poll.poll(0.01 if begun else 0.05):
                one = self._by_fileno[fileno]
                if not one.take(time.monotonic()):
                    self._end(one, fileno)
                    waiting.append(one)

    def _begin(self, one: Listener) -> bool:
        try:
            one.begin()
        except OSError:
            one.retry_at = time.monotonic() + 0.5 + random.random()
            return False
        assert one.socket
        one.socket.setblocking(False)
        self._by_fileno[one.socket.fileno()] = one
        self._poll.register(one.socket.fileno(), select.EPOLLIN)
        return True

    def _end(self, one: Listener, fileno: int) -> None:
        self.ends += 1
        assert one.socket
        self._poll.unregister(fileno)
        del self._by_fileno[fileno]
        one.socket.close()
        one.joined_at = 0.0
        # As the page does: between half a second and a second and a half.
        one.retry_at = max(time.monotonic() + 0.5 + random.random(), one.away_until)

    def send_away(self, count: int, seconds: float) -> None:
        """So many lose their network for so long."""
        for one in self.all[:count]:
            one.away_until = time.monotonic() + seconds
            assert one.socket
            one.socket.shutdown(socket.SHUT_RDWR)

    def joined(self) -> int:
        return sum(one.joined_at > 0 for one in self.all)

    def wait_for(self, count: int, patience: float = 120) -> float:
        """Seconds until so many have joined."""
        begun = time.monotonic()
        while self.joined() < count:
            assert time.monotonic() < begun + patience, f"only {self.joined()} of {count} joined"
            time.sleep(0.05)
        return time.monotonic() - begun

    def stop(self) -> None:
        self.over.set()
        self.join()

"""Many Socket.IO clients in one loop: raw sockets, permessage-deflate offered as browsers do, receive times noted."""

import json
import os
import select
import socket
import time
from struct import pack

REQUEST = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
AT_ONCE = 50


def masked(text: str) -> bytes:
    payload, mask = text.encode(), os.urandom(4)
    size = len(payload)
    head = pack("!BB", 0x81, 0x80 | size) if size < 126 else pack("!BBH", 0x81, 0x80 | 126, size)
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


class Clients:
    """All joined to one room; the first of them says what is pushed."""

    def __init__(self, port: int, count: int, room: str = "discussion:1:zh") -> None:
        self.port, self.room = port, room
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        for start in range(0, count, AT_ONCE):
            self._join(min(AT_ONCE, count - start))
        self.first = next(iter(self.sockets.values()))

    def _join(self, count: int) -> None:
        made = []
        for _ in range(count):
            sock = socket.create_connection(("127.0.0.1", self.port), 30)
            sock.sendall(REQUEST % (self.port, self.port))
            made.append(sock)
        for step, answer in ((masked("40"), b"40{"), (masked(f'420["join","{self.room}"]'), b"430["), (b"", b"")):
            for sock in made:
                if answer == b"40{":
                    self._read_until(sock, b"maxPayload")
                if step:
                    sock.sendall(step)
            for sock in made:
                if answer:
                    self._read_until(sock, answer)
        for sock in made:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setblocking(False)
            self.sockets[sock.fileno()] = sock
            self.poll.register(sock.fileno(), select.EPOLLIN)

    @staticmethod
    def _read_until(sock: socket.socket, wanted: bytes) -> None:
        got = b""
        while wanted not in got:
            data = sock.recv(65536)
            assert data, f"closed before {wanted!r}: {got!r}"
            got += data

    def push(self, mark: str, data: str, patience: float = 30) -> list[float]:
        """Seconds from the saying to each client's hearing, sorted; `mark` ends what is pushed."""
        end = mark.encode() + b'"}]'
        said = json.dumps(["say", {"room": self.room, "data": {"html": data + mark}}], ensure_ascii=False)
        message = masked("42" + said)
        times: list[float] = []
        rest: dict[int, bytes] = {}
        begun = time.perf_counter()
        self.first.sendall(message)
        while len(times) < len(self.sockets):
            ready = self.poll.poll(max(0.0, begun + patience - time.perf_counter()), 512)
            assert ready, f"only {len(times)} of {len(self.sockets)} heard"
            for fileno, _events in ready:
                got = self.sockets[fileno].recv(65536)
                now = time.perf_counter()
                assert got, "closed by the server"
                if got[-len(end) :] == end or (fileno in rest and (rest.pop(fileno) + got)[-len(end) :] == end):
                    times.append(now - begun)
                elif b"\x81\x012" in got[:3]:
                    self.sockets[fileno].sendall(masked("3"))
                else:
                    rest[fileno] = rest.get(fileno, b"") + got
        return sorted(times)

    def answer_pings(self) -> None:
        for fileno, _events in self.poll.poll(0):
            if self.sockets[fileno].recv(65536) == b"\x81\x012":
                self.sockets[fileno].sendall(masked("3"))

    def close(self) -> None:
        self.poll.close()
        for sock in self.sockets.values():
            sock.close()

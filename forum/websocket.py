"""A WebSocket on the raw socket of a WSGI server, under threads and under gevent alike.

What is sent is a frame made once for all who get it, and sending never waits. What is received is bounded while it
arrives. wsproto reads the frames; permessage-deflate is declined: it costs each client 91 kB.
"""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from struct import pack
from threading import Lock
from typing import Any

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import generate_accept_token

# Bytes that wait for a socket that takes no more, beyond what the kernel keeps; then its client is dropped.
MOST_WAITING = 512 * 1024
_AT_ONCE = 4096
# Seconds given to whoever is told why the connection ends to read it.
_LINGER = 2.0


class BadHandshake(Exception):
    pass


def handshake(environ: Mapping[str, Any]) -> bytes:
    """The answer to a request for a WebSocket."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    if "upgrade" not in environ.get("HTTP_CONNECTION", "").lower() or len(key) != 24 or not key.isascii():
        raise BadHandshake("This is no request for a WebSocket.")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        raise BadHandshake("The WebSocket must be of version 13.")
    token = generate_accept_token(key.encode())
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return upgrade + b"Sec-WebSocket-Accept: %b\r\n\r\n" % token


def frame(message: str | bytes) -> bytes:
    """The message as a server sends it: unmasked, in one frame."""
    opcode, payload = (0x82, message) if isinstance(message, bytes) else (0x81, message.encode(errors="replace"))
    size = len(payload)
    if size < 126:
        return pack("!BB", opcode, size) + payload
    return (pack("!BBH", opcode, 126, size) if size < 65536 else pack("!BBQ", opcode, 127, size)) + payload


def raw_socket(environ: Mapping[str, Any]) -> Any:
    found = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if found is None:
        raise BadHandshake("This server keeps its sockets to itself.")
    return found


class WebSocket:
    """`when_full` is called when bytes begin to wait; who is called sees to it that `drain` is, once there is room."""

    __slots__ = ("_ending", "_largest", "_lock", "_parser", "_send", "_sock", "_waiting", "_when_full")

    def __init__(self, sock: Any, largest: int, when_full: Callable[[], None]) -> None:
        self._sock, self._largest, self._when_full = sock, largest, when_full
        # gevent's socket would wait for room; the one that it wraps says that there is none.
        self._send = getattr(sock, "_sock", sock).send
        self._parser = Connection(ConnectionType.SERVER)
        self._lock, self._waiting, self._ending = Lock(), bytearray(), False
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self) -> int:
        return int(self._sock.fileno())

    @property
    def is_full(self) -> bool:
        return bool(self._waiting)

    def write(self, frames: bytes) -> None:
        """Never waits and never raises: who does not take it, nor will, is dropped."""
        with self._lock:
            rest = frames if self._waiting else frames[self._push(frames) :]
            if not rest:
                return
            if len(self._waiting) + len(rest) > MOST_WAITING:
                self._waiting.clear()
                self.drop()
                return
            self._waiting += rest
        self._when_full()

    def drain(self) -> None:
        """Write of what waits as much as there is room for now."""
        with self._lock:
            del self._waiting[: self._push(self._waiting)]

    def _push(self, data: bytes | bytearray) -> int:
        try:
            return int(self._send(data, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return 0
        except OSError:
            self.drop()
            return len(data)

    def messages(self) -> Iterator[str | bytes]:
        """What the peer says, until either side has closed."""
        parts: list[Any] = []
        size = 0
        while data := self._receive():
            self._parser.receive_data(data)
            for event in self._parser.events():
                if isinstance(event, TextMessage | BytesMessage):
                    size += len(event.data)
                    if size > self._largest:
                        return self.close(CloseReason.MESSAGE_TOO_BIG)
                    if event.data:
                        parts.append(event.data)
                    if event.message_finished:
                        yield ("" if isinstance(event, TextMessage) else b"").join(parts)
                        parts, size = [], 0
                        if self._ending:
                            return None
                elif isinstance(event, Ping):
                    self._answer(event.response())
                elif isinstance(event, CloseConnection):
                    # Of the peer, who waits for us to end; or of the parser, about a malformed frame.
                    is_farewell = self._parser.state is ConnectionState.REMOTE_CLOSING
                    self._answer(event.response())
                    return None if is_farewell else self._finish()
        return None

    def _receive(self) -> bytes:
        try:
            return bytes(self._sock.recv(_AT_ONCE))
        except OSError:
            return b""

    def _answer(self, event: Event) -> None:
        self.write(bytes(self._parser.send(event)))

    def close(self, code: CloseReason) -> None:
        """Called by whoever reads: say why, and end."""
        self._answer(CloseConnection(code=code))
        self._finish()

    def leave(self, code: CloseReason) -> None:
        """Called by anybody else: say why, and have the reader come to its end."""
        self.write(b"\x88\x02" + pack("!H", code))
        self.drop()

    def _finish(self) -> None:
        """Read on for a while: closing on what was not read would take back what was said last."""
        self._ending = True
        until = time.monotonic() + _LINGER
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)
            self._sock.settimeout(_LINGER)
            while time.monotonic() < until and self._sock.recv(65536):
                pass

    def drop(self) -> None:
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

"""Engine.IO over our WebSocket: a client's beginning and end, and one task that looks after all of them.

Stands in the place of engineio's own handling of a connection, which takes a writer and a task for pings a client.
"""

import logging
import select
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock, Thread
from types import NoneType
from typing import Any

from engineio.packet import OPEN, Packet
from socketio.packet import ACK, CONNECT, DISCONNECT, EVENT
from wsproto.frame_protocol import CloseReason

from forum.metrics import count_sockets
from forum.websocket import BadHandshake, WebSocket, frame, handshake, raw_socket

log = logging.getLogger(__name__)

PING = frame("2")
_RESERVED = ("connect", "disconnect")
# What comes with a packet, other than with an event.
_SOUND: dict[int, tuple[type, ...]] = {ACK: (list,), CONNECT: (dict, NoneType), DISCONNECT: (NoneType,)}
_TICK = 1.0
# Of the clients of a process that stops, so many ticks long a part is sent to another; no part is smaller than this.
_MOVING_TICKS, _LEAST_MOVED = 5, 100


class Client:
    """What engineio expects of one of its sockets, and no more."""

    __slots__ = ("closed", "heard_at", "is_silent", "pinged_at", "reason", "session", "sid", "websocket")
    connected = upgraded = True
    closing = False

    def __init__(self, sid: str, websocket: WebSocket) -> None:
        self.sid, self.websocket = sid, websocket
        self.heard_at = self.pinged_at = time.monotonic()
        self.session: dict[str, Any] = {}
        self.reason: str | None = None
        self.closed, self.is_silent = False, True

    def send(self, packet: Packet) -> None:
        self.websocket.write(frame(packet.encode()))

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """The reader then comes to its end, and says that the client is gone."""
        self.reason = self.reason or reason
        self.websocket.leave(CloseReason.NORMAL_CLOSURE)


class Engine:
    """Takes over the connections of a Socket.IO server: at most so many at once."""

    def __init__(self, server: Any, most_clients: int) -> None:
        self.server, self.engine, self.most_clients = server, server.eio, most_clients
        self.clients: dict[str, Client] = server.eio.sockets
        self._is_stopping: Callable[[], bool] = lambda: False
        self._full: set[Client] = set()
        self._moved_at_once = 0
        self._starting = Lock()
        self._bell: socket.socket | None = None
        server.eio._handle_connect = self.serve

    def follow(self, is_stopping: Callable[[], bool]) -> None:
        """Have the sockets closed once the server's worker stops: it would wait for them."""
        self._is_stopping = is_stopping

    def serve(self, environ: Mapping[str, Any], start_response: Any, *_others: Any) -> Any:
        """A connection from its request to its end."""
        if len(self.clients) >= self.most_clients:
            return self._refuse("503 SERVICE UNAVAILABLE", "There are too many connections; try again later.")
        try:
            answer, sock = handshake(environ), raw_socket(environ)
        except BadHandshake as error:
            return self._refuse("400 BAD REQUEST", str(error))
        self._start()
        sock.sendall(answer)
        sid = self.engine.generate_id()
        websocket = WebSocket(sock, self.engine.max_http_buffer_size, lambda: self._fill(client))
        client = self.clients[sid] = Client(sid, websocket)
        count_sockets(len(self.clients))
        try:
            self._greet(client)
            self.engine._trigger_event("connect", sid, environ, run_async=False)
            for message in websocket.messages():
                self._hear(client, message)
        finally:
            reason = client.reason or self.engine.reason.TRANSPORT_CLOSE
            self.engine._trigger_event("disconnect", sid, reason, run_async=False)
            client.closed = True
            websocket.drop()
            self.clients.pop(sid, None)
            count_sockets(len(self.clients))
            self._full.discard(client)
        # How each server is told that the answer has been given.
        raise StopIteration if "gunicorn.socket" in environ else ConnectionError

    def _refuse(self, status: str, words: str) -> dict[str, Any]:
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "30")]
        return {"status": status, "headers": headers, "response": words.encode()}

    def _greet(self, client: Client) -> None:
        engine = self.engine
        terms = {
            "sid": client.sid,
            "upgrades": [],
            "pingInterval": int(engine.ping_interval * 1000),
            "pingTimeout": int(engine.ping_timeout * 1000),
            "maxPayload": engine.max_http_buffer_size,
        }
        client.send(Packet(OPEN, terms))

    def _hear(self, client: Client, message: str | bytes) -> None:
        client.heard_at, client.is_silent = time.monotonic(), False
        if isinstance(message, bytes):
            client.websocket.close(CloseReason.UNSUPPORTED_DATA)
        elif message.startswith("4") and self._is_sound(message[1:]):
            self.engine._trigger_event("message", client.sid, message[1:], run_async=False)
            if not self._is_in(client):
                client.websocket.close(CloseReason.NORMAL_CLOSURE)
        elif message == "1":
            client.reason = self.engine.reason.CLIENT_DISCONNECT
            client.websocket.close(CloseReason.NORMAL_CLOSURE)
        elif message != "3":
            client.websocket.close(CloseReason.POLICY_VIOLATION)

    def _is_sound(self, text: str) -> bool:
        """Whether it is a Socket.IO packet that a client may send: the library logs what is none as a fault of ours,
        and would take events called "connect" and "disconnect" for the real ones."""
        try:
            packet = self.server.packet_class(encoded_packet=text)
        except (ValueError, TypeError, RecursionError):
            return False
        if packet.packet_type == EVENT and isinstance(packet.data, list) and packet.data:
            return isinstance(packet.data[0], str) and packet.data[0] not in _RESERVED
        return isinstance(packet.data, _SOUND.get(packet.packet_type, ()))

    def _start(self) -> None:
        """With the first client: whatever ran before a fork would not run in the child."""
        with self._starting:
            if self._bell is None:
                self._bell, heard = socket.socketpair()
                self._bell.setblocking(False)
                heard.setblocking(False)
                Thread(target=self._look_after, args=(heard,), name="sockets", daemon=True).start()

    def _fill(self, client: Client) -> None:
        self._full.add(client)
        assert self._bell
        # A bell that is full has been rung.
        with suppress(OSError):
            self._bell.send(b"!")

    def _look_after(self, heard: socket.socket) -> None:
        """Writes to sockets that were full, and pings."""
        swept_at = time.monotonic()
        while True:
            try:
                self._drain_full(heard)
                if time.monotonic() - swept_at >= _TICK:
                    swept_at = time.monotonic()
                    self._sweep(swept_at)
            except Exception:
                log.exception("looking after the sockets")
                time.sleep(_TICK)

    def _drain_full(self, heard: socket.socket) -> None:
        """Waits until one of them has room, or there is a new one, or it is time to sweep."""
        full = {client.websocket.fileno(): client for client in self._full.copy()}
        if gone := full.pop(-1, None):
            self._full.discard(gone)
        poll = select.poll()
        poll.register(heard, select.POLLIN)
        for fileno in full:
            poll.register(fileno, select.POLLOUT)
        for fileno, _events in poll.poll(_TICK * 1000):
            if fileno == heard.fileno():
                heard.recv(4096)
            else:
                # In this order: what is written meanwhile makes it full again.
                self._full.discard(full[fileno])
                full[fileno].websocket.drain()
                if full[fileno].websocket.is_full:
                    self._full.add(full[fileno])

    def _sweep(self, now: float) -> None:
        if self._is_stopping():
            self._send_on()
            return
        interval, timeout = self.engine.ping_interval, self.engine.ping_timeout
        for client in list(self.clients.values()):
            if now - client.heard_at > interval + timeout:
                client.reason = self.engine.reason.PING_TIMEOUT
                client.websocket.drop()
            elif client.is_silent and now - client.heard_at > timeout / 2:
                client.close()
            elif now - client.pinged_at >= interval:
                client.pinged_at = now
                if self._is_in(client):
                    client.websocket.write(PING)
                else:
                    client.close()

    def _send_on(self) -> None:
        """A part of them at a time: who is told to go comes back at once, and all together would be a rush."""
        clients = list(self.clients.values())
        self._moved_at_once = self._moved_at_once or max(_LEAST_MOVED, len(clients) // _MOVING_TICKS)
        for client in clients[: self._moved_at_once]:
            client.websocket.leave(CloseReason.GOING_AWAY)

    def _is_in(self, client: Client) -> bool:
        """A client that was refused, has left or was disconnected may not stay and hold a thread."""
        manager = self.server.manager
        return any(manager.sid_from_eio_sid(client.sid, namespace) for namespace in list(manager.get_namespaces()))

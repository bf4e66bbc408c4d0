"""Who connects: the library's own client, and one that speaks bare WebSocket frames."""

import queue
import re
import socket
from collections.abc import Iterator
from typing import Any

import socketio
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

from tests.realtime.process import PATIENCE, Process


class Visitor:
    """python-socketio's client; what arrives is read in order."""

    def __init__(
        self, process: Process, *rooms: str, namespaces: tuple[str, ...] = ("/",), path: str = "", cookie: str = ""
    ) -> None:
        self.client = socketio.Client(reconnection=False, request_timeout=PATIENCE)
        self.heard: queue.Queue[tuple[Any, ...]] = queue.Queue()
        for namespace in namespaces:
            self.client.on("*", lambda event, *values: self.heard.put((event, *values)), namespace=namespace)
        self.client.on("disconnect", lambda reason: self.heard.put(("disconnected",)))
        headers = {"Cookie": cookie} if cookie else {}
        self.client.connect(process.url + path, headers, transports=["websocket"], namespaces=list(namespaces))
        self.websocket = self.client.eio.ws
        for room in rooms:
            self.join(room)

    @property
    def sid(self) -> str:
        return str(self.client.get_sid())

    def join(self, room: str) -> None:
        assert self.client.call("join", room, timeout=PATIENCE) == room

    def emit(self, event: str, *values: Any) -> None:
        self.client.emit(event, *values)

    def next(self) -> tuple[Any, ...]:
        return self.heard.get(timeout=PATIENCE)

    def leave(self) -> None:
        self.client.disconnect()
        # The library leaves the socket open where the server closed first.
        self.websocket.shutdown()


class Frames:
    """A WebSocket client by hand, on a TCP connection to a server or on any socket."""

    def __init__(self, sock: socket.socket, host: str = "localhost", **options: Any) -> None:
        self.sock = sock
        self.sock.settimeout(PATIENCE)
        self.protocol = WSConnection(ConnectionType.CLIENT)
        self.answer: Event | None = None
        self.events: Iterator[Event] = iter(())
        target = "/socket.io/?EIO=4&transport=websocket"
        options.setdefault("extensions", [PerMessageDeflate()])
        self.sock.sendall(self.protocol.send(Request(host=host, target=options.pop("target", target), **options)))

    @classmethod
    def to(cls, process: Process, **options: Any) -> "Frames":
        sock = socket.create_connection(("127.0.0.1", process.port))
        return cls(sock, f"127.0.0.1:{process.port}", **options)

    @classmethod
    def greeted(cls, process: Process, **options: Any) -> "Frames":
        """Connected to the default namespace too."""
        client = cls.to(process, **options)
        assert isinstance(client.next(), AcceptConnection)
        assert client.text().startswith("0{")
        client.say("40")
        assert client.text().startswith('40{"sid"')
        return client

    def next(self) -> Event | None:
        """None at the end of the connection; pings are answered on the way."""
        while True:
            for event in self.events:
                return event
            data = self.sock.recv(65536)
            if not data:
                return None
            self.protocol.receive_data(data)
            self.events = self.protocol.events()

    def text(self) -> str:
        """The next whole text."""
        whole = ""
        while True:
            event = self.next()
            assert isinstance(event, TextMessage), event
            whole += event.data
            if event.message_finished:
                return whole

    def say(self, text: str) -> None:
        self.sock.sendall(self.protocol.send(TextMessage(data=text)))

    def send(self, event: Event) -> None:
        self.sock.sendall(self.protocol.send(event))

    def closing_code(self) -> int | None:
        """What the server closes with, whatever it says before; None where it just ends."""
        try:
            while event := self.next():
                if isinstance(event, CloseConnection):
                    return int(event.code)
        except ConnectionError:
            pass
        return None

    def join(self, room: str) -> None:
        self.say(f'421["join","{room}"]')
        assert re.fullmatch(r'431\[".*"\]', self.text())

    def close(self) -> None:
        self.sock.close()

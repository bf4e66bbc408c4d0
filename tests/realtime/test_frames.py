"""The WebSocket by itself, on a pair of sockets: what it takes, what it refuses, how it writes to one that is full."""

import socket
import struct
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, TextMessage

from forum import websocket
from forum.websocket import BadHandshake, WebSocket, frame, handshake

LARGEST = 1000


class Listener:
    """The server's side, read by a thread: all it was told, in order."""

    def __init__(self) -> None:
        ours, self.peer = socket.socketpair()
        self.sock = ours
        self.peer.settimeout(10)
        self.heard: list[str | bytes] = []
        self.fills = 0
        self.websocket = WebSocket(ours, LARGEST, self.fill)
        self.thread = Thread(target=self.listen)
        self.thread.start()

    def fill(self) -> None:
        self.fills += 1

    def listen(self) -> None:
        self.heard.extend(self.websocket.messages())
        self.sock.close()

    def said(self) -> bytes:
        """All that the server sends until its end."""
        whole = b""
        try:
            while data := self.peer.recv(65536):
                whole += data
        except ConnectionError:
            pass
        self.thread.join(10)
        assert not self.thread.is_alive()
        return whole


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.peer.close()
        listener.thread.join(10)


def raw(
    opcode: int, payload: bytes = b"", fin: bool = True, mask: bytes | None = b"abcd", size: int | None = None
) -> bytes:
    """A frame as a client sends it, or as it should not."""
    size = len(payload) if size is None else size
    flag = 0x80 if mask else 0
    first = opcode | (0x80 if fin else 0)
    if size < 126:
        head = struct.pack("!BB", first, flag | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, flag | 126, size)
    else:
        head = struct.pack("!BBQ", first, flag | 127, size)
    hidden = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload)) if mask else payload
    return head + mask + hidden


def close_code(said: bytes) -> int | None:
    parser = Connection(ConnectionType.CLIENT)
    parser.receive_data(said)
    return next((int(event.code) for event in parser.events() if isinstance(event, CloseConnection)), None)


TEXT, BINARY, CLOSE, PING, PONG, MORE = 1, 2, 8, 9, 10, 0


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (raw(TEXT, b"x", mask=b""), 1002),
        (raw(3, b"x"), 1002),
        (raw(0x41, b"x"), 1002),
        (raw(MORE, b"x"), 1002),
        (raw(TEXT, b"x", fin=False) + raw(TEXT, b"y"), 1002),
        (raw(PING, b"x", fin=False), 1002),
        (raw(PING, b"x" * 126), 1002),
        (struct.pack("!BBH", 0x81, 0xFE, 5) + b"abcd" + b"xxxxx", 1002),
        (struct.pack("!BBQ", 0x81, 0xFF, 1 << 63) + b"abcd", 1002),
        (raw(TEXT, b"\xff\xfe"), 1007),
        (raw(TEXT, "好".encode()[:2], fin=False) + raw(MORE, b"x"), 1007),
        (raw(CLOSE, b"\x03"), 1002),
        (raw(CLOSE, struct.pack("!H", 1005)), 1002),
        (raw(CLOSE, struct.pack("!H", 4999) + b"\xff"), 1007),
        (raw(TEXT, b"x" * (LARGEST + 1)), 1009),
        (raw(TEXT, b"x" * LARGEST, fin=False) + raw(MORE, b"y"), 1009),
        (raw(BINARY, size=1 << 40) + b"x" * 2000, 1009),
        (raw(CLOSE, struct.pack("!H", 1000) + b"bye"), 1000),
        (raw(CLOSE), 1005),
    ],
)
def test_what_is_malformed_or_too_much_is_answered_with_its_code(sent: bytes, code: int) -> None:
    with listening() as listener:
        listener.peer.sendall(sent)
        listener.peer.shutdown(socket.SHUT_WR)
        assert close_code(listener.said()) == code
        assert listener.heard == []


def test_texts_bytes_and_fragments_come_whole() -> None:
    with listening() as listener:
        good = "好".encode()
        listener.peer.sendall(raw(TEXT, good) + raw(BINARY, b"\x00\xff") + raw(TEXT) + raw(TEXT, b"x" * LARGEST))
        listener.peer.sendall(raw(TEXT, good[:1], fin=False) + raw(PING, b"?") + raw(MORE, fin=False))
        listener.peer.sendall(raw(MORE, good[1:]) + raw(PONG) + raw(CLOSE))
        assert listener.said().startswith(b"\x8a\x01?")
        assert listener.heard == ["好", b"\x00\xff", "", "x" * LARGEST, "好"]


def test_a_message_is_refused_before_it_is_there() -> None:
    """A gigabyte is announced; a megabyte of it is sent at most."""
    with listening() as listener:
        tracemalloc.start()
        try:
            listener.peer.sendall(raw(TEXT, size=1 << 30) + b"a" * 500_000)
            listener.peer.shutdown(socket.SHUT_WR)
            assert close_code(listener.said()) == 1009
            assert tracemalloc.get_traced_memory()[1] < 1_500_000
        finally:
            tracemalloc.stop()


@given(st.lists(st.one_of(st.text(max_size=LARGEST), st.binary(max_size=LARGEST)), max_size=5), st.data())
def test_what_is_sent_comes_as_it_was_however_it_is_cut(messages: list[str | bytes], data: st.DataObject) -> None:
    sent = b""
    for message in messages:
        payload = message.encode() if isinstance(message, str) else message
        cuts = sorted(data.draw(st.lists(st.integers(0, len(payload)), max_size=3)))
        parts = [payload[start:end] for start, end in zip([0, *cuts], [*cuts, len(payload)], strict=True)]
        for place, part in enumerate(parts):
            opcode = MORE if place else TEXT if isinstance(message, str) else BINARY
            sent += raw(opcode, part, fin=place == len(parts) - 1)
    sent += raw(CLOSE, struct.pack("!H", 1000))
    step = data.draw(st.integers(1, 400))
    with listening() as listener:
        for start in range(0, len(sent), step):
            listener.peer.sendall(sent[start : start + step])
        assert close_code(listener.said()) == 1000
        assert listener.heard == messages


@given(st.binary(max_size=3000))
def test_any_bytes_end_in_an_orderly_way(sent: bytes) -> None:
    with listening() as listener:
        try:
            listener.peer.sendall(sent)
            listener.peer.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pass
        listener.said()


@given(st.one_of(st.text(), st.binary(), st.sampled_from([125, 126, 65535, 65536]).map(lambda size: "x" * size)))
def test_a_frame_reads_as_its_message(message: str | bytes) -> None:
    parser = Connection(ConnectionType.CLIENT)
    parser.receive_data(frame(message))
    (event,) = parser.events()
    assert isinstance(event, TextMessage if isinstance(message, str) else BytesMessage)
    assert event.data == message
    assert event.message_finished


def test_a_lone_surrogate_is_sent_as_something() -> None:
    assert frame("\ud800") == b"\x81\x01?"


def test_what_a_full_socket_does_not_take_waits_and_is_drained_in_order() -> None:
    with listening() as listener:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        sent = b""
        for number in range(40):
            piece = frame(str(number % 10) * 5000)
            listener.websocket.write(piece)
            sent += piece
        assert listener.websocket.is_full
        assert listener.fills
        got = b""
        while len(got) < len(sent):
            got += listener.peer.recv(10_000)
            listener.websocket.drain()
        assert got == sent
        assert not listener.websocket.is_full


def test_who_leaves_too_much_lying_is_dropped() -> None:
    with listening() as listener:
        for _ in range(100):
            listener.websocket.write(b"x" * 50_000)
        listener.thread.join(10)
        assert not listener.thread.is_alive()
        assert len(listener.said()) < websocket.MOST_WAITING
        assert not listener.websocket.is_full


def test_writing_to_who_is_gone_raises_nothing() -> None:
    with listening() as listener:
        listener.peer.close()
        listener.thread.join(10)
        listener.websocket.write(b"x")
        listener.websocket.drain()
        listener.websocket.drop()


GOOD = {
    "HTTP_CONNECTION": "keep-alive, Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
}


def test_the_handshake_is_that_of_the_standard() -> None:
    """The example of RFC 6455, section 1.3."""
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n" in handshake(GOOD)


@pytest.mark.parametrize(
    "changed",
    [
        {"HTTP_CONNECTION": "close"},
        {"HTTP_SEC_WEBSOCKET_KEY": "short"},
        {"HTTP_SEC_WEBSOCKET_KEY": "好" * 24},
        {"HTTP_SEC_WEBSOCKET_VERSION": "8"},
    ],
)
def test_another_request_is_no_handshake(changed: dict[str, str]) -> None:
    with pytest.raises(BadHandshake):
        handshake(GOOD | changed)

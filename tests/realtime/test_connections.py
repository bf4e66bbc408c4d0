"""How connections begin, are kept and end: bare frames against a server process of either kind."""

import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, RejectConnection, TextMessage

from tests.realtime.clients import Frames
from tests.realtime.conftest import KINDS, Launch
from tests.realtime.process import Process, eventually

Greeted = Callable[..., Frames]


def test_deflate_is_declined(server: Process, greeted: Greeted) -> None:
    client = Frames.to(server)
    accepted = client.next()
    assert isinstance(accepted, AcceptConnection)
    assert accepted.extensions == []
    assert '"maxPayload":65536' in client.text()
    client.close()


def test_only_pages_of_the_same_origin_may_connect(server: Process) -> None:
    for origin, kind in (
        (f"http://127.0.0.1:{server.port}", AcceptConnection),
        ("http://evil.example", RejectConnection),
    ):
        client = Frames.to(server, extra_headers=[(b"Origin", origin.encode())])
        assert isinstance(client.next(), kind)
        client.close()


@pytest.mark.parametrize(
    "query", ["EIO=4&transport=polling", "EIO=3&transport=websocket", "EIO=4&transport=websocket", "EIO=4&sid=x", ""]
)
def test_what_asks_for_no_websocket_is_a_bad_request(server: Process, query: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}/socket.io/?{query}", timeout=20)
    assert refused.value.code == 400
    refused.value.close()


def test_a_request_that_only_looks_like_one_is_refused(server: Process) -> None:
    request = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 20) as client:
        client.sendall(request + b"Upgrade: websocket\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400")


def test_a_ping_of_the_websocket_is_answered(server: Process, greeted: Greeted) -> None:
    client = greeted(server)
    client.send(Ping(payload=b"there?"))
    assert client.next() == Pong(payload=b"there?")


def test_who_says_goodbye_is_let_go(server: Process, greeted: Greeted) -> None:
    client = greeted(server)
    client.send(CloseConnection(code=1000))
    assert client.closing_code() == 1000
    eventually(lambda: server.state()["clients"] == 0)


@pytest.mark.parametrize(
    "text",
    ["", "9", "2", "5", "4", "49", "42", "42{}", "42[1]", "42[", '42["connect"]', '42["disconnect","x"]', "43{}", "44",
     '451-["x",{"_placeholder":true,"num":0}]', "42" + "[" * 10_000, "4²", '42/other,["x"'],
)  # fmt: skip
def test_what_no_client_of_ours_says_ends_the_connection(server: Process, greeted: Greeted, text: str) -> None:
    """And is not logged as a fault of ours, which the fixture looks at when the server stops."""
    client = greeted(server)
    client.say(text)
    assert client.closing_code() == 1008


def test_bytes_are_not_understood(server: Process, greeted: Greeted) -> None:
    client = greeted(server)
    client.send(BytesMessage(data=b"x"))
    assert client.closing_code() == 1003


def test_a_message_is_no_longer_than_64_kilobytes(server: Process, greeted: Greeted) -> None:
    client = greeted(server)
    client.say('42["join","%s"]' % ("x" * 65_000))
    client.say('42["join","%s"]' % ("x" * 66_000))
    assert client.closing_code() == 1009


def test_a_second_entry_or_an_unknown_namespace_is_refused(server: Process, greeted: Greeted) -> None:
    client = greeted(server)
    client.say("40")
    assert client.text().startswith("44")
    client.say("40/nowhere,")
    assert client.text().startswith("44/nowhere,")
    client.join("a")


def test_who_is_not_welcome_is_told(server: Process) -> None:
    client = Frames.to(server, target="/socket.io/?EIO=4&transport=websocket&unwelcome=1")
    assert isinstance(client.next(), AcceptConnection)
    client.text()
    client.say("40")
    assert client.text().startswith("44")
    assert client.closing_code() == 1000
    client.close()
    eventually(lambda: server.state()["environs"] == 0)
    assert server.state()["rooms"] == {}


def test_who_leaves_the_only_namespace_is_let_go(server: Process, greeted: Greeted) -> None:
    client = greeted(server)
    client.say("41")
    assert client.closing_code() == 1000


def test_who_does_not_read_is_dropped_while_others_hear_all(server: Process, greeted: Greeted) -> None:
    slow, quick = greeted(server), greeted(server)
    slow.join("a")
    quick.join("a")
    slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    pushes = 0
    while server.state()["clients"] == 2:
        server.emit("said", "x" * 400_000, to="a")
        pushes += 1
        assert quick.text() == '42["said","%s"]' % ("x" * 400_000)
        assert pushes < 100
    server.emit("said", "and on", to="a")
    assert quick.text() == '42["said","and on"]'


def test_who_was_slow_for_a_while_hears_everything_in_order(server: Process, greeted: Greeted) -> None:
    """More than the kernel takes waits, less than makes the server lose patience."""
    slow = greeted(server)
    slow.join("a")
    sent = 0
    while not server.state()["full"]:
        server.emit("said", [sent, "x" * 100_000], to="a")
        sent += 1
    for number in range(sent):
        assert slow.text().startswith(f'42["said",[{number},')
    eventually(lambda: not server.state()["full"])
    server.emit("said", "and on", to="a")
    assert slow.text() == '42["said","and on"]'


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_is_pinged_and_who_does_not_answer_is_dropped(kind: str, launch: Launch, greeted: Greeted) -> None:
    server = launch(kind, ping_interval=1, ping_timeout=2)
    alive, dead = greeted(server), greeted(server)
    for _ in range(4):
        event = alive.next()
        assert isinstance(event, TextMessage)
        assert event.data == "2"
        alive.say("3")
    eventually(lambda: server.state()["clients"] == 1)
    assert server.state()["gone"] == ["ping timeout"]
    assert dead.closing_code() is None


@pytest.mark.parametrize("kind", KINDS)
def test_who_never_says_what_for_is_let_go(kind: str, launch: Launch) -> None:
    server = launch(kind, ping_timeout=2)
    client = Frames.to(server)
    assert client.closing_code() == 1000
    client.close()
    eventually(lambda: server.state()["environs"] == 0)


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_no_more_than_can_be_served(kind: str, launch: Launch, greeted: Greeted) -> None:
    server = launch(kind, most_clients=2)
    first = greeted(server)
    greeted(server)
    third = Frames.to(server)
    refused = third.next()
    assert isinstance(refused, RejectConnection)
    assert refused.status_code == 503
    assert (b"retry-after", b"30") in refused.headers
    third.close()
    assert server.state()["clients"] == 2
    first.close()
    eventually(lambda: server.state()["clients"] == 1)
    greeted(server)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_stops_says_so_and_waits_for_nobody(kind: str, launch: Launch, greeted: Greeted) -> None:
    server = launch(kind)
    clients = [greeted(server) for _ in range(3)]
    server.process.terminate()
    assert [client.closing_code() for client in clients] == [1001] * 3
    said, _ = server.process.communicate(timeout=30)
    assert server.process.returncode == 0
    assert not re.search("Traceback|rror", said), said

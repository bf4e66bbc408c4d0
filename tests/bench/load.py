"""Loads one address over keep-alive connections from a process of its own; raw sockets: the client shall cost little.
`python -m tests.bench.load URL SECONDS CONNECTIONS COOKIE` prints how many whole answers came in how many seconds."""

import socket
import sys
import time
from threading import Barrier, Thread
from urllib.parse import urlsplit


def load(url: str, seconds: float, connections: int, cookie: str) -> tuple[int, float]:
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    request = (
        f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookie}\r\nAccept-Language: zh\r\n\r\n"
    ).encode()
    counts, barrier = [0] * connections, Barrier(connections + 1, timeout=30)

    def ask(place: int) -> None:
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                _answer(connection, request)
            except OSError:
                barrier.abort()
                raise
            barrier.wait()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                _answer(connection, request)
                counts[place] += 1

    threads = [Thread(target=ask, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    barrier.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return sum(counts), time.perf_counter() - started


def _answer(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        if not (part := connection.recv(262_144)):
            raise ConnectionError("the server closed the connection")
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ConnectionError(head.splitlines()[0].decode())
    missing = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(body)
    while missing > 0:
        missing -= len(connection.recv(262_144))


if __name__ == "__main__":
    print(*load(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))

"""Clients who take their time do not keep the others waiting."""

import socket
import time

import pytest

from forum.patience import HEAD, PatientWorker


class Connection:
    def __init__(self) -> None:
        self.client, self.sock = socket.socketpair()
        self.client.settimeout(0)

    def close(self) -> None:
        self.client.close()
        self.sock.close()


def test_who_does_not_say_what_for_is_ended_and_who_has_just_come_is_not() -> None:
    slow, new, now = Connection(), Connection(), time.monotonic()
    try:
        PatientWorker.end_late({slow: now - HEAD - 1, new: now}, HEAD)
        assert slow.client.recv(1) == b""
        with pytest.raises(BlockingIOError):
            new.client.recv(1)
    finally:
        slow.close()
        new.close()

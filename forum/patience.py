"""gunicorn's worker of threads, for clients who take their time: each holds a thread while it says what it wants.

Under gevent the server's own limit does: a greenlet that waits costs next to nothing.
"""

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Seconds within which the head of a request is to come, while there are threads enough, and while there are not; and
# within which all of it is to come and be answered, where it has a body.
HEAD, HEAD_IN_A_CROWD, BODY = 10.0, 1.0, 300.0


class PatientWorker(ThreadWorker):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.heads: dict[Any, float] = {}
        self.bodies: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        self.heads[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self.heads.pop(conn, None)
            self.bodies.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        begun = self.heads.pop(conn, 0.0)
        if any(name in ("CONTENT-LENGTH", "TRANSFER-ENCODING") for name, _value in req.headers):
            self.bodies[conn] = begun
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Called about once a second: nobody waits longer than that for their end."""
        super().murder_pending()
        is_crowd = len(self.heads) > self.cfg.threads / 2
        self.end_late(self.heads, HEAD_IN_A_CROWD if is_crowd else HEAD)
        self.end_late(self.bodies, BODY)

    @staticmethod
    def end_late(begun: dict[Any, float], patience: float) -> None:
        now = time.monotonic()
        for conn, since in list(begun.items()):
            if now - since > patience:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)

"""A real mail server on a port of its own, and what has come to it."""

import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class AnyPort(Controller):
    def _trigger_server(self) -> None:
        """Which the system has chosen by now."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class PostOffice:
    """`refuses`: addresses it takes nothing for; `is_full`: it takes nothing at all, for now. `secured`: how Controller
    is told to encrypt, from the first byte (`ssl_context`) or when it is asked to (`tls_context`)."""

    def __init__(self, host: str = "127.0.0.1", **secured: ssl.SSLContext) -> None:
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refuses: set[str] = set()
        self.is_full = False
        self.logins = 0
        login: dict[str, Any] = {"authenticator": self.let_in, "auth_require_tls": False}
        self._controller = AnyPort(self, hostname=host, port=0, **login, **secured)

    def let_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, said: Any) -> AuthResult:
        """`user` with the password `p@ss`."""
        self.logins += 1
        return AuthResult(success=(said.login, said.password) == (b"user", b"p@ss"))

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.is_full:
            return "452 insufficient storage"
        self.raw.append(envelope.content)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def open(self) -> str:
        """Its address."""
        self._controller.start()
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def close(self) -> None:
        self._controller.stop()

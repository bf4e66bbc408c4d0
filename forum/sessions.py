"""The session in its signed cookie."""

from copy import deepcopy
from threading import Lock
from typing import Any

from cachetools import TTLCache
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class SteadySigner(TimestampSigner):
    """Where the clock of the server was set back, what was signed before seems to come from the future. That signs
    nobody out."""

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        try:
            return super().unsign(signed_value, max_age, return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired as expired:
            now = self.timestamp_to_datetime(self.get_timestamp())
            if expired.date_signed is None or expired.date_signed <= now:
                raise
            return super().unsign(signed_value, None, return_timestamp)  # type: ignore[call-overload]


class KnownCookies(URLSafeTimedSerializer):
    """Remembers for a minute what it has found rightly signed: a page is several requests with one cookie."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._known: TTLCache[str, Any] = TTLCache(maxsize=2_000, ttl=60)
        self._lock = Lock()

    def loads(self, s: Any, *arguments: Any, **options: Any) -> Any:
        with self._lock:
            known = self._known.get(s)
        if known is None:
            known = super().loads(s, *arguments, **options)
            with self._lock:
                self._known[s] = known
        return deepcopy(known)


class Sessions(SecureCookieSessionInterface):
    """Of one application, whose serializer is made once."""

    _made: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._made is None and app.secret_key:
            manner = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
            self._made = KnownCookies(
                app.secret_key, self.salt, self.serializer, signer=SteadySigner, signer_kwargs=manner
            )
        return self._made


def init_sessions(app: Flask) -> None:
    app.session_interface = Sessions()

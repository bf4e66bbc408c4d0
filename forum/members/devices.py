"""Devices that have signed in before: a signed cookie names the device and the accounts, the last few of them."""

import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

COOKIE, LASTS = "device", 400 * 24 * 3600
_MOST_ACCOUNTS = 8


@dataclass(frozen=True, slots=True)
class Device:
    key: str
    member_ids: tuple[int, ...] = ()

    def with_member(self, member_id: int) -> "Device":
        others = (known for known in self.member_ids if known != member_id)
        return Device(self.key, (member_id, *others)[:_MOST_ACCOUNTS])

    def signed(self, secret: str) -> str:
        said: str = _serializer(secret).dumps([self.key, self.member_ids])
        return said


def read_device(cookie: str, secret: str) -> Device:
    """The one of the cookie; a new one where that is none of ours."""
    try:
        key, member_ids = _serializer(secret).loads(cookie)
    except BadData:
        return Device(secrets.token_hex(8))
    return Device(key, tuple(member_ids))


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="device")

"""Tries to sign in: how many may fail, so that nobody guesses a password and nobody shuts somebody else out.

Failures are counted for an account and a place together; a place is an address, or a device that has signed in to the
account before. An account with many failures from everywhere is never closed: each new address has one try in a time.
"""

from dataclasses import dataclass

from limits import RateLimitItem, parse

from forum.config import Settings
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.throttle import Left, Throttle


class TooManyTries(Refused):
    def __init__(self, seconds: int) -> None:
        super().__init__(_("Too many tries in a short time. Wait a little, then try again."))
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Place:
    """Whence somebody tries. `device` is the key of one that has signed in to this account before, else None."""

    address: str
    device: str | None

    @property
    def key(self) -> str:
        return f"device {self.device}" if self.device else f"address {self.address}"


@dataclass(frozen=True, slots=True)
class Tries:
    """Those at one account: `account` is what was typed, or else names it, whether or not there is one."""

    throttle: Throttle
    settings: Settings
    account: str
    place: Place

    def begin(self) -> None:
        """Before the password is looked at, so that many at once are counted as many; `TooManyTries` where it may not
        be."""
        if self.place.device is None:
            _require_left(self.throttle.look(self._limit("address_failures"), "address", self.place.address))
        _require_left(self.throttle.take(self._own_limit(), "try", self.account, self.place.key))

    def failed(self) -> None:
        self.throttle.take(self._limit("account_failures"), "account", self.account)
        if self.place.device is None:
            self.throttle.take(self._limit("address_failures"), "address", self.place.address)

    def succeeded(self) -> None:
        for limit in (self._limit("sign_in_failures"), _slowed(self._limit("sign_in_failures"))):
            self.throttle.forget(limit, "try", self.account, self.place.key)

    def _own_limit(self) -> RateLimitItem:
        usual = self._limit("sign_in_failures")
        if self.place.device or self.throttle.look(self._limit("account_failures"), "account", self.account).is_allowed:
            return usual
        return _slowed(usual)

    def _limit(self, name: str) -> RateLimitItem:
        return parse(getattr(self.settings, name))


def _slowed(limit: RateLimitItem) -> RateLimitItem:
    """One in the same time."""
    return type(limit)(1, limit.multiples)


def _require_left(left: Left) -> None:
    if not left.is_allowed:
        raise TooManyTries(left.seconds)

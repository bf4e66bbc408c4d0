"""The code that is shown in the room: a new one each minute, good for three, so that a photo of it is soon of no use.

Who has scanned a good one gets a pass for that browser alone: signing in may take longer than the code is good for.
"""

from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer

EVERY, GOOD_FOR, PASS_FOR = timedelta(seconds=60), timedelta(minutes=3), timedelta(minutes=20)
_CODE, _PASS = "check-in code", "check-in pass"


def code_for(activity_id: int, now: datetime, secret: str) -> str:
    """The same throughout its minute."""
    return _signed(_CODE, activity_id, now - timedelta(seconds=now.timestamp() % EVERY.total_seconds()), secret)


def pass_for(activity_id: int, now: datetime, secret: str) -> str:
    return _signed(_PASS, activity_id, now, secret)


def activity_of(code: str, secret: str) -> int | None:
    """The activity of a code of ours, however old."""
    read = _read(_CODE, code, secret)
    return read[0] if read else None


def is_good(code: str, now: datetime, secret: str) -> bool:
    return _is_younger(_read(_CODE, code, secret), GOOD_FOR, now)


def admits(kept: str, activity_id: int, now: datetime, secret: str) -> bool:
    """Whether a pass is one for this activity, and not too old."""
    read = _read(_PASS, kept, secret)
    return read is not None and read[0] == activity_id and _is_younger(read, PASS_FOR, now)


def _signed(purpose: str, activity_id: int, at: datetime, secret: str) -> str:
    return Signer(secret, salt=purpose).sign(f"{activity_id}.{int(at.timestamp())}").decode()


def _read(purpose: str, signed: str, secret: str) -> tuple[int, int] | None:
    """Activity and second."""
    try:
        activity_id, at = Signer(secret, salt=purpose).unsign(signed).decode().split(".")
    except (BadSignature, ValueError):
        return None
    return int(activity_id), int(at)


def _is_younger(read: tuple[int, int] | None, than: timedelta, now: datetime) -> bool:
    return read is not None and 0 <= now.timestamp() - read[1] < than.total_seconds()

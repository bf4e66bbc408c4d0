"""The second step of signing in: a code from an app beside the password, or one of the recovery codes.

The app's secret is needed in full to check a code, so it is encrypted, with a key made from FORUM_SECRET_KEY.
"""

import base64
import hmac
import unicodedata

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import delete, insert, update

from forum import clock
from forum.audit.models import Verb
from forum.audit.operations import record
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members import queries
from forum.members.models import Member, RecoveryCode, SecondStep
from forum.members.tokens import new_token

RECOVERY_CODES = 8
# A phone's clock may be so many steps of thirty seconds off.
_TOLERANCE = 1


def begin_second_step(member: Member) -> None:
    """A new secret for the app, to be confirmed; until then nothing is asked for."""
    step = queries.second_step(member)
    if step is not None and step.confirmed_at is not None:
        raise Refused(_("Two-step sign-in is on already."))
    if step is None:
        step = SecondStep(member_id=member.id)
        db.session.add(step)
    step.secret = _fernet().encrypt(pyotp.random_base32().encode()).decode()
    step.last_count = 0


def confirm_second_step(step: SecondStep, code: str) -> list[str]:
    """The recovery codes, known to nobody but who reads them now."""
    if step.confirmed_at is not None:
        raise Refused(_("Two-step sign-in is on already."))
    if not _take_app_code(step, _plain(code)):
        raise Refused(_("This code is not right. Type the one that the app shows now."))
    step.confirmed_at = clock.now()
    codes = [new_token() for _code in range(RECOVERY_CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == step.member_id))
    db.session.execute(
        insert(RecoveryCode), [{"member_id": step.member_id, "code_hash": queries.hash_token(code)} for code in codes]
    )
    record(Verb.SECOND_STEP_BEGUN, step.member_id)
    return codes


def pass_second_step(step: SecondStep, code: str) -> bool:
    """Whether the code is right; then it is used up."""
    if _take_app_code(step, _plain(code)):
        return True
    used = db.session.execute(
        delete(RecoveryCode).where(
            RecoveryCode.member_id == step.member_id, RecoveryCode.code_hash == queries.hash_token(code)
        )
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def end_second_step(member_id: int) -> None:
    for table in (RecoveryCode, SecondStep):
        db.session.execute(delete(table).where(table.member_id == member_id))
    record(Verb.SECOND_STEP_ENDED, member_id)


def app_address(step: SecondStep, member: Member, issuer: str) -> str | None:
    """What the app scans; None where the key of this forum has changed since."""
    secret = _secret(step)
    name = member.email or member.phone or member.name
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer) if secret else None


def app_secret(step: SecondStep) -> str:
    """In groups of four, to type."""
    secret = _secret(step) or ""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _take_app_code(step: SecondStep, code: str) -> bool:
    """Each code is good once: who looked over the shoulder is too late."""
    secret, now = _secret(step), int(clock.now().timestamp()) // 30
    if secret is None or not code.isdigit():
        return False
    app = pyotp.TOTP(secret)
    for count in range(now - _TOLERANCE, now + _TOLERANCE + 1):
        if hmac.compare_digest(app.generate_otp(count), code):
            unused = SecondStep.member_id == step.member_id, SecondStep.last_count < count
            taken = db.session.execute(update(SecondStep).where(*unused).values(last_count=count))
            return bool(taken.rowcount == 1)  # type: ignore[attr-defined]
    return False


def _plain(code: str) -> str:
    """Digits as some keyboards send them, wide, and in groups."""
    return "".join(unicodedata.normalize("NFKC", code).split()) if code.isprintable() else ""


def _secret(step: SecondStep) -> str | None:
    try:
        return _fernet().decrypt(step.secret.encode()).decode()
    except InvalidToken:
        return None


def _fernet() -> Fernet:
    kept = current_app.extensions["settings"].secret_key.encode()
    return Fernet(base64.urlsafe_b64encode(HKDF(SHA256(), 32, None, b"second step").derive(kept)))

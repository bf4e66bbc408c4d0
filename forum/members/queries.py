"""Finding members and their one-time links."""

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import contains_eager

from forum.db import db
from forum.members.models import Member, PasswordLink, RecoveryCode, SecondStep
from forum.units.queries import AT_ONCE


def normalise_email(address: str) -> str:
    return address.strip().lower()


def normalise_phone(number: str) -> str | None:
    """Digits only, without the country code of mainland numbers; None if that is no phone number."""
    digits = re.sub(r"\D", "", number)
    if len(digits) in (13, 15) and digits.endswith(digits[-11:]) and digits[:-11].lstrip("0") == "86":
        digits = digits[-11:]
    return digits if 5 <= len(digits) <= 15 else None


# Asked with every request, so built once.
IS_SESSION = and_(Member.id == bindparam("identity"), Member.session_stamp == bindparam("stamp"))
_BY_SESSION = select(Member).where(IS_SESSION)


def member_by_session_id(session_id: str) -> Member | None:
    """None also once the member's stamp has changed, as it does with a new password."""
    named = parse_session_id(session_id)
    return db.session.scalar(_BY_SESSION, named) if named else None


def parse_session_id(session_id: str) -> dict[str, Any] | None:
    """The identity and stamp that it is made of, by these names."""
    identity, _, stamp = session_id.partition(".")
    return {"identity": int(identity), "stamp": stamp} if identity.isdigit() and len(identity) < 10 else None


def member_by_email(address: str) -> Member | None:
    return db.session.scalar(select(Member).where(Member.email == normalise_email(address)))


def member_seen_by(viewer: Member, member_id: int) -> Member | None:
    """Accounts as such, beside the classes they are in, are for administrators to see."""
    return db.session.get(Member, member_id) if viewer.is_administrator else None


def plain_login(login: str) -> str:
    """As an account would have it: what is typed in two ways is one thing."""
    return normalise_email(login) if "@" in login else normalise_phone(login) or login.strip()


def member_by_login(login: str) -> Member | None:
    """By e-mail address or phone number, as typed."""
    if "@" in login:
        return member_by_email(login)
    phone = normalise_phone(login)
    return db.session.scalar(select(Member).where(Member.phone == phone)) if phone else None


def members_by_contact(phones: Iterable[str], emails: Iterable[str]) -> list[Member]:
    """Everybody with one of these numbers or addresses, each as it is kept."""
    found: dict[int, Member] = {}
    for column, values in ((Member.phone, list(phones)), (Member.email, list(emails))):
        for start in range(0, len(values), AT_ONCE):
            batch = select(Member).where(column.in_(values[start : start + AT_ONCE]))
            found.update({member.id: member for member in db.session.scalars(batch)})
    return list(found.values())


def lock_members(member_ids: Collection[int]) -> None:
    """Their rows as they are now, held until the transaction ends: nobody sets a password meanwhile."""
    db.session.scalars(
        select(Member)
        .where(Member.id.in_(member_ids))
        .order_by(Member.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def password_link(token: str, now: datetime) -> PasswordLink | None:
    """The link, if it was not used and has not expired."""
    return db.session.scalar(
        select(PasswordLink)
        .join(PasswordLink.member)
        .options(contains_eager(PasswordLink.member))
        .where(
            Member.closed_at.is_(None),
            PasswordLink.token_hash == hash_token(token),
            PasswordLink.used_at.is_(None),
            PasswordLink.expires_at > now,
        )
    )


def password_links(tokens: Collection[str], now: datetime) -> dict[int, str]:
    """Of these tokens, those whose link still works, by member."""
    by_hash = {hash_token(token): token for token in tokens}
    found = db.session.execute(
        select(PasswordLink.member_id, PasswordLink.token_hash).where(
            PasswordLink.token_hash.in_(by_hash), PasswordLink.used_at.is_(None), PasswordLink.expires_at > now
        )
    )
    return {member_id: by_hash[token_hash] for member_id, token_hash in found}


def working_links(member_ids: Collection[int], now: datetime) -> dict[int, tuple[int, datetime]]:
    """Of these members, those who hold a link that still works: which one, and since when."""
    found = db.session.execute(
        select(PasswordLink.member_id, PasswordLink.id, PasswordLink.created_at)
        .where(PasswordLink.member_id.in_(member_ids), PasswordLink.used_at.is_(None), PasswordLink.expires_at > now)
        .order_by(PasswordLink.id)
    )
    return {member_id: (link_id, created_at) for member_id, link_id, created_at in found}


def hash_token(token: str) -> str:
    """Typed from paper, a token is the same in capitals, with spaces, or without its hyphens."""
    letters = "".join(letter for letter in token.lower() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


def second_step(member: Member) -> SecondStep | None:
    return db.session.get(SecondStep, member.id)


def confirmed_step(member: Member) -> SecondStep | None:
    """None where nothing but the password is asked for."""
    step = second_step(member)
    return step if step is not None and step.confirmed_at is not None else None


def recovery_codes_left(member: Member) -> int:
    return db.session.scalar(select(func.count()).where(RecoveryCode.member_id == member.id)) or 0

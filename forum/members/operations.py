"""Accounts and passwords."""

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import argon2
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.audit.models import Verb
from forum.audit.operations import Done, record, record_each
from forum.db import after_commit, db
from forum.errors import Refused
from forum.greenlets import aside
from forum.i18n import gettext as _
from forum.members import broadcasts, queries
from forum.members.models import Member, PasswordLink
from forum.members.tokens import new_token
from forum.text import is_blank, one_line, sort_key
from forum.units.models import Unit

LONGEST_NAME, LONGEST_EMAIL, LONGEST_POSITION = 120, 254, 200
LINK_LASTS, MAILED_LINK_LASTS = timedelta(days=14), timedelta(hours=1)
MINIMUM_LENGTH = 8

# OWASP's parameters: 22 ms, so that a class of 500 signs in within seconds.
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobodys_hash = _hasher.hash(secrets.token_hex(16))


def add_member(
    name: str,
    email: str | None = None,
    phone: str | None = None,
    unit: Unit | None = None,
    position: str = "",
    is_administrator: bool = False,
) -> Member:
    name = one_line(name)
    if is_blank(name):
        raise Refused(_("A member needs a name."))
    _require_length(name, LONGEST_NAME)
    _require_length(position, LONGEST_POSITION)
    address = queries.normalise_email(email) if email else None
    if address and not is_email_address(address):
        raise Refused(_("“%(value)s” is not an e-mail address.", value=address))
    if address and queries.member_by_email(address):
        raise Refused(_("There is already an account with the address %(email)s.", email=address))
    number = queries.normalise_phone(phone) if phone else None
    if phone and number is None:
        raise Refused(_("“%(phone)s” is not a phone number.", phone=phone))
    if number and queries.member_by_login(number):
        raise Refused(_("There is already an account with the phone number %(phone)s.", phone=number))
    member = Member(
        name=name,
        sort_key=sort_key(name),
        email=address,
        phone=number,
        unit_id=unit.id if unit else None,
        position=position,
        is_administrator=is_administrator,
        session_stamp=_new_stamp(),
    )
    db.session.add(member)
    db.session.flush()
    record(Verb.MEMBER_ADDED, member.id)
    return member


def write_account(member: Member, name: str, phone: str, email: str, position: str, **more: Any) -> None:
    """As typed; an empty phone number or address is none. `more`: other columns."""
    name = one_line(name)
    if is_blank(name):
        raise Refused(_("A member needs a name."))
    require_contact(phone, email)
    wanted = more | {"name": name, "position": one_line(position)}
    wanted |= {"phone": queries.normalise_phone(phone), "email": queries.normalise_email(email) or None}
    changed = [field for field, value in wanted.items() if getattr(member, field) != value]
    try:
        with db.session.begin_nested():
            for field in changed:
                setattr(member, field, wanted[field])
            member.sort_key = sort_key(name)
    except IntegrityError:
        words = _("Another account has this phone number or e-mail address already. Please check them.")
        raise Refused(words) from None
    if changed:
        record(Verb.MEMBER_CHANGED, member.id, fields=changed)


def require_contact(phone: str, email: str) -> None:
    """Each of them is either empty or right."""
    if phone and queries.normalise_phone(phone) is None:
        raise Refused(_("“%(phone)s” is not a phone number.", phone=phone))
    if email and not is_email_address(queries.normalise_email(email)):
        raise Refused(_("“%(value)s” is not an e-mail address.", value=email))


def is_email_address(address: str) -> bool:
    """Whether a letter could go there, as far as the form tells."""
    local, _at, domain = address.partition("@")
    plain = all(character.isprintable() and not character.isspace() for character in address)
    return bool(local and domain) and "@" not in domain and plain and len(address) <= LONGEST_EMAIL


def _require_length(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused(_("“%(start)s…” is longer than %(count)s characters.", start=text[:20], count=longest))


def verify_password(member: Member | None, password: str) -> bool:
    """Takes as long for an unknown member, so that nobody learns who has an account."""
    known = member.password_hash if member and member.password_hash else None
    return aside(_is_password, known or _nobodys_hash, password) and known is not None


def _is_password(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except argon2.exceptions.VerificationError:
        return False


def issue_password_link(member: Member, lasts: timedelta = LINK_LASTS) -> str:
    """A token for a one-time link; links issued before stop working."""
    return issue_password_links([member.id], lasts)[member.id]


def issue_password_links(
    member_ids: Collection[int], lasts: timedelta = LINK_LASTS, keep: bool = False
) -> dict[int, str]:
    """A token for each member, in two statements however many they are; links issued before stop working, unless
    anybody may ask for a new one."""
    if not member_ids:
        return {}
    now = clock.now()
    if not keep:
        void_password_links(member_ids)
    tokens = {member_id: new_token() for member_id in member_ids}
    same = {"created_at": now, "expires_at": now + lasts}
    db.session.execute(
        insert(PasswordLink),
        [same | {"member_id": key, "token_hash": queries.hash_token(token)} for key, token in tokens.items()],
    )
    record_each([Done(Verb.LINK_ISSUED, member_id) for member_id in member_ids])
    return tokens


def void_password_links(member_ids: Collection[int]) -> None:
    """Those of these members that nobody has used stop working: whoever holds one was to come into less than what is
    given to its member now."""
    db.session.execute(
        update(PasswordLink)
        .where(PasswordLink.member_id.in_(member_ids), PasswordLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


class LinkUsed(Refused):
    """Somebody has been through this one-time link."""


def use_password_link(link: PasswordLink, password_hash: str, login: str = "") -> Member:
    """Set the password of the link's member, and what to sign in with where there is nothing yet. The link is taken
    once, whoever is first."""
    if link.member.has_no_login:
        _give_login(link.member, login)
    set_password(link.member, password_hash)
    taken = db.session.execute(
        update(PasswordLink)
        .where(PasswordLink.id == link.id, PasswordLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkUsed(_("This link has been used already."))
    void_password_links([link.member_id])
    note_first_sign_in(link.member_id)
    return link.member


def _give_login(member: Member, login: str) -> None:
    """A phone number or an address, as typed, that no other account has."""
    if "@" in login and is_email_address(login.strip()):
        field, value = "email", queries.normalise_email(login)
    elif "@" not in login and (phone := queries.normalise_phone(login)):
        field, value = "phone", phone
    else:
        raise Refused(_("Please enter a phone number or an e-mail address: you sign in with it later."))
    try:
        with db.session.begin_nested():
            setattr(member, field, value)
    except IntegrityError:
        words = _("Another account has %(login)s already. Enter another one, or ask your organiser.", login=value)
        raise Refused(words) from None


def note_sign_in(member_id: int) -> None:
    record(Verb.SIGNED_IN, member_id, actor_id=member_id)
    note_first_sign_in(member_id)


def note_first_sign_in(member_id: int) -> None:
    """When the member came in for the first time; afterwards it stays as it is."""
    db.session.execute(
        update(Member)
        .where(Member.id == member_id, Member.first_signed_in_at.is_(None))
        .values(first_signed_in_at=clock.now())
    )


def hash_password(password: str) -> str:
    """Takes its 22 ms: done before the transaction that stores it begins, so that no writer waits for it."""
    if len(password) < MINIMUM_LENGTH:
        raise Refused(_("Please choose at least %(count)s characters.", count=MINIMUM_LENGTH))
    return aside(_hasher.hash, password)


def set_password(member: Member, password_hash: str) -> None:
    """A new password signs the member out everywhere else."""
    member.password_hash = password_hash
    _end_sessions(member)
    if member.id is not None:
        record(Verb.PASSWORD_SET, member.id)


def sign_out_everywhere(member: Member) -> None:
    _end_sessions(member)
    record(Verb.SIGNED_OUT_EVERYWHERE, member.id)


def _end_sessions(member: Member) -> None:
    """Every session and every API token there is ends; live pages are closed."""
    member.session_stamp = _new_stamp()
    if member.id is not None:
        after_commit(broadcasts.signed_out_everywhere, member.id)


def choose_language(member: Member, language: str) -> None:
    member.locale = language


def _new_stamp() -> str:
    return secrets.token_hex(8)

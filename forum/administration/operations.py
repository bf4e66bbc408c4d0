"""Accounts, changed by an administrator."""

from forum import clock
from forum.administration import queries
from forum.api.operations import revoke_tokens
from forum.audit.models import Verb
from forum.audit.operations import record
from forum.classes.revisions import touch_rosters_of
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.members.operations import require_contact, sign_out_everywhere, void_password_links, write_account
from forum.members.queries import lock_members, normalise_email, normalise_phone
from forum.units.operations import ensure_unit


def change_member(
    administrator: Member, member: Member, name: str, phone: str, email: str, position: str, unit: str
) -> None:
    """`unit` is a path, made where it is new. Enrolments keep theirs, so no figure moves."""
    _require_here(member)
    if member.is_administrator and member.id != administrator.id:
        _require_same_contact(member, phone, email)
    write_account(member, name, phone, email, position, unit_id=ensure_unit(unit).id if unit else None)
    touch_rosters_of(member)


def _require_same_contact(member: Member, phone: str, email: str) -> None:
    """A link by mail to an address of one's choice would be a way into the account."""
    require_contact(phone, email)
    if (normalise_phone(phone), normalise_email(email) or None) != (member.phone, member.email):
        raise Refused(
            _("Another administrator’s phone number and e-mail address lead into the account: only they change them.")
        )


def close_account(member: Member) -> None:
    """Nobody comes in with it, by password, link or token, until it is opened again."""
    _require_here(member)
    if member.is_administrator:
        raise Refused(_("An administrator’s account is not closed. Take the right away first."))
    if member.closed_at is None:
        member.closed_at = clock.now()
        void_password_links([member.id])
        sign_out_everywhere(member)
        record(Verb.ACCOUNT_CLOSED, member.id)


def reopen_account(member: Member) -> None:
    _require_here(member)
    if member.closed_at is not None:
        member.closed_at = None
        record(Verb.ACCOUNT_REOPENED, member.id)


def give_administrator(member: Member) -> None:
    """Links and API tokens made before are void: whoever holds one was to come into less."""
    _require_here(member)
    if member.closed_at is not None:
        raise Refused(_("This account has been closed."))
    if not member.is_administrator:
        member.is_administrator = True
        void_password_links([member.id])
        revoke_tokens(member)
        record(Verb.ADMINISTRATOR_GIVEN, member.id)


def take_administrator(member: Member) -> None:
    """Never from the last one."""
    administrators = queries.lock_administrators()
    db.session.refresh(member)
    if set(administrators) <= {member.id}:
        raise Refused(_("This is the only administrator. Make somebody else one first."))
    if member.is_administrator:
        member.is_administrator = False
        sign_out_everywhere(member)
        record(Verb.ADMINISTRATOR_TAKEN, member.id)


def _require_here(member: Member) -> None:
    lock_members([member.id])
    if member.retired_at is not None:
        raise Refused(_("This member has been retired: there is no account any more."))

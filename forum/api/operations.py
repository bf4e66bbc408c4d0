"""Making, using and revoking tokens."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from forum import clock
from forum.api import queries
from forum.api.models import LONGEST_NAME, ApiToken, Scope
from forum.audit.models import Verb
from forum.audit.operations import Done, record, record_each
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.text import is_blank, one_line

MOST_TOKENS = 20
# How old the noted last use may be: reading does not write each time.
NOTED_EVERY = timedelta(minutes=1)
# So that whoever finds one in a file, or searches files for them, knows it for what it is.
_PREFIX = "forum_"


def add_token(member: Member, name: str, scope: Scope) -> str:
    """The token itself, which is nowhere kept: it is shown this once."""
    if member.closed_at is not None:
        raise Refused(_("This account has been closed."))
    name = one_line(name)
    if is_blank(name):
        raise Refused(_("Please give the token a name, so that you know later what it is for."))
    if len(name) > LONGEST_NAME:
        raise Refused(_("Please write at most %(max)d characters.", max=LONGEST_NAME))
    tokens = queries.tokens_of(member)
    if any(token.name == name for token in tokens):
        raise Refused(_("You have a token of this name already. Give the new one another name."))
    if len(tokens) >= MOST_TOKENS:
        raise Refused(_("You have %(count)s tokens already. Revoke one that is no longer used.", count=MOST_TOKENS))
    secret = _PREFIX + secrets.token_urlsafe(32)
    db.session.add(
        ApiToken(
            member_id=member.id,
            name=name,
            digest=queries.digest_of(secret),
            scope=scope,
            session_stamp=member.session_stamp,
            created_at=clock.now(),
        )
    )
    db.session.flush()
    record(Verb.TOKEN_MADE, member.id, scope=scope)
    return secret


def revoke_token(token: ApiToken) -> None:
    token.revoked_at = token.revoked_at or clock.now()
    record(Verb.TOKEN_REVOKED, token.member_id, token=token.id)


def revoke_tokens(member: Member) -> None:
    """All that work: what they open is more from now on than they were made for."""
    tokens = queries.tokens_of(member)
    for token in tokens:
        token.revoked_at = clock.now()
    record_each([Done(Verb.TOKEN_REVOKED, member.id, details={"token": token.id}) for token in tokens])


def note_use(token_id: int) -> None:
    """That the token is in use now, unless it was noted lately."""
    now = clock.now()
    lately = ApiToken.last_used_at > now - NOTED_EVERY
    db.session.execute(
        sa.update(ApiToken)
        .where(ApiToken.id == token_id, sa.or_(ApiToken.last_used_at.is_(None), ~lately))
        .values(last_used_at=now)
    )

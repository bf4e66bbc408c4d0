"""The signed token of the link in each mail with which its reader ends them, signed in or not."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from forum.db import db
from forum.members.models import Member


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="unsubscribe")


def unsubscribe_token(member_id: int) -> str:
    token = _signer().dumps(member_id)
    return token if isinstance(token, str) else token.decode()


def member_of_token(token: str) -> Member | None:
    try:
        member_id = _signer().loads(token)
    except BadSignature:
        return None
    return db.session.get(Member, member_id) if isinstance(member_id, int) else None

"""How often a person may post, search and upload; who is not signed in is counted by address."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar

import limits
from flask import Flask, abort, current_app, request, session

from forum.members.models import Member
from forum.throttle import Left, Throttle

View = TypeVar("View", bound=Callable[..., Any])


def limited(name: str) -> Callable[[View], View]:
    """Marks a view that is held to the limit of this name; one that takes a text or a file is held to theirs."""

    def mark(view: View) -> View:
        view.limited = name  # type: ignore[attr-defined]
        return view

    return mark


def throttle() -> Throttle:
    kept: Throttle = current_app.extensions["throttle"]
    return kept


def limit(name: str) -> limits.RateLimitItem:
    return limits.parse(getattr(current_app.extensions["settings"], name))


def require_left(left: Left) -> None:
    """429 where this was one too many, with how long to wait."""
    if not left.is_allowed:
        abort(429, retry_after=left.seconds)


def address() -> str:
    """Whence the request comes. Of IPv6 the network, since each customer has all the addresses of one."""
    sent = request.remote_addr or ""
    try:
        known = ip_address(sent)
    except ValueError:
        return sent
    if not isinstance(known, IPv6Address) or known.ipv4_mapped:
        return str(getattr(known, "ipv4_mapped", None) or known)
    return str(IPv6Address(int(known) >> 64 << 64))


def init_limiting(app: Flask) -> None:
    """After CSRFProtect's: what another site sends in somebody's name is not counted as theirs."""

    @app.before_request
    def hold_back() -> None:
        name = _limit_of(app.view_functions.get(request.endpoint or ""))
        if name and (left := throttle().refuse(limit(name), name, _who())):
            require_left(left)


def refuse_post(member: Member) -> Left | None:
    """One more post by the member, wherever it comes from: None where it is allowed."""
    return throttle().refuse(limit("post_limit"), "post_limit", _named(member.get_id()))


def _limit_of(view: Any) -> str | None:
    if request.method == "POST" and hasattr(view, "takes_text"):
        return "post_limit"
    if request.method == "POST" and hasattr(view, "takes_file"):
        return "upload_limit"
    name: str | None = getattr(view, "limited", None)
    return name


def _who() -> str:
    """From the signed session, without asking the database: one that has ended counts for itself, so that whoever holds
    it uses up nothing of the member's."""
    session_id = str(session.get("_user_id", ""))
    return _named(session_id) if session_id else f"address {address()}"


def _named(session_id: str) -> str:
    return f"member {session_id}"

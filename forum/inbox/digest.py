"""The mail with what a member was told and has not read. What is in it is claimed and committed before it goes out: it
is never sent twice, and where a process ends in between, it stands on the page only."""

from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage

import sqlalchemy as sa
from flask import current_app, render_template, url_for
from flask_babel import force_locale

from forum import clock
from forum.config import Settings
from forum.db import db
from forum.i18n import ngettext
from forum.inbox import queries
from forum.inbox.rows import NotificationRow
from forum.mail import addressed
from forum.members.models import Member
from forum.notifications.models import Notification
from forum.notifications.unsubscribing import unsubscribe_token

MOST_IN_A_LETTER = 50
_AS_IT_IS = {"synchronize_session": False}


def due(now: datetime) -> list[int]:
    """The ids of the members for whom a letter is due."""

    def last_passed(hour: int, zone: str) -> datetime:
        return hour_last_passed(hour, zone, now)

    return queries.due_letters(now, _settings().default_timezone, last_passed)


def hour_last_passed(hour: int, zone: str, now: datetime) -> datetime:
    """When the clocks there showed this full hour last."""
    here = clock.zone(zone)
    day = now.astimezone(here).date()
    today, before = (datetime.combine(day - timedelta(days=ago), time(hour), here).astimezone(UTC) for ago in (0, 1))
    return today if today <= now else before


def claim(member_id: int, now: datetime) -> list[NotificationRow]:
    """What the member is to be told; whoever asks next gets nothing of it. To be committed before it is sent."""
    member = db.session.get_one(Member, member_id)
    rows = queries.notifications_of(member, queries.to_mail(now), limit=MOST_IN_A_LETTER)
    unclaimed = Notification.id.in_([row.id for row in rows]), Notification.mailed_at.is_(None)
    taken = sa.update(Notification).where(*unclaimed).values(mailed_at=now).returning(Notification.id)
    ours = set(db.session.scalars(taken, execution_options=_AS_IT_IS))
    return [row for row in rows if row.id in ours]


def release(rows: list[NotificationRow]) -> None:
    """The letter was not taken, so what is in it is to be sent again."""
    theirs = Notification.id.in_([row.id for row in rows])
    db.session.execute(sa.update(Notification).where(theirs).values(mailed_at=None), execution_options=_AS_IT_IS)


def letter(member_id: int, rows: list[NotificationRow], now: datetime) -> EmailMessage:
    """In the member's language, as text and as HTML."""
    member, settings = db.session.get_one(Member, member_id), _settings()
    language = member.locale or settings.default_locale
    with current_app.test_request_context(base_url=settings.base_url), force_locale(language):
        way_out = url_for("notifications.ask_to_unsubscribe", token=unsubscribe_token(member.id), _external=True)
        words = {"rows": rows, "name": member.name, "way_out": way_out, "language": language}
        made = addressed(settings, _subject(rows), (member.name, member.email or ""), now)
        made["List-Unsubscribe"] = f"<{way_out}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        made.set_content(render_template("email/digest.txt", **words))
        made.add_alternative(render_template("email/digest.html", **words), subtype="html")
    return made


def _subject(rows: list[NotificationRow]) -> str:
    if len(rows) == 1:
        return rows[0].words
    return ngettext("%(num)s notification", "%(num)s notifications", len(rows))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

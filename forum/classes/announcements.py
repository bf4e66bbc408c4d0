"""Telling the class: publishing, changing and withdrawing announcements."""

from typing import Any

from forum import clock
from forum.audit.models import Verb
from forum.audit.operations import record
from forum.classes import queries
from forum.classes.archive import require_not_archived
from forum.classes.models import Announcement, TrainingClass
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.text import clean_source, is_blank, markdown_to_html, one_line

LONGEST_TITLE, LONGEST_BODY = 200, 20_000
LONGEST_HTML = 10 * LONGEST_BODY


def publish_announcement(author: Member, training_class: TrainingClass, title: str, body: str) -> Announcement:
    """Sent twice, as by a second press of the button, the same words are published once."""
    title, body, html = _checked(title, body)
    require_not_archived(queries.lock_class(training_class))
    latest = queries.latest_announcements(training_class, 1)
    if latest and (latest[0].author_id, latest[0].title, latest[0].body) == (author.id, title, body):
        return latest[0]
    announcement = Announcement(class_id=training_class.id, author_id=author.id, title=title, body=body, html=html)
    db.session.add(announcement)
    db.session.flush()
    return announcement


def edit_announcement(training_class: TrainingClass, announcement: Announcement, title: str, body: str) -> None:
    require_not_archived(training_class)
    title, body, html = _checked(title, body)
    if announcement.withdrawn_at is not None:
        raise Refused(_("Somebody has withdrawn this announcement meanwhile. Your text is still here."))
    said = {"title": title, "body": body}
    if changed := [field for field, text in said.items() if getattr(announcement, field) != text]:
        announcement.title, announcement.body, announcement.html = title, body, html
        announcement.edited_at = clock.now()
        _record(Verb.ANNOUNCEMENT_CHANGED, announcement, fields=changed)


def withdraw_announcement(announcement: Announcement) -> None:
    """Nobody reads it any more. Of an archived class, too: what must not be read any longer does not wait."""
    if announcement.withdrawn_at is None:
        announcement.withdrawn_at = clock.now()
        _record(Verb.ANNOUNCEMENT_WITHDRAWN, announcement)


def _record(verb: Verb, announcement: Announcement, **details: Any) -> None:
    record(verb, announcement.author_id, announcement.class_id, announcement=announcement.id, **details)


def render_announcement(body: str) -> str:
    html = markdown_to_html(body)
    if len(html) > LONGEST_HTML:
        raise Refused(_("This text has more tables or quotations than a page can show. Please make it simpler."))
    return html


def _checked(title: str, body: str) -> tuple[str, str, str]:
    title, body = one_line(title), clean_source(body)
    if is_blank(title):
        raise Refused(_("Please give a title."))
    if len(title) > LONGEST_TITLE:
        raise Refused(_("The title is longer than %(count)s characters.", count=LONGEST_TITLE))
    if is_blank(body):
        raise Refused(_("Please write something first."))
    if len(body) > LONGEST_BODY:
        raise Refused(_("The text is longer than %(count)s characters.", count=LONGEST_BODY))
    return title, body, render_announcement(body)

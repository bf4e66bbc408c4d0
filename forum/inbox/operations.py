"""Telling many at once: a discussion opens, closes soon, or somebody asks those who have not been heard yet."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from forum import clock
from forum.db import after_commit
from forum.discussions.broadcasts import notifications_changed
from forum.discussions.models import Discussion, State
from forum.discussions.queries import lock_discussion
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.inbox import queries
from forum.members.models import Member
from forum.notifications.models import Kind
from forum.notifications.operations import begin_round, notify
from forum.notifications.queries import latest_round

# That it closes is told so long before, but not in the first three quarters of its time.
CLOSES_SOON, OF_ITS_TIME = timedelta(hours=24), 4


def tell_openings(now: datetime) -> None:
    """To its trainees and to the instructors, once."""
    for discussion in queries.opened_untold(now):
        _tell_once(Kind.OPENING, discussion, queries.audience_of)


def tell_closings(now: datetime) -> None:
    """To its trainees who have not spoken, once, whatever becomes of the closing time."""
    for discussion in queries.closing_untold(now, CLOSES_SOON):
        if closes_soon(discussion, now):
            _tell_once(Kind.CLOSING, discussion, queries.silent_in)


def closes_soon(discussion: Discussion, now: datetime) -> bool:
    if discussion.closes_at is None:
        return False
    lasts = discussion.closes_at - (discussion.opens_at or discussion.created_at)
    return discussion.closes_at - now <= min(CLOSES_SOON, lasts / OF_ITS_TIME)


def remind(by: Member, discussion: Discussion) -> int:
    """Those of its trainees who have not spoken, once a day of the class; how many they are."""
    held, now = lock_discussion(discussion.id), clock.now()
    if held.state_at(now) is not State.OPEN:
        raise Refused(_("The discussion is not open."))
    zone = held.training_class.zone
    if not begin_round(held.id, Kind.REMINDER, by, now.astimezone(zone).date().isoformat()):
        last = latest_round(held.id, Kind.REMINDER)
        assert last is not None
        at = last.created_at.astimezone(zone).strftime("%H:%M")
        name = last.by.name if last.by else ""
        words = _("%(name)s has reminded them today at %(time)s. Once a day is enough.", name=name, time=at)
        raise Refused(words)
    told = _tell(Kind.REMINDER, held, queries.silent_in, actor_id=by.id)
    if not told:
        raise Refused(_("There is nobody to remind: all have spoken, or want no reminders."))
    return told


def _tell_once(kind: Kind, discussion: Discussion, whom: Callable[[Discussion], Any]) -> None:
    if begin_round(discussion.id, kind):
        _tell(kind, discussion, whom)


def _tell(kind: Kind, discussion: Discussion, whom: Callable[[Discussion], Any], **told: Any) -> int:
    members = notify(kind, whom(discussion), discussion.id, **told)
    if members:
        after_commit(notifications_changed, *members)
    return len(members)

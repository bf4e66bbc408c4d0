"""When one can check in at an activity, and from when on it can be recorded who was there."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from forum import clock
from forum.classes.archive import require_not_archived
from forum.classes.models import Activity, TrainingClass
from forum.errors import Refused
from forum.i18n import gettext as _

EARLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Check-in by code: from an hour before an activity begins until it ends, or until that day does."""

    opens_at: datetime
    closes_at: datetime


def window_of(activity: Activity, zone: tzinfo) -> Window | None:
    """None where its time is not fixed."""
    starts_at = activity.starts_at
    if starts_at is None:
        return None
    midnight = clock.start_of(starts_at.astimezone(zone).date() + timedelta(days=1), zone)
    return Window(starts_at - EARLY, activity.ends_at or midnight)


def require_check_in_open(training_class: TrainingClass, activity: Activity, now: datetime) -> None:
    require_not_archived(training_class)
    window = window_of(activity, training_class.zone)
    if window is None:
        raise Refused(_("Its time is not fixed yet, so nobody can check in by code."))
    if now < window.opens_at:
        raise Refused(_("Check-in opens an hour before it begins."))
    if now >= window.closes_at:
        raise Refused(_("Check-in has closed. If you were there, ask an organiser to put you on the list."))


def require_recordable(training_class: TrainingClass, activity: Activity, now: datetime) -> None:
    """The list may be filled in afterwards, and never beforehand."""
    require_not_archived(training_class)
    if activity.starts_at and now < activity.starts_at - EARLY:
        raise Refused(_("It has not begun yet: who is there can be recorded from an hour before."))

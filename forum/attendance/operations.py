"""Putting down who was there and who spoke, and taking it back."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.attendance import queries
from forum.attendance.models import LONGEST_TOPIC, MOST_MINUTES, Attendance, Speech, Way
from forum.attendance.window import require_check_in_open, require_recordable
from forum.classes.models import Activity, Enrolment, TrainingClass
from forum.classes.queries import get_enrolment, person_of
from forum.classes.revisions import touch_attendance
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.text import one_line


@dataclass(frozen=True, slots=True)
class Ticks:
    """What a list says otherwise than when it was shown: members now ticked, and no longer ticked."""

    present: Collection[int] = ()
    absent: Collection[int] = ()
    spoke: Collection[int] = ()
    silent: Collection[int] = ()


def check_in(member: Member, training_class: TrainingClass, activity: Activity) -> None:
    """By the code in the room. Once more changes nothing, and is never too late."""
    if queries.get_attendance(activity, member.id) is not None:
        return
    require_check_in_open(training_class, activity, clock.now())
    enrolment = get_enrolment(member, training_class.id)
    if enrolment is None or not enrolment.is_active:
        raise Refused(_("You are not in this class."))
    _put_down(activity, enrolment, Way.CODE, by=None)
    touch_attendance(activity.class_id)


def record_roll(recorder: Member, training_class: TrainingClass, activity: Activity, ticks: Ticks) -> None:
    """Only what was ticked or unticked changes, whatever others have put down meanwhile. Who spoke was there."""
    require_recordable(training_class, activity, clock.now())
    queries.lock_activity(activity)
    entries = {entry.enrolment.member_id: entry for entry in queries.roll(activity) if not entry.is_fixed}
    for member_id in {*ticks.present, *ticks.spoke} & entries.keys():
        row = _put_down(activity, entries[member_id].enrolment, Way.LIST, recorder)
        if member_id in ticks.spoke and not entries[member_id].has_spoken:
            _put_down_speech(row, recorder)
    for member_id in set(ticks.silent) & entries.keys():
        _take_back_speech(activity, entries[member_id])
    for member_id in set(ticks.absent) & entries.keys() - set(ticks.spoke):
        if entries[member_id].has_spoken and member_id not in ticks.silent:
            name = entries[member_id].enrolment.member.name
            raise Refused(_("%(name)s spoke, and so was there. Take “spoke” back first.", name=name))
        _take_off(activity, member_id)
    db.session.flush()
    touch_attendance(activity.class_id)


def add_speech(
    recorder: Member,
    training_class: TrainingClass,
    activity: Activity,
    member_id: int,
    topic: str = "",
    minutes: int | None = None,
) -> Speech:
    """One more, with what it was about."""
    require_recordable(training_class, activity, clock.now())
    topic = one_line(topic)
    if len(topic) > LONGEST_TOPIC:
        raise Refused(_("The topic is longer than %(count)s characters.", count=LONGEST_TOPIC))
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Refused(_("Please give the minutes as a number from 1 to %(count)s.", count=MOST_MINUTES))
    enrolment = person_of(training_class, member_id)
    if enrolment is None or not enrolment.is_active:
        raise Refused(_("That person is not in the class any more."))
    speech = _put_down_speech(_put_down(activity, enrolment, Way.LIST, recorder), recorder, topic, minutes)
    touch_attendance(activity.class_id)
    return speech


def remove_speech(training_class: TrainingClass, activity: Activity, speech: Speech) -> None:
    """That they were there stays."""
    require_recordable(training_class, activity, clock.now())
    db.session.delete(speech)
    db.session.flush()
    touch_attendance(activity.class_id)


def _put_down(activity: Activity, enrolment: Enrolment, way: Way, by: Member | None) -> Attendance:
    """Whoever is down already stays as they are, also if they come by another way in the same moment."""
    known = queries.get_attendance(activity, enrolment.member_id)
    if known is not None:
        return known
    row = Attendance(
        activity_id=activity.id,
        member_id=enrolment.member_id,
        class_id=activity.class_id,
        role=enrolment.role,
        way=way,
        checked_in_at=clock.now(),
        by_id=by.id if by else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        known = queries.get_attendance(activity, enrolment.member_id)
        if known is None:
            raise
        return known
    return row


def _put_down_speech(there: Attendance, recorder: Member, topic: str = "", minutes: int | None = None) -> Speech:
    speech = Speech(
        activity_id=there.activity_id,
        member_id=there.member_id,
        class_id=there.class_id,
        role=there.role,
        topic=topic,
        minutes=minutes,
        recorded_by_id=recorder.id,
        recorded_at=clock.now(),
    )
    db.session.add(speech)
    db.session.flush()
    return speech


def _take_back_speech(activity: Activity, entry: queries.RollEntry) -> None:
    """A single one of which nothing is noted: more is taken back one by one, where it can be read."""
    if entry.speeches > 1 or entry.noted:
        words = _("What %(name)s said is noted. Take it back on their own page.", name=entry.enrolment.member.name)
        raise Refused(words)
    for speech in queries.speeches_of(activity, entry.enrolment.member_id):
        db.session.delete(speech)
    db.session.flush()


def _take_off(activity: Activity, member_id: int) -> None:
    row = queries.get_attendance(activity, member_id)
    if row is not None:
        db.session.delete(row)

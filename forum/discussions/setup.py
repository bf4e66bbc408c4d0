"""Setting discussions up: adding, editing, opening, closing, extending. Each change holds the discussion's row and
raises its revision, so that every page of it is shown anew."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from forum import clock
from forum.audit.models import Verb
from forum.audit.operations import changed_fields, record
from forum.classes.archive import require_not_archived
from forum.classes.models import Activity, Group, TrainingClass
from forum.classes.revisions import digest_of, require_unchanged, touch_roster
from forum.db import after_commit, db
from forum.discussions import broadcasts, queries
from forum.discussions.counting import count_left_out
from forum.discussions.models import Audience, Discussion, Stage, State
from forum.discussions.rendering import render_typed
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.text import is_blank, one_line

LONGEST_TITLE, LONGEST_PROMPT = 300, 20_000
_SAID = ("title", "prompt", "stage", "activity_id", "audience", "opens_at", "closes_at", "post_first")


class LeavesOut(Refused):
    """Some who have written would no longer see the discussion: to be confirmed, not forbidden."""


def add_discussion(
    training_class: TrainingClass,
    title: str,
    stage: Stage,
    prompt: str = "",
    activity: Activity | None = None,
    groups: Collection[Group] = (),
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    post_first: bool = False,
) -> Discussion:
    """For the class, or for the given groups."""
    require_not_archived(training_class)
    discussion = Discussion(class_id=training_class.id)
    _write(discussion, title, stage, prompt, activity, groups, opens_at, closes_at, post_first)
    db.session.add(discussion)
    db.session.flush()
    _record(Verb.DISCUSSION_ADDED, discussion)
    return discussion


def _said(discussion: Discussion) -> dict[str, Any]:
    """What the form of a discussion shows."""
    groups = sorted(group.id for group in discussion.groups)
    return {field: getattr(discussion, field) for field in _SAID} | {"groups": groups}


def dated(discussion: Discussion) -> str:
    """A digest of what its form shows: its revision rises with every post, too."""
    return digest_of(*_said(discussion).values())


def edit_discussion(
    discussion: Discussion,
    groups: Collection[Group],
    confirmed: bool = False,
    shown: str | None = None,
    **said: Any,
) -> None:
    """With all that `add_discussion` is told. Whom new groups leave out no longer sees the discussion; their posts
    stay, and count. `shown` is how it was `dated` when the form was opened."""
    held, now = _hold(discussion)
    require_unchanged(shown, dated(held))
    closes_at: datetime | None = said["closes_at"]
    if closes_at is not None and closes_at != held.closes_at and closes_at <= now:
        raise Refused(_("The closing time has passed already."))
    left_out = count_left_out(held, groups)
    if left_out and not confirmed:
        words = ngettext(
            "%(num)s person who wrote here would no longer see the discussion. What they wrote stays and counts.",
            "%(num)s people who wrote here would no longer see the discussion. What they wrote stays and counts.",
            left_out,
        )
        raise LeavesOut(words)
    _remember_first_closing(held, now)
    before = _said(held)
    _write(held, groups=groups, **said)
    _changed(held, Verb.DISCUSSION_CHANGED, fields=changed_fields(before, _said(held)))
    after_commit(broadcasts.audience_changed, held.id)


def open_discussion(discussion: Discussion, closes_at: datetime | None = None) -> None:
    """Open now, until `closes_at`. What is written after a first closing stays late."""
    held, now = _hold(discussion)
    if closes_at is not None and closes_at <= now:
        raise Refused(_("The closing time has passed already."))
    _remember_first_closing(held, now)
    held.opens_at = now if held.opens_at is None or held.opens_at > now else held.opens_at
    held.closes_at = closes_at
    _changed(held, Verb.DISCUSSION_OPENED)


def close_discussion(discussion: Discussion) -> None:
    held, now = queries.lock_discussion(discussion.id), clock.now()
    if held.state_at(now) is not State.OPEN:
        raise Refused(_("The discussion is not open."))
    held.closes_at = now
    held.first_closed_at = held.first_closed_at or now
    _changed(held, Verb.DISCUSSION_CLOSED)


def extend_discussion(discussion: Discussion, to: datetime | timedelta) -> None:
    """To a later closing time, or by so much; one that has closed meanwhile is opened again, or stays closed."""
    held, now = _hold(discussion)
    if held.state_at(now) is State.CLOSED:
        raise Refused(_("The discussion has closed. Open it again if it shall go on."))
    if held.state_at(now) is State.UPCOMING:
        raise Refused(_("The discussion is not open."))
    if held.closes_at is None:
        raise Refused(_("The discussion has no closing time, so it stays open."))
    closes_at = held.closes_at + to if isinstance(to, timedelta) else to
    if closes_at <= now:
        raise Refused(_("The closing time has passed already."))
    if closes_at <= held.closes_at:
        raise Refused(_("The discussion is open longer than that already. Change its times to make it shorter."))
    held.closes_at = closes_at
    _changed(held, Verb.DISCUSSION_EXTENDED)


def delete_discussion(discussion: Discussion) -> None:
    """One in which nobody has ever written. Its id may be given again, so what pages keep of it is old."""
    held, _now = _hold(discussion)
    if held.last_number:
        raise Refused(_("Somebody has written here, so the discussion stays."))
    _record(Verb.DISCUSSION_DELETED, held)
    db.session.delete(held)
    db.session.flush()
    touch_roster(held.class_id)


def _hold(discussion: Discussion) -> tuple[Discussion, datetime]:
    held = queries.lock_discussion(discussion.id)
    require_not_archived(held.training_class)
    return held, clock.now()


def _record(verb: Verb, discussion: Discussion, **details: Any) -> None:
    record(verb, class_id=discussion.class_id, discussion=discussion.id, **details)


def _changed(held: Discussion, verb: Verb, **details: Any) -> None:
    held.revision += 1
    _record(verb, held, **details)
    after_commit(broadcasts.discussion_changed, held.id)


def _remember_first_closing(discussion: Discussion, now: datetime) -> None:
    """A closing time that had passed when it was set, before anybody wrote, was a slip and closed nothing."""
    closing = discussion.closes_at
    if closing is None or closing > now or discussion.first_closed_at is not None:
        return
    if discussion.last_number or closing > discussion.created_at:
        discussion.first_closed_at = closing


def _write(
    discussion: Discussion,
    title: str,
    stage: Stage,
    prompt: str,
    activity: Activity | None,
    groups: Collection[Group],
    opens_at: datetime | None,
    closes_at: datetime | None,
    post_first: bool,
) -> None:
    title = one_line(title)
    if is_blank(title):
        raise Refused(_("Please give a title."))
    if len(title) > LONGEST_TITLE:
        raise Refused(_("The title is longer than %(count)s characters.", count=LONGEST_TITLE))
    if len(prompt) > LONGEST_PROMPT:
        raise Refused(_("The text is longer than %(count)s characters.", count=LONGEST_PROMPT))
    if opens_at and closes_at and closes_at <= opens_at:
        raise Refused(_("It would close before it opens."))
    discussion.title, discussion.stage = title, stage
    discussion.prompt, discussion.prompt_html = prompt, render_typed(prompt)
    discussion.activity_id = activity.id if activity else None
    discussion.audience, discussion.groups = Audience.GROUPS if groups else Audience.CLASS, list(groups)
    discussion.opens_at, discussion.closes_at, discussion.post_first = opens_at, closes_at, post_first

"""Setting discussions up: adding, opening, closing. Each change holds the discussion's row and raises its revision."""

from datetime import datetime

from forum import clock
from forum.classes.models import Activity, Group, TrainingClass
from forum.db import db
from forum.discussions import queries
from forum.discussions.models import Audience, Discussion, Stage, State
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.text import markdown_to_html


def add_discussion(
    training_class: TrainingClass,
    title: str,
    stage: Stage,
    prompt: str = "",
    activity: Activity | None = None,
    groups: list[Group] | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    post_first: bool = False,
) -> Discussion:
    """For the class, or for the given groups."""
    if opens_at and closes_at and closes_at <= opens_at:
        raise Refused(_("The discussion would close before it opens."))
    discussion = Discussion(
        class_id=training_class.id,
        activity_id=activity.id if activity else None,
        stage=stage,
        title=title,
        prompt=prompt,
        prompt_html=markdown_to_html(prompt),
        audience=Audience.GROUPS if groups else Audience.CLASS,
        groups=groups or [],
        opens_at=opens_at,
        closes_at=closes_at,
        post_first=post_first,
    )
    db.session.add(discussion)
    db.session.flush()
    return discussion


def open_discussion(discussion: Discussion, closes_at: datetime | None = None) -> None:
    """Open now, until `closes_at`. What is written after a first closing stays late."""
    held, now = queries.lock_discussion(discussion.id), clock.now()
    if held.training_class.is_archived:
        raise Refused(_("The class is archived."))
    if closes_at is not None and closes_at <= now:
        raise Refused(_("The closing time has passed already."))
    _remember_first_closing(held, now)
    held.opens_at = now if held.opens_at is None or held.opens_at > now else held.opens_at
    held.closes_at = closes_at
    held.revision += 1


def close_discussion(discussion: Discussion) -> None:
    held, now = queries.lock_discussion(discussion.id), clock.now()
    if held.state_at(now) is not State.OPEN:
        raise Refused(_("The discussion is not open."))
    held.closes_at = now
    _remember_first_closing(held, now)
    held.revision += 1


def _remember_first_closing(discussion: Discussion, now: datetime) -> None:
    if discussion.first_closed_at is None and discussion.closes_at is not None and discussion.closes_at <= now:
        discussion.first_closed_at = discussion.closes_at

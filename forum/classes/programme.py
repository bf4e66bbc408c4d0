"""Changing the programme of a class: its activities, and the links that go with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError

from forum.attachments.models import Attachment
from forum.attachments.operations import drop_files_of, require_few
from forum.classes.archive import require_not_archived
from forum.classes.models import Activity, ActivityKind, Material, TrainingClass
from forum.classes.revisions import touch_roster
from forum.db import db
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.text import is_blank, one_line

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_URL = 200, 5000, 1000


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


def is_web_address(url: str) -> bool:
    """A full address that a browser opens as a page; never a script."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    plain = all(character.isprintable() and not character.isspace() for character in url)
    return parts.scheme in ("http", "https") and bool(host) and plain and "\\" not in url


def add_activity(
    training_class: TrainingClass,
    kind: ActivityKind,
    title: str,
    speaker: str = "",
    place: str = "",
    description: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    materials: Sequence[Link] = (),
) -> Activity:
    require_not_archived(training_class)
    activity = Activity(class_id=training_class.id)
    _write(activity, kind, title, speaker, place, description, starts_at, ends_at, materials)
    db.session.add(activity)
    db.session.flush()
    touch_roster(activity.class_id)
    return activity


def edit_activity(training_class: TrainingClass, activity: Activity, **said: Any) -> None:
    """With all that `add_activity` is told; its title and times stand on the pages of its discussions too."""
    require_not_archived(training_class)
    _write(activity, **said)
    db.session.flush()
    touch_roster(activity.class_id)


def require_place_for_files(training_class: TrainingClass, activity: Activity, count: int) -> None:
    require_not_archived(training_class)
    require_few(len(activity.files) + count)


def remove_file(training_class: TrainingClass, activity: Activity, file: Attachment) -> None:
    require_not_archived(training_class)
    drop_files_of(activity.id, file.id)


def is_outside(activity: Activity, training_class: TrainingClass) -> bool:
    """Whether it begins or ends on a day that is not one of the class's."""
    moments = [moment for moment in (activity.starts_at, activity.ends_at) if moment]
    days = [moment.astimezone(training_class.zone).date() for moment in moments]
    return not all(training_class.starts_on <= day <= training_class.ends_on for day in days)


def delete_activity(training_class: TrainingClass, activity: Activity) -> None:
    """Unless a discussion belongs to it or somebody was there, of which only the database knows here."""
    require_not_archived(training_class)
    try:
        with db.session.begin_nested():
            drop_files_of(activity.id)
            db.session.delete(activity)
    except IntegrityError:
        words = _(
            "“%(title)s” stays: a discussion belongs to it, or people are down as having been there. Take them off "
            "it first."
        )
        raise Refused(words % {"title": activity.title}) from None
    touch_roster(training_class.id)


def _write(
    activity: Activity,
    kind: ActivityKind,
    title: str,
    speaker: str,
    place: str,
    description: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    materials: Sequence[Link],
) -> None:
    title, speaker, place = one_line(title), one_line(speaker), one_line(place)
    if is_blank(title):
        raise Refused(_("Please give a title."))
    for text in (title, speaker, place):
        if len(text) > LONGEST_TITLE:
            raise Refused(_("“%(start)s…” is longer than %(count)s characters.", start=text[:20], count=LONGEST_TITLE))
    if ends_at and not starts_at:
        raise Refused(_("Please say when it starts, too."))
    if starts_at and ends_at and ends_at <= starts_at:
        raise Refused(_("It would end before it starts."))
    activity.kind, activity.title, activity.speaker, activity.place = kind, title, speaker, place
    activity.description, activity.starts_at, activity.ends_at = description.strip(), starts_at, ends_at
    activity.materials = [_material(place, link) for place, link in enumerate(materials)]


def _material(position: int, link: Link) -> Material:
    """A link without words is called by its address."""
    url = link.url.strip()
    if not is_web_address(url) or len(url) > LONGEST_URL:
        raise Refused(_("“%(start)s” is no address of a page.", start=url[:60]))
    title = one_line(link.title)
    shown = url.partition("://")[2] if is_blank(title) else title
    return Material(title=shown[:LONGEST_TITLE], url=url, position=position)

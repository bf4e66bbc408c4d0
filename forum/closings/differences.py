"""What has changed in a closed discussion since its figures were recorded, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from forum.closings import queries
from forum.closings.counting import Snapshot
from forum.closings.models import ClosingRecord
from forum.discussions.models import Discussion
from forum.units.models import short_name


class Reason(StrEnum):
    LATE = "late"
    SHOWN = "shown"
    HIDDEN = "hidden"
    DELETED = "deleted"
    EDITED = "edited"
    JOINED = "joined"
    LEFT = "left"
    UNIT = "unit"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Difference:
    """Of a post (`number`, by `name`) or of a trainee's enrolment (`name`); `at` and `by` where they are known.
    SHOWN: one that did not count then, as it was hidden, or came in with an import later."""

    reason: Reason
    name: str
    number: int | None = None
    is_comment: bool = False
    at: datetime | None = None
    by: str | None = None
    note: str | None = None
    was: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing as recorded, the same figures now, and all that lies between them."""

    record: ClosingRecord
    now: dict[str, Any]
    differences: list[Difference]

    @property
    def then(self) -> dict[str, Any]:
        return self.record.figures

    @property
    def moved(self) -> list[str]:
        """The names of the figures that are no longer what they were."""
        return [name for name, value in self.then.items() if self.now.get(name) != value]


@dataclass(frozen=True, slots=True)
class Moved:
    """A discussion whose figures are no longer those of its last closing."""

    discussion_id: int
    closed_at: datetime
    then: dict[str, Any]
    now: Mapping[str, Any]

    @property
    def names(self) -> list[str]:
        """Of the figures that differ; `discussions` says of a row in how many it took part."""
        return [name for name, value in self.then.items() if name != "discussions" and self.now[name] != value]


def moved_since_closing(class_id: int, now: Mapping[Any, Mapping[str, Any]]) -> list[Moved]:
    """Of a class whose figures by discussion are these now, in their order."""
    records = {row.discussion_id: row for row in queries.last_records(class_id)}
    found = [Moved(one, records[one].closed_at, records[one].figures, now[one]) for one in now if one in records]
    return [moved for moved in found if moved.names]


def closings_of(discussion: Discussion) -> list[Closing]:
    """The last one first."""
    records = queries.records_of(discussion)
    if not records:
        return []
    now = queries.snapshot_of(discussion)
    figures = now.figures()
    return [Closing(record, figures, differences(record, now)) for record in records]


def differences(record: ClosingRecord, now: Snapshot) -> list[Difference]:
    then = Snapshot.from_json(record.counted, {})
    return [*_of_posts(record, then, now), *_of_people(then, now)]


def _of_posts(record: ClosingRecord, then: Snapshot, now: Snapshot) -> Iterator[Difference]:
    before, after = then.posts.keys() | then.comments.keys(), now.posts.keys() | now.comments.keys()
    edited = {one for one in then.posts.keys() & now.posts.keys() if then.posts[one] != now.posts[one]}
    for post, name, hidden_by, deleted_by in queries.changed_posts((before ^ after) | edited):
        of = {"name": name, "number": post.number, "is_comment": post.is_comment}
        if post.deleted_at is not None:
            yield Difference(Reason.DELETED, at=post.deleted_at, by=deleted_by, note=post.deleted_reason, **of)
        elif post.hidden_at is not None:
            yield Difference(Reason.HIDDEN, at=post.hidden_at, by=hidden_by, note=post.hidden_reason, **of)
        elif post.id in edited:
            yield Difference(Reason.EDITED, at=post.edited_at, **of)
        elif post.created_at >= record.closed_at:
            yield Difference(Reason.LATE, at=post.created_at, **of)
        else:
            yield Difference(Reason.SHOWN, **of)


def _of_people(then: Snapshot, now: Snapshot) -> Iterator[Difference]:
    before, after = then.trainees, now.trainees
    changed = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
    if not changed:
        return
    places = [place for one in changed for place in (before.get(one), after.get(one)) if place]
    units, groups = queries.names_of_places(
        {unit for unit, _ in places if unit}, {group for _, group in places if group}
    )
    for member, name in queries.names_of_people(changed).items():
        if member not in before:
            yield Difference(Reason.JOINED, name)
        elif member not in after:
            yield Difference(Reason.LEFT, name)
        else:
            (unit, group), (unit_now, group_now) = before[member], after[member]
            if unit != unit_now:
                was, is_now = (short_name(units.get(one or 0, "")) for one in (unit, unit_now))
                yield Difference(Reason.UNIT, name, was=was, now=is_now)
            if group != group_now:
                yield Difference(Reason.GROUP, name, was=groups.get(group or 0, ""), now=groups.get(group_now or 0, ""))

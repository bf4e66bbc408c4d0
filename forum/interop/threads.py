"""Import of a class's people, discussions and posts from JSON Lines (the public interface says the format)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import insert

from forum import clock
from forum.audit.models import Verb
from forum.audit.operations import record
from forum.classes.models import TrainingClass
from forum.db import db
from forum.discussions.models import Audience, Discussion
from forum.i18n import gettext as _
from forum.interop import queries
from forum.interop.forest import find_orphans
from forum.interop.lines import shown
from forum.interop.models import ImportedRecord, RecordKind
from forum.interop.people import add_people
from forum.interop.posts import add_posts
from forum.interop.queries import Known, Place, Records
from forum.interop.report import ImportFailed, ImportReport
from forum.interop.rows import DiscussionRow, PostRow, Row, Rows, read_rows
from forum.notifications.models import Kind
from forum.notifications.operations import begin_round
from forum.text import markdown_to_html

__all__ = ["ImportFailed", "ImportReport", "import_threads"]

_AnyRow = TypeVar("_AnyRow", bound=Row)


def import_threads(
    training_class: TrainingClass,
    lines: Iterable[bytes],
    keep_going: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Everything is read and judged before anything is written: a bad line raises `ImportFailed` with the report,
    unless the rest shall be taken all the same. `progress` hears how many lines more are done; they add up to all."""
    report, tell = ImportReport(), progress or (lambda _count: None)
    read = read_rows(lines, report)
    queries.hold_class(training_class)
    records = queries.imported_records(training_class)
    new = _without_known(_with_known_references(read, records, report), records, report)
    places = _places_of_parents(new.posts, records)
    orphans = _find_orphans(new.posts, records, places)
    _note_oddities(new.posts, orphans, report)
    report.faults.sort(key=lambda fault: fault.line)
    if report.errors and not keep_going:
        raise ImportFailed(report)
    tell(read.lines - len(new.posts))

    members = {id_: known.local_id for id_, known in records.members.items()}
    members |= add_people(training_class, new.members, report)
    discussions = {id_: known.local_id for id_, known in records.discussions.items()}
    discussions |= _add_discussions(training_class, new.discussions)
    enrolments = queries.enrolments_by_member(training_class)
    authors = {id_: (member_id, enrolments[member_id].role) for id_, member_id in members.items()}
    add_posts(training_class, new.posts, discussions, authors, orphans, places, tell)
    report.discussions, report.posts = len(new.discussions), len(new.posts)

    _remember(training_class, RecordKind.MEMBER, new.members, members)
    _remember(training_class, RecordKind.DISCUSSION, new.discussions, discussions)
    _remember(training_class, RecordKind.POST, new.posts, {id_: place.id for id_, place in places.items()})
    record(Verb.THREADS_IMPORTED, class_id=training_class.id, members=len(new.members), posts=len(new.posts))
    report.faults.sort(key=lambda fault: fault.line)
    return report


def _with_known_references(read: Rows, records: Records, report: ImportReport) -> Rows:
    """Without the posts whose author or discussion neither the file nor the class has."""
    members = records.members.keys() | {row.id for row in read.members}
    discussions = records.discussions.keys() | {row.id for row in read.discussions}
    posts = []
    for row in read.posts:
        if row.author not in members:
            report.error(row.line, _("The author “%(id)s” is unknown.", id=shown(row.author)))
        elif row.discussion not in discussions:
            report.error(row.line, _("The discussion “%(id)s” is unknown.", id=shown(row.discussion)))
        else:
            posts.append(row)
    return Rows(read.lines, read.members, read.discussions, posts)


def _without_known(read: Rows, records: Records, report: ImportReport) -> Rows:
    return Rows(
        read.lines,
        _fresh(read.members, records.members, report),
        _fresh(read.discussions, records.discussions, report),
        _fresh(read.posts, records.posts, report),
    )


def _fresh(rows: Sequence[_AnyRow], known: Mapping[str, Known], report: ImportReport) -> list[_AnyRow]:
    """The first row of each id that was not imported before."""
    fresh: dict[str, _AnyRow] = {}
    for row in rows:
        name = shown(row.id)
        if before := known.get(row.id):
            report.already_there += 1
            if before.digest != row.digest:
                report.note(row.line, _("“%(id)s” was imported before and differs; nothing was changed.", id=name))
        elif first := fresh.get(row.id):
            report.already_there += 1
            if first.digest == row.digest:
                reason = _("“%(id)s” is on line %(line)s already.", id=name, line=first.line)
            else:
                reason = _("“%(id)s” is on line %(line)s, and differs; that line was taken.", id=name, line=first.line)
            report.note(row.line, reason)
        else:
            fresh[row.id] = row
    return list(fresh.values())


def _places_of_parents(posts: Sequence[PostRow], records: Records) -> dict[str, Place]:
    """Of the parents imported before, by the file's ids."""
    local_ids = {row.parent: records.posts[row.parent].local_id for row in posts if row.parent in records.posts}
    found = queries.places_of_posts(local_ids.values())
    return {str(id_): found[local_id] for id_, local_id in local_ids.items() if local_id in found}


def _find_orphans(posts: Sequence[PostRow], records: Records, places: Mapping[str, Place]) -> dict[str, str]:
    names = {known.local_id: id_ for id_, known in records.discussions.items()}
    return find_orphans(posts, {id_: names[place.discussion_id] for id_, place in places.items()})


def _note_oddities(posts: Sequence[PostRow], orphans: Mapping[str, str], report: ImportReport) -> None:
    report.orphans = len(orphans)
    for row in posts:
        if row.id in orphans:
            report.note(row.line, orphans[row.id])
        if not row.body.strip():
            report.note(row.line, _("The text is empty; the post is kept."))


def _add_discussions(training_class: TrainingClass, rows: Sequence[DiscussionRow]) -> dict[str, int]:
    """For the whole class, with the windows of the file. Nobody is told that they are open."""
    if not rows:
        return {}
    same = {"class_id": training_class.id, "audience": Audience.CLASS, "post_first": False, "created_at": clock.now()}
    ids = db.session.scalars(
        insert(Discussion).returning(Discussion.id, sort_by_parameter_order=True),
        [
            {
                **same,
                "title": row.title,
                "prompt": row.prompt,
                "prompt_html": markdown_to_html(row.prompt),
                "stage": row.stage,
                "opens_at": row.opens_at,
                "closes_at": row.closes_at,
            }
            for row in rows
        ],
    )
    made = {row.id: discussion_id for row, discussion_id in zip(rows, ids, strict=True)}
    for discussion_id in made.values():
        begin_round(discussion_id, Kind.OPENING)
    return made


def _remember(
    training_class: TrainingClass, kind: RecordKind, rows: Sequence[Row], local_ids: Mapping[str, int]
) -> None:
    if rows:
        same = {"class_id": training_class.id, "kind": kind}
        db.session.execute(
            insert(ImportedRecord),
            [{**same, "external_id": row.id, "local_id": local_ids[row.id], "digest": row.digest} for row in rows],
        )

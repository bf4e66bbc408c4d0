"""Save everything in a file while people write, and bring it back into an empty forum, all or nothing."""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from forum import clock
from forum.backups import folder, loading, queries, uploads
from forum.backups.archive import UNREADABLE, Archive, Draft, Manifest, damaged, written
from forum.backups.lines import carried, line_of, rows_from
from forum.db import db, expect_reading, read_one_snapshot
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.search import operations as search

# Of how many rows how many are done.
Told = Callable[[int, int], object]


def tell_nobody(_done: int, _all: int) -> None:
    pass


def take_backup(file: Path, told: Told = tell_nobody) -> Manifest:
    """What has been uploaded, then the database as it is at one moment, held up by nobody and holding up nobody. In
    this order: a file that a row refers to was there before the moment. Those that came while the others were copied
    are few, and are added at once, before anybody can remove them and a sweep delete them."""
    manifest = Manifest(version("training-forum"))
    try:
        with uploads.in_words(), written(file, manifest) as draft:
            uploads.add_all(draft)
            read_one_snapshot()
            manifest.revision, manifest.taken_at = queries.schema_revision() or "", clock.now().isoformat()
            uploads.add_missing(draft)
            _add_tables(draft, told)
        return manifest
    finally:
        db.session.rollback()
        expect_reading(False)


def _add_tables(draft: Draft, told: Told) -> None:
    tables = queries.kept_tables()
    done, rows = 0, sum(map(queries.count_rows, tables))
    for table in tables:
        pieces = ([line_of(row) for row in some] for some in queries.rows_of(table, map(carried, table.columns)))
        for count in draft.add_table(table.name, table.columns.keys(), pieces):
            done += count
            told(done, rows)


def restore_backup(archive: Archive, file: Path, told: Told = tell_nobody) -> None:
    """The rows, and the words by which posts are found; the uploads come with `uploads.restored`, around the commit."""
    tables = queries.kept_tables()
    _refuse_another_schema(archive.manifest, file, tables)
    with uploads.in_words():
        is_empty = queries.is_empty() and uploads.is_empty()
    if not is_empty:
        words = _(
            "This forum is not empty: a backup comes into an empty database and an empty folder or bucket of uploads "
            "only."
        )
        raise Refused(words)
    try:
        _add_rows(archive, tables, told)
    except UNREADABLE:
        raise damaged(file) from None
    loading.finish(tables)
    _index_posts(told)


def _refuse_another_schema(manifest: Manifest, file: Path, tables: list[sa.Table]) -> None:
    columns = {name: contents.columns for name, contents in manifest.tables.items()}
    is_same = columns == {table.name: table.columns.keys() for table in tables}
    if manifest.revision != queries.schema_revision() or not is_same:
        words = _(
            "%(file)s holds the schema %(revision)s of Training Forum %(version)s. Restore it with that version, "
            "then bring it up to date: install this one and run `forum upgrade`."
        )
        raise Refused(words % {"file": file, "revision": manifest.revision, "version": manifest.version})


def _add_rows(archive: Archive, tables: list[sa.Table], told: Told) -> None:
    loading.prepare()
    done, rows = 0, archive.manifest.rows
    for table in tables:
        for count in loading.fill(table, rows_from(archive.lines_of(table.name), table)):
            done += count
            told(done, rows)
        if queries.count_rows(table) != archive.manifest.tables[table.name].rows:
            raise ValueError(table.name)


def _index_posts(told: Told) -> None:
    posts, last, done = search.forget_words(), 0, 0
    while True:
        some, last = search.index_some(last)
        if not some:
            return
        done += some
        told(done, posts)


def take_due_backup() -> None:
    """Into FORUM_BACKUPS, unless somebody is at it or has been."""
    settings, now = folder.settings(), clock.now()
    if settings.backups and folder.is_due(now):
        with folder.failures_noted(settings.backups, now), folder.alone(settings.backups) as is_alone:
            if is_alone and folder.is_due(now):
                keep_backup(settings.backups, now)


def keep_backup(where: Path, now: datetime, told: Told = tell_nobody) -> Manifest:
    """A new one in the folder; once it stands, the outdated go."""
    settings = folder.settings()
    manifest = take_backup(folder.file_at(where, now), told)
    folder.forget_failure(where)
    here, standing = clock.zone(settings.default_timezone), folder.until(now, folder.backups_in(where))
    for backup in folder.outdated(standing, settings.backup_days, settings.backup_weeks, here):
        assert backup.file
        backup.file.unlink(missing_ok=True)
    return manifest

"""`forum backup` and `forum restore`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from forum import clock
from forum.backups import folder, operations, uploads
from forum.backups.archive import Manifest, opened
from forum.command import in_app
from forum.db import commit, read_one_snapshot
from forum.errors import Refused
from forum.i18n import gettext as _

_FILE = click.Path(path_type=Path)


@click.command(
    help=_("Save the database and the uploads in one new file; given a folder, or else in FORUM_BACKUPS, under a name.")
)
@click.argument("file", required=False, type=_FILE)
@click.option("--keep", is_flag=True, help=_("In a folder: once the new one stands, remove those that are outdated."))
@in_app
def backup(file: Path | None, keep: bool) -> None:
    target = file or folder.settings().backups
    if target is None:
        raise click.UsageError(_("name a file or a folder, or set FORUM_BACKUPS."))
    if keep or not file or target.is_dir():
        file, manifest = _into_folder(target, keep)
    else:
        file, manifest = target, _with_bar(lambda told: operations.take_backup(target, told))
    click.echo(_said(_("%(file)s: %(rows)s rows and %(uploads)s uploads."), file, manifest))


def _into_folder(target: Path, keep: bool) -> tuple[Path, Manifest]:
    now = clock.now()
    file = folder.file_at(target, now)
    with folder.alone(target) as is_alone:
        if not is_alone:
            raise Refused(_("another backup is being taken into %(folder)s.", folder=target))
        if keep:
            with folder.failures_noted(target, now):
                return file, _with_bar(lambda told: operations.keep_backup(target, now, told))
        return file, _with_bar(lambda told: operations.take_backup(file, told))


@click.command(help=_("Bring back what a backup holds, into an empty forum, on either database."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_app
def restore(file: Path) -> None:
    from forum.statistics.checking import faults

    with opened(file) as archive:
        _with_bar(lambda told: operations.restore_backup(archive, file, told))
        with uploads.restored(archive):
            commit()
    read_one_snapshot()
    click.echo(_said(_("%(file)s is restored: %(rows)s rows and %(uploads)s uploads."), file, archive.manifest))
    if found := list(faults()):
        click.echo("\n".join(found))
        sys.exit(1)


def _with_bar(work: Callable[[operations.Told], Any]) -> Any:
    with click.progressbar(length=1, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def told(done: int, rows: int) -> None:
            bar.length = rows
            bar.update(done - bar.pos)

        return work(told)


def _said(sentence: str, file: Path, manifest: Manifest) -> str:
    return sentence % {"file": file, "rows": manifest.rows, "uploads": len(manifest.uploads)}

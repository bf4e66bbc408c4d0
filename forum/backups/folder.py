"""A folder of backups: when the next one is due, which of them stay, and how the last ones went."""

import fcntl
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path

from flask import current_app

from forum import clock
from forum.config import Settings

_NAME, _NAMED = "forum-%Y%m%dT%H%M%SZ.zip", re.compile(r"forum-\d{8}T\d{6}Z\.zip")
_FAILURE, _FAILURE_BESIDE, _LOCK = "failed.json", "backup-failed.json", ".lock"
# After a failure the next attempt waits.
PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Backup:
    """One that stands in the folder; or, with why, that none came of it."""

    taken_at: datetime
    file: Path | None = None
    size: int = 0
    fault: str = ""


def settings() -> Settings:
    kept: Settings = current_app.extensions["settings"]
    return kept


def last_backups() -> list[Backup]:
    """Of FORUM_BACKUPS, the last one first; if that failed, first of all why."""
    folder = settings().backups
    if not folder:
        return []
    failure = _failure(folder)
    try:
        standing = backups_in(folder)
    except OSError:
        # There is no such folder yet, or it may not be read: then none could be taken, and why is noted.
        standing = []
    return ([failure] if failure else []) + standing


def backups_in(folder: Path) -> list[Backup]:
    """Each was read back before it got its name."""
    files = sorted((file for file in folder.iterdir() if _NAMED.fullmatch(file.name)), reverse=True)
    return [
        Backup(datetime.strptime(file.name, _NAME).replace(tzinfo=UTC), file, file.stat().st_size) for file in files
    ]


def until(now: datetime, backups: list[Backup]) -> list[Backup]:
    """Without those that a clock which ran ahead has named: they count from their time on."""
    return [backup for backup in backups if backup.taken_at <= now]


def file_at(folder: Path, moment: datetime) -> Path:
    return folder / moment.strftime(_NAME)


def is_due(now: datetime) -> bool:
    """None has been taken since the hour that the settings name, nor has one failed a moment ago."""
    here, day = clock.zone(settings().default_timezone), timedelta(days=1)
    due = datetime.combine(now.astimezone(here), time(settings().backup_hour), here).astimezone(UTC)
    due = due if due <= now else due - day
    last = next(iter(until(now, last_backups())), None)
    return last is None or last.taken_at < (now - PAUSE if last.fault else due)


def outdated(backups: list[Backup], days: int, weeks: int, here: tzinfo) -> list[Backup]:
    """All but the last of each of so many days, and of each of so many weeks, on which any were taken."""
    by_day = {backup.taken_at.astimezone(here).date(): backup for backup in reversed(backups)}
    by_week = {clock.monday_of(day): by_day[day] for day in by_day}
    staying = [*backups[:1], *_last(by_day, days), *_last(by_week, weeks)]
    return [backup for backup in backups if backup not in staying]


def _last(found: dict[date, Backup], count: int) -> list[Backup]:
    return list(found.values())[-count:] if count else []


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else is taking a backup into it; what somebody began and never finished is gone then."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        for part in folder.glob(".forum-*.part"):
            part.unlink(missing_ok=True)
        yield True


@contextmanager
def failures_noted(folder: Path, now: datetime) -> Iterator[None]:
    """What fails in here is told of as the last that happened in the folder, until one succeeds."""
    try:
        yield
    except Exception as error:
        _note_failure(folder, now, str(error).partition("\n")[0] or repr(error))
        raise


def _note_failure(folder: Path, now: datetime, why: str) -> None:
    words = json.dumps({"at": now.isoformat(), "why": why}, ensure_ascii=False)
    for note in _notes(folder):
        with suppress(OSError):
            note.write_text(words, "utf-8")
            return


def forget_failure(folder: Path) -> None:
    for note in _notes(folder):
        note.unlink(missing_ok=True)


def _failure(folder: Path) -> Backup | None:
    found = filter(None, map(_noted, _notes(folder)))
    return max(found, key=lambda failure: failure.taken_at, default=None)


def _notes(folder: Path) -> list[Path]:
    """Beside the backups; of FORUM_BACKUPS, where nothing can be written there, beside the data."""
    beside = [settings().data / _FAILURE_BESIDE] if folder == settings().backups else []
    return [folder / _FAILURE, *beside]


def _noted(note: Path) -> Backup | None:
    try:
        said = json.loads(note.read_text("utf-8"))
        return Backup(datetime.fromisoformat(said["at"]), fault=said["why"])
    except (OSError, ValueError, LookupError, TypeError):
        return None

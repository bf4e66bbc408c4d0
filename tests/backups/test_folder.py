"""Backups by the day: when they are due, which stay, how they went; and only one at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forum import clock, create_app, jobs
from forum.backups import folder, operations
from forum.backups.archive import opened
from forum.backups.folder import Backup, last_backups, outdated
from forum.config import Settings, SettingsError
from forum.db import db
from forum.health import readings
from tests.backups.conftest import Place
from tests.cast import StoppedClock
from tests.databases import settings_for

SHANGHAI = clock.zone("Asia/Shanghai")
# Noon on a Monday in Shanghai.
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def there(new_place: Any, frozen: StoppedClock, tmp_path: Path) -> Iterator[Path]:
    """FORUM_BACKUPS of an application in whose context we are, at NOON; two days and two weeks stay."""
    place: Place = new_place("sqlite")
    backups, frozen.now = tmp_path / "backups", NOON
    wanted = {"backups": backups, "backup_hour": 3, "backup_days": 2, "backup_weeks": 2}
    app = create_app(settings_for(place.url, place.data, **wanted))
    with app.app_context():
        yield backups
        db.session.remove()
        db.engine.dispose()


def test_those_stay_that_are_the_last_of_a_day_or_of_a_week() -> None:
    backups = [Backup(NOON - DAY * ago - timedelta(hours=hour)) for ago in range(40) for hour in (0, 1)]
    gone = outdated(backups, 3, 2, SHANGHAI)
    staying = [NOON - one.taken_at for one in backups if one not in gone]
    assert staying == [DAY * 0, DAY, DAY * 2], "Monday, Sunday and Saturday; Sunday's is its week's"
    weeks = outdated(backups, 1, 3, SHANGHAI)
    assert [(NOON - one.taken_at).days for one in backups if one not in weeks] == [0, 1, 8]
    assert outdated(backups, 0, 0, SHANGHAI) == backups[1:], "the last one stays whatever is set"
    assert outdated([], 3, 2, SHANGHAI) == []


def test_days_are_those_of_the_time_zone() -> None:
    """23:30 and 00:30 in Shanghai are of two days, though of one in London."""
    late, early = Backup(NOON.replace(hour=16, minute=30)), Backup(NOON.replace(hour=15, minute=30))
    assert outdated([late, early], 2, 0, SHANGHAI) == []
    assert outdated([late, early], 2, 0, UTC) == [early]


@pytest.mark.one_database
def test_one_is_taken_each_day_after_its_hour_and_the_outdated_go(there: Path, frozen: StoppedClock) -> None:
    (there.parent / "elsewhere").mkdir()
    for _day in range(3):
        operations.take_due_backup()
        operations.take_due_backup()
        frozen.advance(hours=14, minutes=59)
        assert not folder.is_due(frozen.now), "02:59 in Shanghai"
        frozen.advance(minutes=1)
        assert folder.is_due(frozen.now)
        frozen.advance(hours=9)
    days = [backup.taken_at.astimezone(SHANGHAI).day for backup in last_backups()]
    assert days == [4, 3], "of Monday's nothing is left"
    for backup in last_backups():
        assert backup.file
        assert backup.size == backup.file.stat().st_size
        assert backup.file.stat().st_mode & 0o777 == 0o600
        with opened(backup.file):
            pass


@pytest.mark.one_database
def test_a_failure_is_told_removes_nothing_and_is_tried_again_after_an_hour(
    there: Path, frozen: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.take_due_backup()
    stray = there / "mine.zip"
    stray.touch()
    frozen.advance(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(operations.queries, "rows_of", lambda *_told: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            operations.take_due_backup()
        failed, stands = last_backups()
        assert (failed.taken_at, failed.file, failed.fault) == (frozen.now, None, "division by zero")
        assert stands.taken_at == NOON
        operations.take_due_backup()
    assert len(last_backups()) == 2, "it has waited"
    frozen.advance(hours=1, seconds=1)
    operations.take_due_backup()
    assert [backup.fault for backup in last_backups()] == ["", ""]
    assert stray.exists()
    assert not list(there.glob(".*.part")), "nothing half done is left"


@pytest.mark.one_database
def test_a_folder_that_cannot_be_written_is_told_and_tried_again_after_an_hour(
    there: Path, frozen: StoppedClock
) -> None:
    # In its place a file: root may write everywhere else.
    there.touch()
    with pytest.raises(OSError, match="exists"):
        operations.take_due_backup()
    [failed] = last_backups()
    assert (failed.taken_at, failed.file) == (frozen.now, None)
    assert str(there) in failed.fault
    frozen.advance(minutes=59)
    assert not folder.is_due(frozen.now), "it is not said again each minute"
    assert readings()["backup_failed"]
    frozen.advance(minutes=2)
    there.unlink()
    operations.take_due_backup()
    assert [backup.fault for backup in last_backups()] == [""]


@pytest.mark.one_database
def test_a_clock_that_ran_ahead_holds_up_no_backup(there: Path, frozen: StoppedClock) -> None:
    """Nor is what it has named, and has not come yet, counted for one that stays."""
    there.mkdir()
    ahead = [folder.file_at(there, NOON + DAY * days) for days in (300, 301)]
    for file in ahead:
        file.touch()
    assert folder.is_due(NOON)
    assert readings()["backup_age_seconds"] == -1
    for _day in range(3):
        operations.take_due_backup()
        assert not folder.is_due(frozen.now)
        frozen.advance(days=1)
    taken = [backup.taken_at for backup in last_backups() if backup.taken_at <= frozen.now]
    assert taken == [NOON + DAY * 2, NOON + DAY], "two days stay"
    assert readings()["backup_age_seconds"] == DAY.total_seconds()
    assert all(file.exists() for file in ahead)


@pytest.mark.one_database
def test_two_at_once_take_one(there: Path, frozen: StoppedClock) -> None:
    with folder.alone(there) as is_alone:
        assert is_alone
        (there / ".forum-left-behind.part").touch()
        operations.take_due_backup()
        assert last_backups() == []
    operations.take_due_backup()
    assert len(last_backups()) == 1
    assert not list(there.glob("*.part"))


@pytest.mark.one_database
def test_the_sweep_asks_for_what_is_due(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(jobs, "later", asked.append)
    jobs.back_up_when_due(NOON)
    assert asked == [operations.take_due_backup]
    operations.take_due_backup()
    jobs.back_up_when_due(NOON)
    assert len(asked) == 1


def test_settings_are_whole_numbers_within_reason(tmp_path: Path) -> None:
    environment = {"FORUM_DATA": str(tmp_path), "FORUM_BACKUPS": "saved", "FORUM_BACKUP_HOUR": "0"}
    settings = Settings.from_environment(environment)
    assert (settings.backups, settings.backup_hour) == (Path("saved").absolute(), 0)
    for name, value in (("HOUR", "24"), ("HOUR", "-1"), ("DAYS", "two"), ("WEEKS", "1.5")):
        with pytest.raises(SettingsError, match=f"FORUM_BACKUP_{name} is"):
            Settings.from_environment(environment | {f"FORUM_BACKUP_{name}": value})

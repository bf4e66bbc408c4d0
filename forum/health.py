"""Whether the service can work: the same for monitors and for people."""

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from forum import clock, rooms
from forum.backups.folder import last_backups, until
from forum.db import db, undo
from forum.jobs import jobs
from forum.schema import expected_revisions

# Below that the disk is said to be low, in bytes.
LITTLE = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Health:
    """`schema`: "current", "old" or "unknown"; `disk`: "ok" or "low"; the others as their modules say."""

    database: bool
    schema: str
    queue: str
    jobs: str
    disk: str

    @property
    def can_answer(self) -> bool:
        return self.database and self.schema == "current"

    @property
    def is_well(self) -> bool:
        said = (self.schema, self.queue, self.jobs, self.disk)
        return self.database and not set(said) & {"old", "unknown", "lost", "late", "low"}

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def health() -> Health:
    schema = _schema()
    disk = "low" if free_bytes() < LITTLE else "ok"
    return Health(schema != "unknown", schema, rooms.queue_state(), jobs().state(), disk)


def _schema() -> str:
    try:
        found = db.session.scalars(sa.text("SELECT version_num FROM alembic_version")).all()
    except SQLAlchemyError:
        undo()
        return "unknown"
    return "current" if set(found) == expected_revisions() else "old"


def free_bytes() -> int:
    """Where the forum keeps its files, or will once there is one."""
    data: Path = current_app.extensions["settings"].data.absolute()
    return shutil.disk_usage(next(place for place in (data, *data.parents) if place.exists())).free


def readings() -> dict[str, float]:
    """For the metrics; -1 where it cannot be told."""
    state, backups, now = health(), last_backups(), clock.now()
    stood = next((one for one in until(now, backups) if not one.fault), None)
    return {
        "database_up": state.database,
        "schema_current": state.schema == "current",
        "queue_up": state.queue != "lost",
        "jobs_up": state.jobs == "running",
        "jobs_waiting": jobs().waiting(),
        "disk_free_bytes": free_bytes(),
        "backup_age_seconds": (now - stood.taken_at).total_seconds() if stood else -1,
        "backup_failed": bool(backups and backups[0].fault),
    }

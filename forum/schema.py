"""The database's schema: is it this version's, and bring it there."""

import logging
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from forum.db import db, expect_reading
from forum.paths import MIGRATIONS


def is_current() -> bool:
    expect_reading(True)
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    expect_reading(False)
    return set(current) == expected_revisions()


@cache
def expected_revisions() -> frozenset[str]:
    """Of this version."""
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())


def upgrade_schema() -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if db.engine.url.get_backend_name() == "sqlite" and db.engine.url.database:
        from pathlib import Path

        Path(db.engine.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    expect_reading(False)
    upgrade(directory=str(MIGRATIONS))

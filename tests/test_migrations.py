"""The migrations on both databases: up, down, up again, and what they make is what the models say."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade

import forum.interop.models  # noqa: F401 - the one package whose models create_app does not need
from forum.db import Base, db
from forum.paths import MIGRATIONS
from forum.schema import is_current, upgrade_schema
from tests.databases import KINDS, inside

ScratchDatabase = Callable[..., str]


def is_of_models(name: str | None, kind: str, _parents: object = None) -> bool:
    return kind != "table" or name is None or not name.startswith("post_index")


def tables() -> set[str]:
    """Without those that SQLite keeps the full-text table in, which are no business of the models."""
    names = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    return {name for name in names if is_of_models(name, "table")}


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_goes_up_and_down_and_up(kind: str, scratch_database: ScratchDatabase, tmp_path: Path) -> None:
    with inside(scratch_database(kind, migrated=False), tmp_path):
        assert not is_current()
        upgrade_schema()
        assert is_current()
        assert tables() == set(Base.metadata.tables)
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert tables() == set()
        assert not is_current()
        upgrade_schema()
        assert tables() == set(Base.metadata.tables)


@pytest.mark.parametrize("kind", KINDS)
def test_the_migrations_make_what_the_models_say(kind: str, scratch_database: ScratchDatabase, tmp_path: Path) -> None:
    with inside(scratch_database(kind), tmp_path), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_of_models})
        assert compare_metadata(context, Base.metadata) == []


def constraints(bind: sa.Engine) -> dict[str, set[str]]:
    """Names of unique and check constraints, foreign keys and indexes by table: what autogenerate overlooks in part."""
    look = sa.inspect(bind)
    found: dict[str, set[str]] = {}
    for table in tables():
        kinds = (look.get_unique_constraints, look.get_check_constraints, look.get_foreign_keys, look.get_indexes)
        names = {str(entry["name"]) for get in kinds for entry in get(table)}
        found[table] = names | {str(look.get_pk_constraint(table)["name"])}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_constraints_and_indexes_bear_the_names_that_the_models_give_them(
    kind: str, scratch_database: ScratchDatabase, tmp_path: Path
) -> None:
    with inside(scratch_database(kind), tmp_path):
        migrated = constraints(db.engine)
    with inside(scratch_database(kind, migrated=False), tmp_path):
        db.create_all()
        assert migrated == constraints(db.engine)


def test_no_migration_imports_the_models() -> None:
    """They change later; a migration must go on saying what it said."""
    for file in (MIGRATIONS / "versions").glob("*.py"):
        assert not re.search(r"(from|import) forum\b", file.read_text(encoding="utf-8")), file.name

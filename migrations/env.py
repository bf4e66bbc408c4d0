"""Alembic's environment: the application's own engine, both databases."""

from alembic import context
from flask import current_app

import forum.interop.models  # noqa: F401 - the one table that no page reads
from forum.db import db

config = context.config


def is_of_models(name: str | None, kind: str, _parents: object) -> bool:
    """SQLite keeps its full-text table in tables of its own."""
    return kind != "table" or name is None or not name.startswith("post_index")


def run_migrations_online() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            include_name=is_of_models,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()

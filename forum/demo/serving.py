"""`forum demo`: everything in one process, with an account for each role."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask

from forum import create_app
from forum.config import Settings
from forum.db import commit
from forum.demo.reference import Account, build_reference_classes
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.schema import is_current, upgrade_schema
from forum.serving import serve_app


def serve_demo(host: str, port: int, data: Path | None, fresh: bool, reload: bool) -> None:
    """A second start keeps the data; `fresh` begins anew. Only the demonstration's own files are ever removed."""
    settings = Settings.from_environment(_environment(host, port, data))
    accounts_file, unfinished = settings.data / "accounts.json", settings.data / "accounts.json.part"
    if unfinished.exists() or (fresh and accounts_file.exists()):
        for name in ("forum.sqlite3*", "jobs.sqlite3*", "accounts.json*"):
            for file in settings.data.glob(name):
                file.unlink()
    if not accounts_file.exists() and (settings.data / "forum.sqlite3").exists():
        raise Refused(f"{settings.data} holds another forum's data; choose another folder with --data.")
    app = create_app(settings)
    with app.app_context():
        if not accounts_file.exists():
            click.echo(_("Building the two reference classes …"))
            unfinished.touch()
            upgrade_schema()
            accounts = build_reference_classes()
            commit()
            _keep_accounts(unfinished, accounts)
            unfinished.rename(accounts_file)
        elif not is_current():
            upgrade_schema()
        _print_welcome(settings, accounts_file)
    _serve(app, host, port, reload)


def _environment(host: str, port: int, data: Path | None) -> dict[str, str]:
    """The demonstration has a database and a secret of its own, in its folder, and is one process. It sends no mail:
    the addresses of its people are made up."""
    left_out = {"FORUM_DATABASE_URL", "FORUM_REDIS_URL", "FORUM_SECRET_KEY", "FORUM_MAIL_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    if data:
        environment["FORUM_DATA"] = str(data)
    return environment | {"FORUM_BASE_URL": f"http://{host}:{port}"}


def _keep_accounts(file: Path, accounts: list[Account]) -> None:
    file.write_text(
        json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1), encoding="utf-8"
    )


def _print_welcome(settings: Settings, accounts_file: Path) -> None:
    try:
        accounts = [Account(**account) for account in json.loads(accounts_file.read_text(encoding="utf-8"))]
        lines = [f"  {one.role:<14} {one.email:<26} {one.password:<16} {one.class_title}" for one in accounts]
    except (ValueError, TypeError):
        words = _("%(file)s cannot be understood any more; begin anew with --fresh.", file=accounts_file)
        raise Refused(words) from None
    columns = shutil.get_terminal_size().columns
    click.echo(f"\nTraining Forum · 研修论坛   {settings.base_url}\n")
    for line in lines:
        click.echo(line[:columns])
    click.echo("\n" + _("The accounts are also in %(file)s. Stop with Ctrl+C.", file=accounts_file) + "\n")


def _serve(app: Flask, host: str, port: int, reload: bool) -> None:
    if reload:
        app.debug = True
        app.run(host, port, use_reloader=True)
    else:
        serve_app(app, host, port)

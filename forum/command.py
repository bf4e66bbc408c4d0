"""How a command runs: inside the application, and with one line on stderr when something is wrong."""

import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import click
from flask import Flask

from forum import create_app
from forum.config import Settings, SettingsError
from forum.db import read_one_snapshot
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.schema import is_current


class Fault(click.ClickException):
    """Ends a command with one line on stderr and exit code 1."""


class Commands(click.Group):
    """Says what is wrong in one line: exit code 2 for how it was called, 1 for a fault."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        try:
            code = super().main(*arguments, **(options | {"standalone_mode": False}))
        except click.ClickException as error:
            click.echo(f"forum: {' '.join(error.format_message().split())}", err=True)
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


def in_app(command: Callable[..., Any], only_reads: bool = False) -> Callable[..., Any]:
    """Run a command inside the application; what it refuses becomes one line. One that only reads holds up nobody."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        app = make_app()
        try:
            with app.app_context():
                require_current_schema()
                if only_reads:
                    read_one_snapshot()
                return command(*arguments, **options)
        except Refused as refused:
            raise Fault(refused.reason) from None

    return run


def make_app() -> Flask:
    try:
        return create_app(Settings.from_environment())
    except SettingsError as error:
        raise Fault(str(error)) from None


reading_in_app = partial(in_app, only_reads=True)


def require_current_schema() -> None:
    if not is_current():
        raise Fault(_("the database's schema is not of this version; run `forum upgrade` first."))

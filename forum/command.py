"""How a command runs: inside the application, and with one line on stderr when something is wrong."""

import os
import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, NoReturn

import click
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

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
        # What is made here (database, accounts, files of figures) is for its owner's eyes.
        before = os.umask(0o077)
        try:
            code = super().main(*arguments, **(options | {"standalone_mode": False}))
        except click.ClickException as error:
            _end(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            sys.exit(130)
        except BrokenPipeError:
            # Whoever read has enough, as `head` does; nor shall the interpreter complain when it closes the pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except (OSError, UnicodeError, SQLAlchemyError) as error:
            _end(_in_words(error), 1)
        finally:
            os.umask(before)
        sys.exit(code if isinstance(code, int) else 0)


def _end(words: str, code: int) -> NoReturn:
    click.echo(f"forum: {' '.join(words.split())}", err=True)
    sys.exit(code)


def _in_words(error: OSError | UnicodeError | SQLAlchemyError) -> str:
    match error:
        case OSError(strerror=reason, filename=file) if reason:
            return f"{file}: {reason}." if file else f"{reason}."
        case UnicodeError():
            return "a text that was given is not valid UTF-8."
        case DBAPIError(orig=original):
            return f"the database does not answer as it should: {_without_password(str(original))}"
    return _without_password(str(error))


def _without_password(words: str) -> str:
    """Drivers quote the address that they were given."""
    try:
        password = make_url(os.environ.get("FORUM_DATABASE_URL", "")).password
    except (ArgumentError, ValueError):
        return words
    return words.replace(str(password), "***") if password else words


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

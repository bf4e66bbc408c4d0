"""How a command runs: inside the application, and with one line on stderr when something is wrong."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NoReturn

import click
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from forum import create_app
from forum.config import N_, Settings, SettingsError
from forum.db import read_one_snapshot
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.schema import is_current
from forum.settings.renewal import renewal

if TYPE_CHECKING:
    from forum.classes.models import TrainingClass

# What click says: it looks these up in our catalogue (forum/i18n.py).
_OF_CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Positional arguments"),
    N_("default: {default}"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("%(prog)s, version %(version)s"),
    N_("Try '{command} {option}' for help."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Option {name!r} does not take a value."),
    N_("file"),
    N_("directory"),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is not readable."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
)


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
            return _("a text that was given is not valid UTF-8.")
        case DBAPIError(orig=original):
            return _("the database does not answer as it should: %(words)s", words=_without_password(str(original)))
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
                renewal().look()
                if only_reads:
                    read_one_snapshot()
                return command(*arguments, **options)
        except Refused as refused:
            raise Fault(refused.reason) from None

    return run


def said(error: SettingsError) -> str:
    return _(error.sentence, **error.values)


def make_app(is_patient: bool = True) -> Flask:
    """A command takes as long as it takes; only where people wait has a statement an end."""
    try:
        settings = Settings.from_environment()
        return create_app(replace(settings, statement_timeout=0) if is_patient else settings)
    except SettingsError as error:
        raise Fault(said(error)) from None


reading_in_app = partial(in_app, only_reads=True)


def class_called(slug: str) -> "TrainingClass":
    from forum.classes.queries import class_by_slug

    found = class_by_slug(slug)
    if found is None:
        raise Fault(_("there is no class “%(slug)s”.", slug=slug))
    return found


def require_current_schema() -> None:
    if not is_current():
        raise Fault(_("the database's schema is not of this version; run `forum upgrade` first."))

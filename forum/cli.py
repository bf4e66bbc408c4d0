"""The forum command: each command calls operations, then commit()."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from forum.api.api_cli import openapi, token
from forum.backups.backups_cli import backup, restore
from forum.classes.roster_cli import roster
from forum.command import Commands, Fault, class_called, in_app, make_app, reading_in_app, said
from forum.config import SettingsError
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.search.reindex_cli import reindex
from forum.serving_cli import PORT, run_jobs, serve


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("Training Forum (研修论坛): online discussions for training courses."),
)
@click.version_option(package_name="training-forum")
def main() -> None:
    pass


@main.command(help=_("Serve the two reference classes, in one process."))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=PORT)
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help=_("Where the demonstration keeps its data.")
)
@click.option("--fresh", is_flag=True, help=_("Begin anew, with the dates of today."))
@click.option("--reload", is_flag=True, help=_("Start again when the code changes."))
def demo(host: str, port: int, data: Path | None, fresh: bool, reload: bool) -> None:
    from forum.demo.serving import serve_demo

    try:
        serve_demo(host, port, data, fresh, reload)
    except SettingsError as error:
        raise Fault(said(error)) from None
    except Refused as refused:
        raise Fault(refused.reason) from None


@main.command(help=_("Create the schema, or bring it up to date."))
def upgrade() -> None:
    from forum.schema import upgrade_schema

    with make_app().app_context():
        upgrade_schema()
        click.echo(_("The schema is up to date."))


@main.group(help=_("Accounts."))
def member() -> None:
    pass


@member.command("add", help=_("Make an account and print the one-time link that sets its password."))
@click.argument("email")
@click.option("--name", required=True)
@click.option("--admin", is_flag=True, help=_("May see every class."))
@in_app
def add_member(email: str, name: str, admin: bool) -> None:
    from forum.members import operations

    _print_password_link(operations.add_member(name, email=_address(email), is_administrator=admin))


@member.command("link", help=_("Print a new one-time link for somebody who forgot the password."))
@click.argument("email")
@in_app
def link_member(email: str) -> None:
    _print_password_link(_member(email))


@member.command("end-second-step", help=_("Turn off the two-step sign-in of somebody who lost the phone."))
@click.argument("email")
@in_app
def end_second_step(email: str) -> None:
    from forum.db import commit
    from forum.members.queries import confirmed_step
    from forum.members.second_step import end_second_step

    found = _member(email)
    if confirmed_step(found) is None:
        raise Fault(_("%(email)s signs in with the password alone.", email=email))
    end_second_step(found.id)
    commit()


def _member(email: str) -> Any:
    from forum.members.queries import member_by_email

    found = member_by_email(_address(email))
    if found is None:
        raise Fault(_("there is no account with the address %(email)s.", email=email))
    return found


def _print_password_link(found: Any) -> None:
    from flask import current_app

    from forum.db import commit
    from forum.members import operations

    token = operations.issue_password_link(found)
    commit()
    click.echo(f"{current_app.extensions['settings'].base_url}/password/{token}")


def _address(email: str) -> str:
    from forum.members.operations import is_email_address

    if not is_email_address(email.strip()) or "." not in email.partition("@")[2]:
        raise click.UsageError(_("“%(value)s” is not an e-mail address.", value=email))
    return email


@main.group("class", help=_("Training classes."))
def class_group() -> None:
    pass


_DAY = click.DateTime(["%Y-%m-%d"])


@class_group.command("add", help=_("Make an empty class, open, in the default time zone unless told."))
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--starts", required=True, type=_DAY)
@click.option("--ends", required=True, type=_DAY)
@click.option("--timezone", help=_('An IANA name ("Asia/Shanghai") or an offset ("-05:00").'))
@in_app
def add_class(slug: str, title: str, starts: datetime, ends: datetime, timezone: str | None) -> None:
    from flask import current_app

    from forum.classes.operations import create_class
    from forum.db import commit

    zone = timezone or current_app.extensions["settings"].default_timezone
    created = create_class(slug, title, starts.date(), ends.date(), zone)
    commit()
    click.echo(f"{current_app.extensions['settings'].base_url}/classes/{created.slug}")


@main.group(help=_("Threads of other forums."))
def threads() -> None:
    pass


@threads.command(
    "import",
    help=_("Import threads from JSON Lines into a class; every bad line is listed with its number and reason."),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--class", "slug", required=True)
@click.option("--dry-run", is_flag=True, help=_("Report only."))
@click.option("--keep-going", is_flag=True, help=_("Import what is good although lines are bad."))
@in_app
def import_threads(file: Path, slug: str, dry_run: bool, keep_going: bool) -> None:
    from forum.db import commit, db
    from forum.interop.threads import ImportFailed, ImportReport
    from forum.interop.threads import import_threads as run_import

    def report(result: ImportReport, written: bool) -> None:
        for fault in result.faults:
            sentence = _("bad line %(number)s: %(reason)s") if fault.is_error else _("line %(number)s: %(reason)s")
            click.echo(sentence % {"number": fault.line, "reason": fault.reason}, err=True)
        if not written:
            click.echo(_("Nothing was written."))
        click.echo(_summary(result))

    lines = file.read_bytes().splitlines(keepends=True)
    try:
        with click.progressbar(length=len(lines), label=file.name, file=sys.stderr) as bar:
            result = run_import(class_called(slug), lines, keep_going, bar.update)
    except ImportFailed as failed:
        db.session.rollback()
        report(failed.report, written=False)
        bad = len(failed.report.errors)
        raise Fault(_("%(bad)s bad lines in %(file)s, so nothing was imported.", bad=bad, file=file.name)) from None
    if dry_run:
        db.session.rollback()
    else:
        commit()
    report(result, written=not dry_run)


def _summary(result: Any) -> str:
    return _(
        "Added: %(members)s people, %(discussions)s discussions, %(posts)s posts. "
        "Already there: %(known)s lines. Kept as top-level posts: %(orphans)s.",
        members=result.members,
        discussions=result.discussions,
        posts=result.posts,
        known=result.already_there,
        orphans=result.orphans,
    )


@main.command(help=_("The participation figures of a class."))
@click.argument("slug")
@click.option("--by", type=click.Choice(["trainee", "unit", "group", "discussion", "stage", "week", "hour"]))
@click.option("--from", "first", type=_DAY)
@click.option("--to", "last", type=_DAY)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "xlsx"]), default="table", show_default=True
)
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help=_("Write to a file."))
@reading_in_app
def figures(slug: str, by: Any, first: datetime | None, last: datetime | None, form: str, output: Path | None) -> None:
    from forum.reports.workbook import workbook
    from forum.statistics.export import write_figures
    from forum.statistics.figures import Period, Scope, class_figures
    from forum.statistics.queries import choices_of

    if form == "xlsx" and output is None:
        raise click.UsageError(_("a workbook needs a file: add -o FILE."))
    period = Period(first.date() if first else None, last.date() if last else None)
    if period.first and period.last and period.last < period.first:
        raise click.UsageError(_("--to is before --from."))
    if any(day and not 1900 <= day.year <= 9000 for day in (period.first, period.last)):
        raise click.UsageError(_("--from and --to are days of the years 1900 to 9000."))
    training_class = class_called(slug)
    if form == "xlsx" and output is not None:
        output.write_bytes(workbook(Scope(training_class, period=period), choices_of(training_class).discussions, by))
        return
    write_figures(class_figures(training_class, by, period), by, form, output)


@main.command(help=_("Recount every figure from the posts and compare."))
@click.option("--settings", is_flag=True, help=_("See first whether the settings are fit for production."))
def check(settings: bool) -> None:
    from forum import production

    unfit = list(production.faults(make_app().extensions["settings"])) if settings else []
    for fault in unfit:
        click.echo(fault)
    if _says_wrong_figures() or unfit:
        sys.exit(1)


@reading_in_app
def _says_wrong_figures() -> bool:
    from forum.statistics.checking import faults

    found = list(faults())
    for fault in found:
        click.echo(fault)
    if not found:
        click.echo(_("Every figure agrees with the posts."))
    return bool(found)


main.add_command(serve)
main.add_command(run_jobs)
main.add_command(roster)
main.add_command(reindex)
main.add_command(token)
main.add_command(openapi)
main.add_command(backup)
main.add_command(restore)


if __name__ == "__main__":
    main()

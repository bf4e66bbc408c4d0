"""forum roster: a spreadsheet of people into a class, from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forum.command import Fault, class_called, in_app
from forum.i18n import gettext as _

if TYPE_CHECKING:
    from forum.classes import roster_rows
    from forum.classes.roster import Plan


@click.group(help=_("Who is in a class."))
def roster() -> None:
    pass


@roster.command(
    "import",
    help=_("Import a roster (CSV, XLS or XLSX) into a class; every bad row is listed with its number and reason."),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--class", "slug", required=True)
@click.option("--dry-run", is_flag=True, help=_("Report only."))
@in_app
def import_roster(file: Path, slug: str, dry_run: bool) -> None:
    from forum.classes.roster import import_roster, plan_roster
    from forum.classes.roster_rows import read_roster
    from forum.classes.sheets import read_file
    from forum.db import commit

    training_class = class_called(slug)
    found = read_roster(read_file(file))
    plan = (plan_roster if dry_run else import_roster)(training_class, found.rows)
    if not dry_run:
        commit()
    _report(found, plan)
    if dry_run:
        click.echo(_("Nothing was written."))
    if not plan.people:
        raise Fault(_("nobody could be read from %(file)s.", file=file.name))


def _report(found: "roster_rows.Roster", plan: "Plan") -> None:
    bad, warnings = found.bad + plan.bad, found.warnings + plan.warnings
    for fault in sorted(bad, key=lambda fault: fault.row):
        click.echo(_("bad row %(number)s: %(reason)s", number=_where(fault), reason=fault.reason), err=True)
    for fault in sorted(warnings, key=lambda fault: fault.row):
        click.echo(_("row %(number)s: %(reason)s", number=_where(fault), reason=fault.reason), err=True)
    if found.other_sheets:
        names = ", ".join(found.other_sheets)
        click.echo(_("Not read: the other sheets, %(names)s.", names=names), err=True)
    click.echo(
        _(
            "New in the class: %(new)s. Changed: %(changed)s. Already there: %(known)s. Bad rows: %(bad)s.",
            new=len(plan.of("new")),
            changed=len(plan.of("changed")),
            known=len(plan.of("known")),
            bad=len(bad),
        )
    )


def _where(fault: "roster_rows.Fault") -> str:
    """What stands in the file is shown as it is, without what a terminal would obey."""
    name = "".join(character for character in fault.name if character.isprintable())
    return f"{fault.row} ({name})" if name else str(fault.row)

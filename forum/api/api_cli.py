"""`forum token` and `forum openapi`."""

import json

import click

from forum.command import Fault, in_app, make_app
from forum.i18n import gettext as _


@click.group(help=_("Tokens for programs that use the API."))
def token() -> None:
    pass


@token.command("add", help=_("Make a token that acts as this member, and print it: it is shown this once."))
@click.argument("email")
@click.option("--name", required=True, help=_("What it is for."))
@click.option("--scope", type=click.Choice(["read", "write"]), default="write", show_default=True)
@in_app
def add_token(email: str, name: str, scope: str) -> None:
    from forum.api import operations
    from forum.api.models import Scope
    from forum.db import commit
    from forum.members.queries import member_by_email

    found = member_by_email(email)
    if found is None:
        raise Fault(_("there is no account with the address %(email)s.", email=email))
    secret = operations.add_token(found, name, Scope(scope))
    commit()
    click.echo(secret)


@click.command(help=_("Print the OpenAPI document of the API."))
def openapi() -> None:
    from forum.api.document import document

    with make_app().app_context():
        click.echo(json.dumps(document(), ensure_ascii=False, indent=2))

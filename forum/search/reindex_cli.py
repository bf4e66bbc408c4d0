"""`forum reindex`."""

import sys

import click

from forum.command import in_app
from forum.i18n import gettext as _


@click.command(help=_("Write the words anew by which posts are found. Until it is done, search finds less."))
@in_app
def reindex() -> None:
    from forum.db import commit
    from forum.search import operations

    count, last = operations.forget_words(), 0
    commit()
    with click.progressbar(length=count, label=_("posts"), file=sys.stderr) as bar:
        while True:
            done, last = operations.index_some(last)
            commit()
            if not done:
                break
            bar.update(done)
    click.echo(_("Every post can be found."))

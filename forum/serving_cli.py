"""The commands that stay: the server, and what works off the queue beside it."""

import os
from tempfile import mkdtemp

import click
from flask import current_app

from forum.command import Fault, in_app, make_app, require_current_schema
from forum.config import Settings
from forum.i18n import gettext as _

PORT = click.IntRange(1, 65535)


@click.command(help=_("Serve the database named in the environment."))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--trial", is_flag=True, help=_("End before the first request: it would start."))
def serve(host: str, port: int, workers: int, trial: bool) -> None:
    if workers > 1 and not os.environ.get("FORUM_REDIS_URL"):
        raise click.UsageError(_("more than one worker needs FORUM_REDIS_URL, so that each hears of the others."))
    if os.environ.get("FORUM_DATABASE_URL") and not os.environ.get("FORUM_SECRET_KEY"):
        raise Fault(_("FORUM_DATABASE_URL is set, so FORUM_SECRET_KEY must be too: a long random text, kept secret."))
    if workers > 1 and os.environ.get("FORUM_METRICS_TOKEN"):
        # Before anything that counts is imported: it looks once whether it does so for several.
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", mkdtemp(prefix="forum-metrics-"))
    from forum.greenlets import runs_greenlets
    from forum.serving import serve_app, start_with_greenlets, wants_greenlets

    app = make_app(is_patient=False)
    settings: Settings = app.extensions["settings"]
    _require_fitness(settings)
    with app.app_context():
        require_current_schema()
    if trial:
        return
    if wants_greenlets(settings) and not runs_greenlets():
        start_with_greenlets("serve", "--host", host, "--port", str(port), "--workers", str(workers))
    serve_app(app, host, port, workers, settings.drain, is_json=settings.log == "json")


def _require_fitness(settings: Settings) -> None:
    from forum import production

    if not settings.is_local and (found := " ".join(production.faults(settings))):
        raise Fault(found)


@click.command("jobs", help=_("Do what runs later: mail, reminders. Beside `forum serve` on PostgreSQL."))
@in_app
def run_jobs() -> None:
    from forum.jobs import jobs
    from forum.logs import speak_json

    if current_app.extensions["settings"].log == "json":
        speak_json()
    jobs().run()

"""Whether this process can work: what a monitor asks, without signing in and without learning more."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from forum import leaving, rooms
from forum.db import db, undo
from forum.jobs import jobs

blueprint = Blueprint("health", __name__)


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, Any], int]:
    """503 without the database, and once the server is about to stop. Without the queue between processes everything
    works, but what happens in another process reaches the pages of this one only as they ask for it; without jobs no
    mail and no reminder goes out."""
    try:
        db.session.execute(sa.text("SELECT 1"))
        database = True
    except SQLAlchemyError:
        undo()
        database = False
    state = {"database": database, "queue": rooms.queue_state(), "jobs": jobs().state()}
    return state, 200 if database and not leaving.is_leaving() else 503

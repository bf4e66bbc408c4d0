"""What monitors ask, without signing in and without learning more; and the metrics, for whoever has their token."""

from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, abort, current_app, request

from forum import leaving, metrics
from forum.health import health, readings

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> dict[str, bool]:
    """The process answers; nothing else is asked."""
    return {"alive": True}


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, Any], int]:
    """503 without the database or on another schema, and once the server is about to stop. Without the queue between
    processes everything works, but what happens in another process reaches the pages of this one only as they ask for
    it; without jobs no mail and no reminder goes out."""
    state = health()
    return state.as_json(), 200 if state.can_answer and not leaving.is_leaving() else 503


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """For everybody else it is not there."""
    token: str = current_app.extensions["settings"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not compare_digest(given.encode(), token.encode()):
        abort(404)
    return Response(metrics.exposition(readings), content_type="text/plain; version=0.0.4; charset=utf-8")

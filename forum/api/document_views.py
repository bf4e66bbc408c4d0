"""The OpenAPI document, and the same as a page."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from forum.api.document import document
from forum.problems import PROBLEMS

blueprint = Blueprint("api_document", __name__)


@blueprint.get("/api/v1/openapi.json")
def show_document() -> Response:
    response = Response(_written(document()), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request.environ)
    return response


@blueprint.get("/api")
def show_documentation() -> str:
    base_url = current_app.extensions["settings"].base_url
    words = {"document": document(), "problems": PROBLEMS, "base_url": base_url, "written": _written}
    return render_template("api/documentation.html", **words)


def _written(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)

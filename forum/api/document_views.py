"""The OpenAPI document, and the same as a page."""

import json

from flask import Blueprint, Response, current_app, render_template, request

from forum.api.document import document
from forum.problems import PROBLEMS

blueprint = Blueprint("api_document", __name__)


@blueprint.get("/api/v1/openapi.json")
def show_document() -> Response:
    written = json.dumps(document(), ensure_ascii=False, indent=2)
    response = Response(written, mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request.environ)
    return response


@blueprint.get("/api")
def show_documentation() -> str:
    base_url = current_app.extensions["settings"].base_url
    return render_template("api/documentation.html", document=document(), problems=PROBLEMS, base_url=base_url)

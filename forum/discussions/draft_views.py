"""A text under way: kept for its author alone, found again on another device."""

from typing import Any

from flask import Blueprint, request
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import policy
from forum.db import commit, undo
from forum.discussions import drafts, queries
from forum.discussions.models import Discussion, Draft
from forum.errors import Refused
from forum.web import found, number_argument, require, require_sender

blueprint = Blueprint("drafts", __name__, url_prefix="/discussions")

Answer = dict[str, Any] | tuple[dict[str, Any], int] | Response


@blueprint.get("/<int:discussion_id>/draft")
@login_required
def show_draft(discussion_id: int) -> Answer:
    """Of the reflection, or with `?parent=N` of the reply to that post; version 0: there is none."""
    discussion = _load(discussion_id)
    draft = queries.get_draft(current_user, discussion, number_argument(request.args, "parent") or 0)
    return _described(draft) | {"body": draft.body if draft else ""}


@blueprint.post("/<int:discussion_id>/draft")
@login_required
def keep_draft(discussion_id: int) -> Answer:
    discussion = _load(discussion_id)
    require_sender()
    parent, version = (number_argument(request.form, name) or 0 for name in ("parent", "version"))
    try:
        draft = drafts.keep_draft(current_user, discussion, parent, request.form.get("body", ""), version)
    except drafts.NewerDraft as refused:
        answer = _described(refused.draft) | {"body": refused.draft.body, "refused": refused.reason}
        undo()
        return answer, 409
    except Refused as refused:
        undo()
        return {"refused": refused.reason}, 422
    answer = _described(draft)
    commit()
    return answer


def _load(discussion_id: int) -> Discussion:
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    return discussion


def _described(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {"version": 0, "kept_at": None}
    return {"version": draft.version, "kept_at": draft.kept_at.isoformat()}

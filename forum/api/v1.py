"""The calls of version 1: the queries, the policy and the operations that the pages use."""

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, abort, g, request
from flask_babel import gettext as _
from flask_login import current_user

from forum import policy
from forum.api import answers, arguments, bearer, queries, schemas
from forum.api.shapes import as_json
from forum.classes.models import TrainingClass
from forum.classes.queries import enrolments_of, get_class, get_enrolment, get_group
from forum.db import commit, db, expect_reading, undo
from forum.discussions.models import Discussion
from forum.discussions.operations import CannotAnswer, TokenSpent, publish_post
from forum.discussions.queries import get_discussion, lock_discussion, post_by_token
from forum.errors import Refused
from forum.home.queries import class_discussions
from forum.limiting import refuse_post
from forum.problems import problem
from forum.statistics.export import figures_as_json
from forum.statistics.figures import figures_of
from forum.statistics.scope import Scope
from forum.units.models import Unit
from forum.web import found, require

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.before_request(bearer.enter)
blueprint.after_request(bearer.leave)


@blueprint.get("/me")
def show_member() -> Response:
    return _answer(answers.member_answer(current_user, *g.token))


@blueprint.get("/classes")
def list_classes() -> Response:
    asked = arguments.Arguments(request.args)
    limit, after = _limit(asked), asked.slug("after")
    asked.end()
    last = get_class(current_user, after) if after else None
    if after and last is None:
        raise arguments.Mistaken({"after": _("Send what the page before gave as “next”.")})
    classes = queries.page_of_classes(current_user, last, limit)
    more, classes = len(classes) > limit, classes[:limit]
    enrolments = enrolments_of(current_user)
    shown = [answers.class_answer(each, enrolments.get(each.id)) for each in classes]
    return _answer(schemas.Classes(shown, shown[-1].slug if more else None))


@blueprint.get("/classes/<slug>")
def show_class(slug: str) -> Response:
    training_class = found(get_class(current_user, slug))
    return _answer(answers.class_answer(training_class, get_enrolment(current_user, training_class.id)))


@blueprint.get("/classes/<slug>/discussions")
def list_discussions(slug: str) -> Response:
    training_class = found(get_class(current_user, slug))
    discussions = [row.discussion for row in class_discussions(current_user, training_class)]
    return _answer(answers.discussions_answer(training_class, discussions))


@blueprint.get("/classes/<slug>/figures")
def show_figures(slug: str) -> Response:
    training_class = found(get_class(current_user, slug))
    require(policy.can_see_figures, training_class)
    asked = arguments.Arguments(request.args)
    by, scope = asked.grouping(), _scope(training_class, asked)
    asked.end()
    return _json(figures_as_json(figures_of(scope, by)))


@blueprint.get("/discussions/<int:discussion_id>")
def show_discussion(discussion_id: int) -> Response:
    return _answer(answers.discussion_answer(found(get_discussion(current_user, discussion_id))))


@blueprint.get("/discussions/<int:discussion_id>/posts")
def list_posts(discussion_id: int) -> Response:
    discussion = _readable(discussion_id)
    asked = arguments.Arguments(request.args)
    after, since, limit = asked.number("after", 0), asked.number("since", 0), _limit(asked)
    asked.end()
    tag = _posts_tag(discussion, after, since, limit)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        rows = queries.posts_of(discussion.id, after, since, limit + 1)
        shown = [_post(discussion, row) for row in rows[:limit]]
        response = _answer(schemas.Posts(discussion.revision, shown, shown[-1].number if len(rows) > limit else None))
    response.set_etag(tag, weak=True)
    return response


@blueprint.get("/discussions/<int:discussion_id>/posts/<int:number>")
def show_post(discussion_id: int, number: int) -> Response:
    return _answer(_one_post(_readable(discussion_id), number))


@blueprint.post("/discussions/<int:discussion_id>/posts")
def add_post(discussion_id: int) -> Response:
    discussion = found(get_discussion(current_user, discussion_id))
    require(policy.can_post, discussion)
    if left := refuse_post(current_user):
        return bearer.too_many(left)
    if not request.is_json:
        abort(415)
    key = arguments.once_only_key(request.headers.get("Idempotency-Key"))
    body, parent = arguments.new_post(arguments.json_object(request.get_data()))
    # Held before it is asked whether the post is there: the same may be on its way a second time.
    lock_discussion(discussion.id)
    token = queries.digest_of(key) if key else None
    is_there = token is not None and post_by_token(current_user, token) is not None
    number = publish_post(current_user, discussion, body, parent, token).number
    commit()
    expect_reading(True)
    response = _answer(_one_post(found(get_discussion(current_user, discussion_id)), number))
    response.status_code = 200 if is_there else 201
    response.headers["Location"] = f"/api/v1/discussions/{discussion_id}/posts/{number}"
    return response


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> Response:
    undo()
    if isinstance(error, TokenSpent):
        words = _("This Idempotency-Key was sent before, with another text. Send a new text with a key of its own.")
        return problem("refused", words, {"Idempotency-Key": words})
    return problem("refused", error.reason, {"parent": error.reason} if isinstance(error, CannotAnswer) else None)


@blueprint.errorhandler(arguments.Mistaken)
def mistaken(error: arguments.Mistaken) -> Response:
    undo()
    return problem("invalid", errors=error.errors)


@blueprint.errorhandler(arguments.Malformed)
def malformed(_error: arguments.Malformed) -> Response:
    undo()
    return problem("malformed")


def _scope(training_class: TrainingClass, asked: arguments.Arguments) -> Scope:
    def discussion_of_class(discussion_id: int) -> Discussion | None:
        discussion = get_discussion(current_user, discussion_id)
        return discussion if discussion is not None and discussion.class_id == training_class.id else None

    return Scope(
        training_class,
        discussion=asked.thing("discussion", discussion_of_class),
        period=asked.period(),
        stage=asked.stage(),
        unit=asked.thing("unit", lambda unit_id: db.session.get(Unit, unit_id)),
        group=asked.thing("group", lambda group_id: get_group(training_class, group_id)),
        level=asked.level(),
    )


def _limit(asked: arguments.Arguments) -> int:
    return asked.number("limit", arguments.PAGE, 1, arguments.LARGEST_PAGE)


def _readable(discussion_id: int) -> Discussion:
    """A discussion whose posts the member may read: under *post first* a trainee posts before."""
    discussion = found(get_discussion(current_user, discussion_id))
    if not policy.can_read_posts(current_user, discussion):
        abort(
            problem(
                "forbidden", _("Here you read the others after posting your own reflection. Post it, then ask again.")
            )
        )
    return discussion


def _posts_tag(discussion: Discussion, *asked: int) -> str:
    """Of what the page of posts depends on: nothing of it has to be read to know that it is still the same."""
    training_class = discussion.training_class
    seen = (
        training_class.id,
        training_class.roster_revision,
        training_class.timezone,
        discussion.id,
        discussion.revision,
    )
    reader = (current_user.id, policy.can_moderate(current_user, training_class))
    return hashlib.sha256(repr((seen, reader, asked)).encode()).hexdigest()[:32]


def _one_post(discussion: Discussion, number: int) -> schemas.Post:
    rows = queries.posts_of(discussion.id, number - 1, 0, 1)
    return _post(discussion, found(rows[0] if rows and rows[0].number == number else None))


def _post(discussion: Discussion, row: queries.PostRow) -> schemas.Post:
    """With its text for its author and for the staff also where it is hidden."""
    training_class = discussion.training_class
    may_read_hidden = row.author_id == current_user.id or policy.can_moderate(current_user, training_class)
    return answers.post_answer(row, training_class.zone, may_read_hidden)


def _answer(shape: Any) -> Response:
    return _json(as_json(shape))


def _json(content: Any) -> Response:
    return Response(json.dumps(content, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")

"""The calls, as the document tells them: what each takes and every answer that it may give."""

from dataclasses import dataclass
from typing import Any

from forum.api import schemas
from forum.api.arguments import LARGEST_NUMBER, LARGEST_PAGE, LONGEST_KEY, PAGE
from forum.api.shapes import schema_of
from forum.discussions.models import Stage
from forum.statistics.figures import GROUPINGS

Answers = dict[int, tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    words: str
    schema: dict[str, Any]
    example: Any
    place: str = "query"


@dataclass(frozen=True, slots=True)
class Call:
    """`answers` are the good ones, each with its shape; `faults` the problems beyond those of every call."""

    method: str
    path: str
    name: str
    title: str
    words: str
    answers: Answers
    parameters: tuple[Parameter, ...] = ()
    faults: tuple[int, ...] = ()
    takes: Any = None


_NUMBER = {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER}
_SLUG = Parameter("slug", "Of the class.", {"type": "string"}, "spring", "path")
_DISCUSSION = Parameter("discussion_id", "Of the discussion.", {"type": "integer"}, 12, "path")
_NUMBER_OF_POST = Parameter("number", "Of the post in its discussion.", {"type": "integer"}, 3, "path")
_LIMIT = Parameter(
    "limit",
    f"How many to a page, {PAGE} unless told.",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
    PAGE,
)
_KEY = Parameter(
    "Idempotency-Key",
    "Names this text, for example a UUID made once for it. However often the same is sent with the same key, it is "
    "posted once; send it again whenever an answer did not arrive. Without a key it is posted each time.",
    {"type": "string", "maxLength": LONGEST_KEY},
    "7c1f0a52-6a1c-4a57-9f6e-2c0a7a0f4f11",
    "header",
)
_IDENTITY = _NUMBER | {"minimum": 1}
_DAY = {"type": "string", "format": "date"}

CALLS: tuple[Call, ...] = (
    Call(
        "get", "/me", "showMember", "The member", "In whose name the token acts.", {200: ("The member", schemas.Member)}
    ),
    Call(
        "get",
        "/classes",
        "listClasses",
        "Classes",
        "Those that the member may see: their own, all of them for an administrator.",
        {200: ("A page of classes", schemas.Classes)},
        (Parameter("after", "`next` of the page before.", {"type": "string"}, "autumn"), _LIMIT),
        (422,),
    ),
    Call(
        "get",
        "/classes/{slug}",
        "showClass",
        "A class",
        "With what the member is in it.",
        {200: ("The class", schemas.TrainingClass)},
        (_SLUG,),
        (404,),
    ),
    Call(
        "get",
        "/classes/{slug}/discussions",
        "listDiscussions",
        "Discussions of a class",
        "Those that the member may see, with their figures.",
        {200: ("The discussions", schemas.Discussions)},
        (_SLUG,),
        (404,),
    ),
    Call(
        "get",
        "/classes/{slug}/figures",
        "showFigures",
        "Participation figures",
        "For instructors, organisers, observers and administrators. Rates are fractions; times are seconds. Totals are "
        "computed, never summed from rows: by week participants do not add up.",
        {200: ("The figures", "Figures")},
        (
            _SLUG,
            Parameter(
                "by",
                "What to have a row for; no rows unless told.",
                {"type": "string", "enum": list(GROUPINGS)},
                "unit",
            ),
            Parameter("from", "The first day, in the class's time zone.", _DAY, "2026-03-02"),
            Parameter("to", "The last day, included.", _DAY, "2026-03-08"),
            Parameter("discussion", "The id of a discussion: only what stands there.", _IDENTITY, 12),
            Parameter("stage", "Only discussions of this stage.", schema_of(Stage), "during"),
            Parameter(
                "unit", "The id of a unit (`key` of a row by unit): only its people and those below it.", _IDENTITY, 3
            ),
            Parameter("group", "The id of a group (`key` of a row by group): only its people.", _IDENTITY, 1),
            Parameter(
                "level", "With by=unit: the depth in the tree that rows are rolled up to, 0 for the top.", _NUMBER, 1
            ),
        ),
        (403, 404, 422),
    ),
    Call(
        "get",
        "/discussions/{discussion_id}",
        "showDiscussion",
        "A discussion",
        "With its window and its figures.",
        {200: ("The discussion", schemas.Discussion)},
        (_DISCUSSION,),
        (404,),
    ),
    Call(
        "get",
        "/discussions/{discussion_id}/posts",
        "listPosts",
        "Posts of a discussion",
        "In order of number. To follow a discussion, keep `revision` and send it as `since` the next time: the answer "
        "is what came or changed after it. Where trainees post first, one who has not is told so with 403.",
        {200: ("A page of posts", schemas.Posts)},
        (
            _DISCUSSION,
            Parameter("after", "Posts after this number: `next` of the page before.", _NUMBER | {"default": 0}, 50),
            Parameter("since", "Posts new or changed since this revision.", _NUMBER | {"default": 0}, 41),
            _LIMIT,
        ),
        (403, 404, 422),
    ),
    Call(
        "post",
        "/discussions/{discussion_id}/posts",
        "addPost",
        "Post a reflection or a reply",
        "In the role that the member has in the class. It stands on everybody's page at once. What the forum's rules "
        "do not admit now (a closed discussion, an answer to a post that is gone) is 422, with the reason.",
        {
            201: ("The post", schemas.Post),
            200: ("The post, which the same key and text had brought before", schemas.Post),
        },
        (_DISCUSSION, _KEY),
        (400, 403, 404, 413, 415, 422, 503),
        schemas.NewPost,
    ),
    Call(
        "get",
        "/discussions/{discussion_id}/posts/{number}",
        "showPost",
        "A post",
        "By its number.",
        {200: ("The post", schemas.Post)},
        (_DISCUSSION, _NUMBER_OF_POST),
        (403, 404),
    ),
)

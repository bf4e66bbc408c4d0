"""The posts of a file: numbered by time after those there are, placed under their parents, written in bulk."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from forum.classes.models import Role, TrainingClass
from forum.db import db
from forum.discussions.counting import recount_discussions
from forum.discussions.indexing import Written, index_posts
from forum.discussions.models import Post
from forum.discussions.rendering import render_body
from forum.interop import queries
from forum.interop.forest import in_levels
from forum.interop.queries import Place
from forum.interop.rows import PostRow
from forum.text import count_characters

_AT_ONCE = 500


def add_posts(
    training_class: TrainingClass,
    rows: Sequence[PostRow],
    discussions: Mapping[str, int],
    authors: Mapping[str, tuple[int, Role]],
    orphans: Container[str],
    places: dict[str, Place],
    progress: Callable[[int], None],
) -> None:
    """`discussions` and `authors` by the file's ids; so are `places`, which hold the parents imported before and gain
    every post that is added."""
    numbered = _number(rows, discussions)
    for level in in_levels(rows, orphans):
        for start in range(0, len(level), _AT_ONCE):
            some = level[start : start + _AT_ONCE]
            columns = []
            for row in some:
                parent = None if row.parent is None or row.id in orphans else places[row.parent]
                author_id, role = authors[row.author]
                own: dict[str, Any] = {"class_id": training_class.id, "author_id": author_id, "role": role}
                columns.append(own | numbered[row.id] | _written(row) | _placed(parent))
            ids = db.session.scalars(insert(Post).returning(Post.id, sort_by_parameter_order=True), columns)
            written = []
            for row, post_id, post in zip(some, ids, columns, strict=True):
                places[row.id] = Place(post_id, post["discussion_id"], post["root_id"], post["depth"])
                written.append(
                    Written(post_id, post["class_id"], post["discussion_id"], post["created_at"], post["html"])
                )
            index_posts(written)
            progress(len(some))
    recount_discussions({discussions[row.discussion] for row in rows})


def _number(rows: Sequence[PostRow], discussions: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """What depends on the discussion, by time after the posts there are."""
    held = queries.hold_discussions({discussions[row.discussion] for row in rows})
    numbered: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.line)):
        discussion = held[discussions[row.discussion]]
        discussion.last_number += 1
        discussion.revision += 1
        numbered[row.id] = {
            "discussion_id": discussion.id,
            "number": discussion.last_number,
            "revision": discussion.revision,
            "late": discussion.is_late_at(row.at),
        }
    return numbered


def _written(row: PostRow) -> dict[str, Any]:
    html = render_body(row.body, row.format)
    return {
        "created_at": row.at,
        "body": row.body,
        "format": row.format,
        "html": html,
        "characters": count_characters(html),
    }


def _placed(parent: Place | None) -> dict[str, Any]:
    if parent is None:
        return {"parent_id": None, "root_id": None, "depth": 0}
    return {"parent_id": parent.id, "root_id": parent.root_id or parent.id, "depth": parent.depth + 1}

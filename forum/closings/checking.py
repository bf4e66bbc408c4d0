"""Every closing record recounted from what it says was counted, and that from the posts."""

from collections.abc import Iterator
from typing import Any

from forum.classes.models import Role
from forum.closings import queries
from forum.closings.counting import Snapshot
from forum.closings.models import ClosingRecord
from forum.i18n import gettext as _


def faults(class_id: int) -> Iterator[str]:
    posts: dict[int, Any] = {}
    read: int | None = None
    for record in queries.records_of_class(class_id):
        if read != record.discussion_id:
            read, posts = record.discussion_id, queries.facts_of_posts(record.discussion_id)
        where = _("discussion %(id)s, recorded at its closing", id=record.discussion_id)
        yield from (f"{where}: {fault}" for fault in _faults(record, posts))


def _faults(record: ClosingRecord, posts: dict[int, Any]) -> Iterator[str]:
    counted = Snapshot.from_json(record.counted, {one: post.created_at for one, post in posts.items()})
    if lost := [one for one in (*counted.posts, *counted.comments) if one not in posts]:
        yield _("%(count)s counted posts are gone", count=len(lost))
        return
    for one, kept in counted.posts.items():
        post = posts[one]
        if (post.author_id, post.root_id, post.role) != (kept.author, kept.root, Role.TRAINEE):
            yield _("post %(number)s is not what was counted", number=post.number)
    for one, root in counted.comments.items():
        post = posts[one]
        if (post.root_id, post.role) != (root, Role.INSTRUCTOR):
            yield _("post %(number)s is not what was counted", number=post.number)
    for name, value in counted.figures().items():
        if record.figures.get(name) != value:
            shown = record.figures.get(name)
            yield _("%(name)s is kept as %(shown)s, the posts say %(counted)s", name=name, shown=shown, counted=value)

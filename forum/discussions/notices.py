"""Who is told of a post: whom it answers, and under whose reflection; its author, when it is featured."""

from collections.abc import Collection

from forum.classes.models import Role
from forum.db import after_commit
from forum.discussions import broadcasts, queries
from forum.discussions.models import Post
from forum.notifications.models import Kind
from forum.notifications.operations import notify


def post_answered(answered: Post, post: Post) -> None:
    """At most two people, and never the author of the answer."""
    if others := queries.authors_above(answered) - {post.author_id}:
        kind = Kind.COMMENT if post.role is Role.INSTRUCTOR else Kind.REPLY
        _tell(kind, post, others, post.author_id)


def post_featured(post: Post) -> None:
    if post.featured_by_id != post.author_id:
        _tell(Kind.FEATURED, post, [post.author_id], post.featured_by_id)


def _tell(kind: Kind, post: Post, members: Collection[int], actor_id: int | None) -> None:
    told = notify(kind, members, post.discussion_id, post_id=post.id, number=post.number, actor_id=actor_id)
    if told:
        after_commit(broadcasts.notifications_changed, *told)

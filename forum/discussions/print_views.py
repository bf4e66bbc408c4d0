"""A discussion on paper: all that stands in it, in the order of its threads."""

from dataclasses import dataclass, field

from flask import Blueprint, render_template
from flask_login import current_user, login_required

from forum import clock, policy
from forum.discussions import figures, queries, threads
from forum.discussions.models import Discussion
from forum.discussions.rows import PostRow
from forum.web import found, page_argument

blueprint = Blueprint("printing", __name__, url_prefix="/discussions")

REFLECTIONS_A_PART = 500
ALL = 10**9


@dataclass(slots=True)
class PrintedThread:
    """A reflection with everything below it that stands; the reflection itself may be hidden by now."""

    number: int
    reflection: PostRow | None = None
    replies: list[PostRow] = field(default_factory=list)


@blueprint.get("/<int:discussion_id>/print")
@login_required
def print_discussion(discussion_id: int) -> str:
    """Whoever may see the discussion; its posts for those who may read them."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    may_read = policy.can_read_posts(current_user, discussion)
    printed = _threads(discussion) if may_read else []
    after = page_argument("after") or 0
    rest = [thread for thread in printed if thread.number > after]
    part = rest[:REFLECTIONS_A_PART]
    return render_template(
        "discussions/print.html",
        discussion=discussion,
        now=clock.now(),
        may_read=may_read,
        threads=part,
        before=len(printed) - len(rest),
        total=len(printed),
        later=part[-1].number if len(rest) > len(part) else None,
        figures=figures.discussion_summary(discussion),
    )


def _threads(discussion: Discussion) -> list[PrintedThread]:
    """Of what stands, by the reflections' numbers."""
    rows = threads.posts_since(discussion.id, -1, ALL)
    standing = sorted((row for row in rows if not row.hidden and not row.deleted), key=lambda row: row.number)
    numbers = {row.id: row.number for row in rows}
    found_threads: dict[int, PrintedThread] = {}
    for row in standing:
        number = numbers[row.root_id or row.id]
        thread = found_threads.setdefault(number, PrintedThread(number))
        if row.root_id is None:
            thread.reflection = row
        else:
            thread.replies.append(row)
    return [found_threads[number] for number in sorted(found_threads)]

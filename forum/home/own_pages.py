"""What a person's own page is made of: what they did in each class, what they still owe, what came back."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from flask_login import current_user

from forum.attendance.figures import PersonInTheRoom, in_the_room_by_class
from forum.classes.models import Role
from forum.discussions.models import State
from forum.home import own_queries, queries
from forum.home.pages import is_past
from forum.home.rows import OwnClass, OwnComments, OwnDiscussion, OwnFigures


def own_page(now: datetime, page: int) -> dict[str, Any]:
    """`page`: of the comments received."""
    classes = _own_classes(now)
    uncounted, uncounted_total = own_queries.uncounted_posts(current_user)
    owed = [entry for one in classes for entry in one.discussions if entry.is_owed]
    comments = queries.comments_received(current_user, now, page)
    return {
        "owed": sorted((entry for entry in owed if entry.state is State.OPEN), key=_closing),
        "upcoming": sorted((entry for entry in owed if entry.state is State.UPCOMING), key=_opening),
        "current": [one for one in classes if not one.is_past],
        "past": [one for one in classes if one.is_past],
        "uncounted": uncounted,
        "uncounted_rest": uncounted_total - len(uncounted),
        "comments": comments,
        "has_more": bool(comments) and comments[0].total > page * queries.ANSWERS_SHOWN,
        "writes": any(one.has_figures for one in classes),
    }


def _own_classes(now: datetime) -> list[OwnClass]:
    enrolments = own_queries.own_enrolments(current_user)
    discussions: dict[int, list[OwnDiscussion]] = defaultdict(list)
    for discussion, is_mine, posts, late, written, received in own_queries.own_discussions(current_user):
        entry = OwnDiscussion(discussion, discussion.state_at(now), bool(is_mine), posts, late, written, received)
        discussions[discussion.class_id].append(entry)
    figures, room = own_queries.own_figures(current_user), in_the_room_by_class(current_user)
    commenting = [one.class_id for one in enrolments if one.role is Role.INSTRUCTOR]
    comments = own_queries.own_comments(current_user, commenting)
    return [
        OwnClass(
            enrolment=one,
            is_past=is_past(one.training_class, now),
            figures=figures.get(one.class_id, OwnFigures()),
            room=room.get(one.class_id, PersonInTheRoom()),
            comments=comments.get(one.class_id, OwnComments()),
            discussions=discussions[one.class_id],
        )
        for one in enrolments
    ]


def _closing(entry: OwnDiscussion) -> tuple[bool, Any]:
    closes_at = entry.discussion.closes_at
    return closes_at is None, closes_at or 0


def _opening(entry: OwnDiscussion) -> tuple[bool, Any]:
    opens_at = entry.discussion.opens_at
    return opens_at is None, opens_at or 0

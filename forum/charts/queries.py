"""When the posts of a scope were written."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from forum.classes.models import Enrolment
from forum.db import db
from forum.discussions.counting import is_counted
from forum.discussions.models import Post
from forum.statistics.hours import hour_number, start_of_hour
from forum.statistics.queries import enrolled
from forum.statistics.scope import Scope


def posts_by_hour(scope: Scope) -> dict[datetime, int]:
    """Counted posts by the hour in the class's time zone, without the hours in which there are none."""
    hour = hour_number(Post.created_at, scope.training_class).label("hour")
    statement = (
        select(hour, sa.func.count())
        .select_from(Post)
        .join(Enrolment, enrolled(scope.training_class.id, Post.author_id))
        .where(is_counted(), scope.posts(), scope.people())
        .group_by("hour")
    )
    return {start_of_hour(int(number)): count for number, count in db.session.execute(statement)}

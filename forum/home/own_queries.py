"""What one member did in their classes, in a number of statements that no class, discussion or post adds to."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from forum import clock
from forum.classes.models import Activity, Enrolment, Role, TrainingClass
from forum.db import db
from forum.discussions.counting import in_audience, is_counted, is_counted_comment, is_standing, is_waiting
from forum.discussions.models import Discussion, Participation, Post
from forum.discussions.queries import visible_to
from forum.home.rows import OwnComments, OwnFigures, UncountedRow
from forum.members.models import Member

UNCOUNTED_SHOWN = 50


def own_enrolments(member: Member) -> list[Enrolment]:
    """Not withdrawn, with the class, the latest first."""
    found = db.session.scalars(
        select(Enrolment)
        .join(Enrolment.training_class)
        .options(contains_eager(Enrolment.training_class))
        .where(Enrolment.member_id == member.id, Enrolment.withdrawn_at.is_(None))
        .order_by(TrainingClass.starts_on.desc(), TrainingClass.id.desc())
    )
    return list(found)


def own_discussions(member: Member) -> list[Any]:
    """(discussion, whether a post of the member is hoped for, counted posts, late ones, comments of theirs, comments
    below their reflections) of each the member sees in the classes they are in, in the order in which they open."""
    own = aliased(Enrolment)
    is_mine = sa.case((sa.and_(own.role == Role.TRAINEE, in_audience(own)), 1), else_=0)
    written = _comments_by_discussion(Post.author_id == member.id)
    root = aliased(Post)
    received = (
        select(Post.discussion_id, sa.func.count().label("comments"))
        .join(root, sa.and_(root.id == Post.root_id, is_counted(root)))
        .where(root.author_id == member.id, is_counted_comment())
        .group_by(Post.discussion_id)
        .subquery()
    )
    columns = (Participation.posts, Participation.late, written.c.comments, received.c.comments)
    here = sa.and_(Participation.discussion_id == Discussion.id, Participation.member_id == member.id)
    statement = (
        select(Discussion, is_mine, *(sa.func.coalesce(column, 0) for column in columns))
        .join(Discussion.training_class)
        .join(own, sa.and_(own.class_id == Discussion.class_id, own.member_id == member.id))
        .outerjoin(Discussion.activity)
        .outerjoin(Participation, here)
        .outerjoin(written, written.c.discussion_id == Discussion.id)
        .outerjoin(received, received.c.discussion_id == Discussion.id)
        .options(contains_eager(Discussion.training_class), contains_eager(Discussion.activity))
        .where(own.withdrawn_at.is_(None), visible_to(member))
        .order_by(sa.func.coalesce(Discussion.opens_at, Activity.starts_at, Discussion.created_at), Discussion.id)
    )
    return list(db.session.execute(statement))


def _comments_by_discussion(chosen: sa.ColumnElement[bool]) -> sa.Subquery:
    return (
        select(Post.discussion_id, sa.func.count().label("comments"))
        .where(chosen, is_counted_comment())
        .group_by(Post.discussion_id)
        .subquery()
    )


def own_figures(member: Member) -> dict[int, OwnFigures]:
    """By class; as the row of this trainee in the class's figures has them."""
    summed = ("posts", "reflections", "replies", "characters")
    rows = db.session.execute(
        select(
            Participation.class_id,
            *(sa.func.sum(getattr(Participation, name)) for name in summed),
            sa.func.count(),
        )
        .where(Participation.member_id == member.id)
        .group_by(Participation.class_id)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for class_id, *values in rows:
        names = (*summed, "discussions")
        found[class_id] = {name: int(value) for name, value in zip(names, values, strict=True)}
    for class_id, likes in _likes_by_class(member):
        found[class_id]["likes"] = int(likes)
    for class_id, comments in _received_by_class(member):
        found[class_id]["comments"] = comments
    return {class_id: OwnFigures(**values) for class_id, values in found.items()}


def _likes_by_class(member: Member) -> Any:
    return db.session.execute(
        select(Post.class_id, sa.func.sum(Post.likes))
        .where(Post.author_id == member.id, is_counted())
        .group_by(Post.class_id)
    )


def _received_by_class(member: Member) -> Any:
    root = aliased(Post)
    return db.session.execute(
        select(Post.class_id, sa.func.count())
        .join(root, sa.and_(root.id == Post.root_id, is_counted(root)))
        .where(root.author_id == member.id, is_counted_comment())
        .group_by(Post.class_id)
    )


def own_comments(member: Member, class_ids: Collection[int]) -> dict[int, OwnComments]:
    """By class, of those in which the member comments."""
    if not class_ids:
        return {}
    root, own = aliased(Post), sa.and_(Post.class_id.in_(class_ids), Post.author_id == member.id, is_counted_comment())
    written = db.session.execute(select(Post.class_id, sa.func.count()).where(own).group_by(Post.class_id))
    reached = db.session.execute(
        select(Post.class_id, sa.func.count(root.id.distinct()))
        .join(root, sa.and_(root.id == Post.root_id, is_counted(root)))
        .where(own)
        .group_by(Post.class_id)
    )
    waiting = db.session.execute(
        select(Post.class_id, sa.func.count()).where(Post.class_id.in_(class_ids), is_waiting()).group_by(Post.class_id)
    )
    counts: list[dict[int, int]] = [{row[0]: row[1] for row in rows} for rows in (written, reached, waiting)]
    return {class_id: OwnComments(*(count.get(class_id, 0) for count in counts)) for class_id in class_ids}


def uncounted_posts(member: Member) -> tuple[list[UncountedRow], int]:
    """The member's posts that are hidden, deleted, late, or in a class they are a trainee of were written in another
    role; the newest first, as many as are shown, and how many there are."""
    own, by = aliased(Enrolment), aliased(Enrolment)
    who = sa.func.coalesce(Post.deleted_by_id, Post.hidden_by_id)
    other_role = sa.and_(own.role == Role.TRAINEE, Post.role != Role.TRAINEE)
    is_late = sa.and_(Post.late, Post.role == Role.TRAINEE)
    rows = db.session.execute(
        select(Post, Discussion.title, TrainingClass.timezone, who, by.organises, by.role, sa.func.count().over())
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(TrainingClass, TrainingClass.id == Discussion.class_id)
        .join(own, sa.and_(own.class_id == Post.class_id, own.member_id == Post.author_id))
        .outerjoin(by, sa.and_(by.class_id == Post.class_id, by.member_id == who))
        .where(
            Post.author_id == member.id,
            own.withdrawn_at.is_(None),
            sa.or_(~is_standing(), is_late, other_role),
            visible_to(member),
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(UNCOUNTED_SHOWN)
    ).all()
    found = [
        UncountedRow(row[0], row[1], clock.zone(row[2]), _role_word(member, who=row[3], organises=row[4], role=row[5]))
        for row in rows
    ]
    return found, rows[0][6] if rows else 0


def _role_word(member: Member, who: int | None, organises: bool | None, role: Role | None) -> str:
    if who == member.id:
        return "self"
    if organises:
        return "organiser"
    return "instructor" if role is Role.INSTRUCTOR else ""

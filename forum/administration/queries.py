"""Finding members among all of them, and what an administrator sees of one."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from forum.audit.models import AuditEntry, Verb
from forum.classes.models import Enrolment, TrainingClass
from forum.db import db
from forum.discussions.counting import is_standing
from forum.discussions.models import Discussion, Draft, Post
from forum.members.models import Member

ON_A_PAGE = 50
SHOWN: dict[str, Any] = {
    "administrators": Member.is_administrator,
    "waiting": Member.first_signed_in_at.is_(None),
    "closed": sa.and_(Member.closed_at.is_not(None), Member.retired_at.is_(None)),
    "retired": Member.retired_at.is_not(None),
}


def members_found(typed: str, shown: str, after: int | None) -> tuple[list[Member], bool]:
    """By pinyin, from after the member `after`; and whether there are more. Every typed word stands in the name, its
    pinyin, the number, the address or the position."""
    spoken = sa.func.replace(Member.sort_key, " ", "")
    columns = (Member.name, spoken, Member.phone, Member.email, Member.position)
    holds = [sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in typed.split()]
    rows = db.session.scalars(
        select(Member)
        .options(joinedload(Member.unit))
        .where(*holds, SHOWN.get(shown, sa.true()), _behind(after))
        .order_by(Member.sort_key, Member.id)
        .limit(ON_A_PAGE + 1)
    ).all()
    return list(rows[:ON_A_PAGE]), len(rows) > ON_A_PAGE


def _behind(after: int | None) -> sa.ColumnElement[bool]:
    if after is None:
        return sa.true()
    start = select(Member.sort_key).where(Member.id == after).scalar_subquery()
    return sa.tuple_(Member.sort_key, Member.id) > sa.tuple_(start, sa.literal(after))


def get_member(member_id: int) -> Member | None:
    return db.session.scalar(select(Member).options(joinedload(Member.unit)).where(Member.id == member_id))


def enrolments_of(member: Member) -> list[Enrolment]:
    """All there ever were, the latest class first."""
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.training_class)
            .options(contains_eager(Enrolment.training_class), joinedload(Enrolment.unit))
            .where(Enrolment.member_id == member.id)
            .order_by(TrainingClass.starts_on.desc(), TrainingClass.id.desc())
        )
    )


def last_sign_in(member: Member) -> datetime | None:
    """As far back as the audit log goes."""
    return db.session.scalar(
        select(AuditEntry.at)
        .where(AuditEntry.member_id == member.id, AuditEntry.verb == Verb.SIGNED_IN)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def lock_administrators() -> list[int]:
    """The ids of those who can come in, held: two who step down at once do so in turn."""
    statement = select(Member.id).where(Member.is_administrator, Member.closed_at.is_(None)).order_by(Member.id)
    return list(db.session.scalars(statement.with_for_update()))


def left_behind(member: Member) -> dict[str, int]:
    """How many rows a member leaves in each place, in one statement."""
    places = {
        "posts": select(sa.func.count()).where(Post.author_id == member.id),
        "drafts": select(sa.func.count()).where(Draft.member_id == member.id),
    }
    row = db.session.execute(select(*(count.scalar_subquery().label(name) for name, count in places.items()))).one()
    return dict(row._mapping)


def lock_discussions_of(member: Member) -> list[Discussion]:
    """Those they wrote in, held in the order of their ids as everywhere else."""
    wrote = select(Post.discussion_id).where(Post.author_id == member.id)
    statement = select(Discussion).where(Discussion.id.in_(wrote)).order_by(Discussion.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def standing_texts_of(member: Member) -> list[Any]:
    """As `Written` has them."""
    columns = Post.id, Post.class_id, Post.discussion_id, Post.created_at, Post.html
    return list(db.session.execute(select(*columns).where(Post.author_id == member.id, is_standing())))


def post_ids_of(member: Member) -> sa.Select[int]:
    return select(Post.id).where(Post.author_id == member.id)


def posts_naming(member: Member) -> Any:
    """Theirs, and the answers to them."""
    own = aliased(Post)
    answers = select(Post.id).join(own, own.id == Post.parent_id).where(own.author_id == member.id)
    return post_ids_of(member).union(answers)


def revision_of_discussion() -> Any:
    """Of each post's own."""
    return select(Discussion.revision).where(Discussion.id == Post.discussion_id).scalar_subquery()


def people_of(class_ids: Collection[int]) -> dict[int, int]:
    """How many are enrolled and not withdrawn, by class."""
    counts = select(Enrolment.class_id, sa.func.count()).where(
        Enrolment.class_id.in_(class_ids), Enrolment.withdrawn_at.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(counts.group_by(Enrolment.class_id))}


def totals() -> dict[str, int]:
    """Of the whole service, in one statement."""
    members = select(sa.func.count()).select_from(Member).where(Member.retired_at.is_(None))
    counts = {
        "members": members,
        "administrators": members.where(Member.is_administrator),
        "waiting": members.where(Member.first_signed_in_at.is_(None)),
        "closed": members.where(Member.closed_at.is_not(None)),
        "classes": select(sa.func.count()).select_from(TrainingClass),
        "archived": select(sa.func.count()).select_from(TrainingClass).where(TrainingClass.archived_at.is_not(None)),
    }
    row = db.session.execute(select(*(count.scalar_subquery().label(name) for name, count in counts.items()))).one()
    return dict(row._mapping)

"""What can be seen of training classes."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from forum.classes.models import Activity, Enrolment, Group, TrainingClass
from forum.db import db
from forum.members.models import Member
from forum.units.queries import AT_ONCE


def visible_to(member: Member) -> sa.ColumnElement[bool]:
    if member.is_administrator:
        return sa.true()
    return sa.exists().where(
        Enrolment.class_id == TrainingClass.id, Enrolment.member_id == member.id, Enrolment.withdrawn_at.is_(None)
    )


def get_class(member: Member, slug: str) -> TrainingClass | None:
    return db.session.scalar(select(TrainingClass).where(TrainingClass.slug == slug, visible_to(member)))


def class_by_slug(slug: str) -> TrainingClass | None:
    """Whoever asks: for the command line."""
    return db.session.scalar(select(TrainingClass).where(TrainingClass.slug == slug))


def classes_of(member: Member) -> list[TrainingClass]:
    """The latest first."""
    return list(
        db.session.scalars(
            select(TrainingClass)
            .where(visible_to(member))
            .order_by(TrainingClass.archived_at.is_not(None), TrainingClass.starts_on.desc(), TrainingClass.id.desc())
        )
    )


def get_enrolment(member: Member, class_id: int) -> Enrolment | None:
    """The member's enrolment in a class, looked up once a request."""
    seen = member.enrolments_seen
    if class_id not in seen:
        seen[class_id] = db.session.get(Enrolment, (class_id, member.id))
    enrolment: Enrolment | None = seen[class_id]
    return enrolment


def enrolments_of(member: Member) -> dict[int, Enrolment]:
    """By class; all in one statement, for pages that show many classes."""
    found = {
        enrolment.class_id: enrolment
        for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.member_id == member.id))
    }
    member.enrolments_seen.update(found)
    return found


def roster(training_class: TrainingClass) -> list[Enrolment]:
    """Everybody who is not withdrawn, by pinyin, with member, unit and group."""
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.member)
            .options(contains_eager(Enrolment.member), joinedload(Enrolment.unit), joinedload(Enrolment.group))
            .where(Enrolment.class_id == training_class.id, Enrolment.withdrawn_at.is_(None))
            .order_by(Member.sort_key, Member.id)
        )
    )


def enrolments_in(training_class: TrainingClass) -> list[Enrolment]:
    """All there ever were, with member, unit and group."""
    return list(
        db.session.scalars(
            select(Enrolment)
            .options(joinedload(Enrolment.member), joinedload(Enrolment.unit), joinedload(Enrolment.group))
            .where(Enrolment.class_id == training_class.id)
            .order_by(Enrolment.member_id)
        )
    )


def enrolled_elsewhere(training_class: TrainingClass, member_ids: Collection[int]) -> set[int]:
    """Of these members, those who are or were in another class too."""
    wanted, found = list(member_ids), set[int]()
    for start in range(0, len(wanted), AT_ONCE):
        is_wanted = Enrolment.member_id.in_(wanted[start : start + AT_ONCE])
        found.update(
            db.session.scalars(select(Enrolment.member_id).where(is_wanted, Enrolment.class_id != training_class.id))
        )
    return found


def groups_of(training_class: TrainingClass) -> list[Group]:
    return list(
        db.session.scalars(select(Group).where(Group.class_id == training_class.id).order_by(Group.position, Group.id))
    )


def lock_class(training_class: TrainingClass) -> TrainingClass:
    """The class's row, held until the transaction ends; whoever posts in the class meanwhile does not wait."""
    return db.session.execute(
        select(TrainingClass)
        .where(TrainingClass.id == training_class.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def count_groups(training_class: TrainingClass) -> int:
    return db.session.scalar(select(sa.func.count()).where(Group.class_id == training_class.id)) or 0


def programme(training_class: TrainingClass) -> list[Activity]:
    return list(
        db.session.scalars(
            select(Activity)
            .where(Activity.class_id == training_class.id)
            .order_by(Activity.starts_at.is_(None), Activity.starts_at, Activity.id)
        )
    )

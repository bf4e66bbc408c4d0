"""What can be seen of training classes."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from forum.classes.models import Activity, Announcement, Enrolment, Group, Role, TrainingClass
from forum.db import db
from forum.members.models import Member
from forum.units.models import Unit
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


def slugs_beginning(stem: str) -> set[str]:
    return set(db.session.scalars(select(TrainingClass.slug).where(TrainingClass.slug.startswith(stem))))


def lock_class(training_class: TrainingClass) -> TrainingClass:
    """The class's row, held until the transaction ends: whoever changes its groups or who is enrolled takes turns
    here. Posting, which only points to it, goes on."""
    return db.session.execute(
        select(TrainingClass)
        .where(TrainingClass.id == training_class.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def is_staff_anywhere(member: Member) -> bool:
    """Organises or instructs in some class."""
    staffed = sa.exists().where(
        Enrolment.member_id == member.id,
        Enrolment.withdrawn_at.is_(None),
        sa.or_(Enrolment.organises, Enrolment.role == Role.INSTRUCTOR),
    )
    return bool(db.session.scalar(select(staffed)))


def organises_any(member: Member) -> bool:
    """Some class that is not archived."""
    organised = sa.exists().where(
        Enrolment.class_id == TrainingClass.id,
        Enrolment.member_id == member.id,
        Enrolment.organises,
        Enrolment.withdrawn_at.is_(None),
        TrainingClass.archived_at.is_(None),
    )
    return bool(db.session.scalar(select(organised)))


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
    return _by_pinyin(training_class, Enrolment.withdrawn_at.is_(None))


def withdrawn_from(training_class: TrainingClass) -> list[Enrolment]:
    """By pinyin, with member, unit and group."""
    return _by_pinyin(training_class, Enrolment.withdrawn_at.is_not(None))


def _by_pinyin(training_class: TrainingClass, chosen: sa.ColumnElement[bool]) -> list[Enrolment]:
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.member)
            .options(contains_eager(Enrolment.member), joinedload(Enrolment.unit), joinedload(Enrolment.group))
            .where(Enrolment.class_id == training_class.id, chosen)
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


def person_of(training_class: TrainingClass, member_id: int) -> Enrolment | None:
    """Withdrawn or not; with member, unit and group."""
    return db.session.scalar(
        select(Enrolment)
        .options(joinedload(Enrolment.member), joinedload(Enrolment.unit), joinedload(Enrolment.group))
        .where(Enrolment.class_id == training_class.id, Enrolment.member_id == member_id)
    )


def enrolled_beyond(organiser: Member, member_ids: Collection[int]) -> set[int]:
    """Of these members, those who are or were enrolled in a class that this organiser does not organise."""
    is_active = Enrolment.withdrawn_at.is_(None)
    own = select(Enrolment.class_id).where(Enrolment.member_id == organiser.id, Enrolment.organises, is_active)
    return set(
        db.session.scalars(
            select(Enrolment.member_id).where(Enrolment.member_id.in_(member_ids), Enrolment.class_id.not_in(own))
        )
    )


def count_other_organisers(enrolment: Enrolment) -> int:
    return (
        db.session.scalar(
            select(sa.func.count()).where(
                Enrolment.class_id == enrolment.class_id,
                Enrolment.member_id != enrolment.member_id,
                Enrolment.organises,
                Enrolment.withdrawn_at.is_(None),
            )
        )
        or 0
    )


def groups_of(training_class: TrainingClass) -> list[Group]:
    return list(
        db.session.scalars(select(Group).where(Group.class_id == training_class.id).order_by(Group.position, Group.id))
    )


def units_of(training_class: TrainingClass) -> list[Unit]:
    """Those of its enrolments, withdrawn ones included."""
    enrolled = select(Enrolment.unit_id).where(Enrolment.class_id == training_class.id)
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(enrolled)).order_by(Unit.sort_key, Unit.id)))


def get_group(training_class: TrainingClass, group_id: int) -> Group | None:
    return db.session.scalar(select(Group).where(Group.id == group_id, Group.class_id == training_class.id))


def group_by_name(class_id: int, name: str) -> Group | None:
    return db.session.scalar(select(Group).where(Group.class_id == class_id, Group.name == name))


def trainees_by_group(training_class: TrainingClass) -> dict[int | None, int]:
    """How many trainees are in each group, and in none."""
    rows = db.session.execute(
        select(Enrolment.group_id, sa.func.count().label("people"))
        .where(
            Enrolment.class_id == training_class.id,
            Enrolment.role == Role.TRAINEE,
            Enrolment.withdrawn_at.is_(None),
        )
        .group_by(Enrolment.group_id)
    )
    return {row.group_id: row.people for row in rows}


def count_people(group: Group) -> tuple[int, int]:
    """In the group now, and withdrawn from the class."""
    here = sa.func.count().filter(Enrolment.withdrawn_at.is_(None))
    active, everybody = db.session.execute(
        select(here, sa.func.count()).where(Enrolment.class_id == group.class_id, Enrolment.group_id == group.id)
    ).one()
    return active, everybody - active


def programme(training_class: TrainingClass) -> list[Activity]:
    """In order of time, with the links and files of each."""
    whole = (selectinload(Activity.materials), selectinload(Activity.files))
    return list(db.session.scalars(_activities(training_class).options(*whole)))


def activities_of(training_class: TrainingClass) -> list[Activity]:
    """In order of time, to choose one from."""
    return list(db.session.scalars(_activities(training_class)))


def _activities(training_class: TrainingClass) -> sa.Select[Any]:
    of_it = select(Activity).where(Activity.class_id == training_class.id)
    return of_it.order_by(Activity.starts_at.is_(None), Activity.starts_at, Activity.id)


def get_activity(training_class: TrainingClass, activity_id: int) -> Activity | None:
    return db.session.scalar(
        select(Activity)
        .options(selectinload(Activity.materials), selectinload(Activity.files))
        .where(Activity.id == activity_id, Activity.class_id == training_class.id)
    )


def latest_announcements(training_class: TrainingClass, limit: int, before: int | None = None) -> list[Announcement]:
    """Not withdrawn, the newest first, with their authors; `before` is the id of the last one seen."""
    older = Announcement.id < before if before else sa.true()
    return list(
        db.session.scalars(
            select(Announcement)
            .join(Announcement.author)
            .options(contains_eager(Announcement.author))
            .where(Announcement.class_id == training_class.id, Announcement.withdrawn_at.is_(None), older)
            .order_by(Announcement.id.desc())
            .limit(limit)
        )
    )


def get_announcement(training_class: TrainingClass, announcement_id: int) -> Announcement | None:
    return db.session.scalar(
        select(Announcement)
        .where(Announcement.id == announcement_id, Announcement.class_id == training_class.id)
        .options(joinedload(Announcement.author))
    )

"""The figures on the page of a class, by the definitions of the glossary, in one statement."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.db import db
from forum.discussions.counting import commented_reflections, trainees_of
from forum.discussions.models import Discussion, Participation, Post
from forum.home.queries import is_hidden
from forum.members.models import Member, PasswordLink


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """The class's figures as statistics has them; `enrolled` and `observers` are those of the roster now, and
    `without_slip` the enrolled trainees who have neither a password nor a link to set one."""

    trainees: int
    participants: int
    person_times: int
    reflections: int
    commented: int
    discussions: int
    enrolled: int
    observers: int
    without_slip: int
    hidden: int

    @property
    def comment_coverage(self) -> float | None:
        return self.commented / self.reflections if self.reflections else None


def class_summary(training_class: TrainingClass) -> ClassSummary:
    class_id = training_class.id
    spoken = Participation.class_id == class_id
    roster = sa.and_(Enrolment.class_id == class_id, Enrolment.withdrawn_at.is_(None))
    enrolled = sa.and_(roster, Enrolment.role == Role.TRAINEE)
    has_link = sa.exists().where(PasswordLink.member_id == Member.id)
    counts: tuple[Any, ...] = (
        select(sa.func.count()).select_from(trainees_of(class_id).subquery()),
        select(sa.func.count(Participation.member_id.distinct())).where(spoken),
        select(sa.func.count()).select_from(Participation).where(spoken),
        select(sa.func.coalesce(sa.func.sum(Participation.reflections), 0)).where(spoken),
        select(sa.func.count()).select_from(commented_reflections(Post.class_id == class_id)),
        select(sa.func.count()).select_from(Discussion).where(Discussion.class_id == class_id),
        select(sa.func.count()).select_from(Enrolment).where(enrolled),
        select(sa.func.count()).select_from(Enrolment).where(roster, Enrolment.role == Role.OBSERVER),
        select(sa.func.count())
        .select_from(Enrolment)
        .join(Member, Member.id == Enrolment.member_id)
        .where(enrolled, Member.password_hash.is_(None), ~has_link),
        select(sa.func.count()).select_from(Post).where(Post.class_id == class_id, is_hidden()),
    )
    row = db.session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return ClassSummary(*(int(value) for value in row))

"""Whose account a class may still correct: one that it made itself and that nobody has used."""

from forum.classes import queries
from forum.classes.models import Enrolment
from forum.members.models import Member


def is_of_class_alone(member: Member, is_elsewhere: bool) -> bool:
    """Never used, not an administrator's. `is_elsewhere`: the member is or was in another class too."""
    is_used = member.password_hash is not None or member.first_signed_in_at is not None
    return not (is_elsewhere or is_used or member.is_administrator)


def is_correctable(enrolment: Enrolment) -> bool:
    elsewhere = queries.enrolled_elsewhere(enrolment.training_class, [enrolment.member_id])
    return is_of_class_alone(enrolment.member, bool(elsewhere))

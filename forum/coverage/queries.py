"""Who of a scope has not been heard."""

from typing import Any

from sqlalchemy import select

from forum.db import db
from forum.members.models import Member
from forum.statistics.queries import audience_of, spoken_in, trainees_in
from forum.statistics.scope import Scope


def silent_trainees(scope: Scope) -> list[Any]:
    """name, unit_id of the trainees without a counted post in the scope, by pinyin"""
    trainee, spoken = trainees_in(scope), spoken_in(scope)
    statement = (
        select(Member.name, trainee.unit_id)
        .select_from(trainee)
        .join(Member, Member.id == trainee.member_id)
        .where(trainee.member_id.not_in(select(spoken.c.member_id)))
    )
    if (audience := audience_of(scope)) is not None:
        statement = statement.where(trainee.member_id.in_(audience))
    return list(db.session.execute(statement.order_by(Member.sort_key, Member.id)))

"""Slips for the first sign-in: one-time links for people who have never been in, handed out on paper.

A link opens an account to whoever holds it. So none is made where somebody could be robbed of theirs: not for
administrators, not for an account with a password, not for somebody enrolled where the organiser has no say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from forum import clock
from forum.classes import queries
from forum.classes.models import Enrolment
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.members.operations import issue_password_links
from forum.members.queries import lock_members

SLIP_LASTS = timedelta(days=30)
# Drawing a code takes some milliseconds, and a page of so many slips is still one that a browser prints.
MOST_SLIPS = 1000


class Way(StrEnum):
    """How somebody gets in: by a one-time link, with the account there is, or by no link of this organiser's."""

    LINK = "link"
    ACCOUNT = "account"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on one: plain values, since the rows are let go once the links are committed."""

    member_id: int
    name: str
    unit: str
    login: str
    phone: str
    token: str | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Slips:
    made: list[Slip]
    not_made: list[str]


def not_yet_in(roster: Sequence[Enrolment]) -> list[Enrolment]:
    return [person for person in roster if person.member.first_signed_in_at is None]


def ways_in(organiser: Member, people: Sequence[Enrolment]) -> dict[int, Way]:
    """By member, in one statement."""
    member_ids = [person.member_id for person in people]
    beyond = set() if organiser.is_administrator else queries.enrolled_beyond(organiser, member_ids)

    def way(member: Member) -> Way:
        if member.is_administrator or member.password_hash is not None:
            return Way.ACCOUNT
        return Way.ELSEWHERE if member.id in beyond else Way.LINK

    return {person.member_id: way(person.member) for person in people}


def _settled_ways_in(organiser: Member, people: Sequence[Enrolment]) -> dict[int, Way]:
    """With the accounts held: else a link could be made for one whose owner sets the password at this moment."""
    lock_members([person.member_id for person in people])
    return ways_in(organiser, people)


def make_slips(organiser: Member, people: Sequence[Enrolment]) -> Slips:
    """One for each, in a fixed number of statements. Who has an account gets a slip that says so, without a link."""
    if len(people) > MOST_SLIPS:
        raise Refused(_("That would be %(count)s slips at once. Choose a group or a unit.", count=len(people)))
    ways = _settled_ways_in(organiser, people)
    tokens = issue_password_links([member_id for member_id, way in ways.items() if way is Way.LINK], SLIP_LASTS)
    reached = [person for person in people if ways[person.member_id] is not Way.ELSEWHERE]
    return Slips(
        made=[slip_of(person, tokens.get(person.member_id)) for person in reached],
        not_made=[person.member.name for person in people if ways[person.member_id] is Way.ELSEWHERE],
    )


def make_slip(organiser: Member, person: Enrolment) -> Slips:
    """A new link for one person. An administrator may also make one for somebody who forgot the password."""
    way = _settled_ways_in(organiser, [person])[person.member_id]
    name = person.member.name
    if person.member.is_administrator:
        raise Refused(_("%(name)s administers the forum: nobody else makes a link to that account.", name=name))
    if way is Way.ACCOUNT and not organiser.is_administrator:
        raise Refused(
            _("%(name)s has a password and signs in as usual. If it is forgotten, ask an administrator.", name=name)
        )
    if way is Way.ELSEWHERE:
        raise Refused(
            _(
                "%(name)s is in another class too, not one of yours. An administrator makes the link.",
                name=name,
            )
        )
    return Slips([slip_of(person, issue_password_links([person.member_id], SLIP_LASTS)[person.member_id])], [])


def slip_of(person: Enrolment, token: str | None) -> Slip:
    member = person.member
    return Slip(
        member_id=member.id,
        name=member.name,
        unit=person.unit.path if person.unit else "",
        login=member.phone or member.email or "",
        phone=member.phone or "",
        token=token,
        valid_until=clock.now() + SLIP_LASTS if token else None,
    )

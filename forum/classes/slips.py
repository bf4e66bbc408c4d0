"""Slips for the first sign-in: one-time links for people who have never been in, handed out on paper.

A link opens an account to whoever holds it. So none is made where somebody could be robbed of theirs: not for
administrators, not for an account with a password, not for somebody enrolled where the organiser has no say.
And a new link ends the one before, which may be on paper already: nobody's is made anew unasked.
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
from forum.members.queries import lock_members, working_links

SLIP_LASTS = timedelta(days=30)
# Drawing a code takes some milliseconds, and a page of so many slips is still one that a browser prints.
MOST_SLIPS = 1000
# The answer to `StillWork` that leaves the slips there are alone.
WITHOUT = "without"


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
    position: str
    group: str
    unit: str
    login: str
    phone: str
    token: str | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Slips:
    made: list[Slip]
    not_made: list[str]


@dataclass(frozen=True, slots=True)
class Held:
    """The links that still work among those to be made anew, and how many people have none. `newest` tells them from
    the links made since."""

    people: int
    without: int
    first: datetime
    last: datetime
    newest: int


class StillWork(Refused):
    """Somebody would lose a link that works. A second try names the newest link that was seen, or says `WITHOUT`: so
    a form that the browser sends once more asks again."""

    def __init__(self, held: Held) -> None:
        super().__init__(_("Some of these people already have a slip that still works."))
        self.held = held


def not_yet_in(roster: Sequence[Enrolment]) -> list[Enrolment]:
    """Nor kept out."""
    return [one for one in roster if one.member.first_signed_in_at is None and one.member.closed_at is None]


def in_order(people: Sequence[Enrolment]) -> list[Enrolment]:
    """As they are handed out: group by group, who has none at the end. Names stay in the order they come in."""

    def place(person: Enrolment) -> tuple[bool, int, int]:
        group = person.group
        return (False, group.position, group.id) if group else (True, 0, 0)

    return sorted(people, key=place)


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


def make_slips(organiser: Member, people: Sequence[Enrolment], again: str = "") -> Slips:
    """One for each, in a fixed number of statements. Who has an account gets a slip that says so, without a link.
    `again` answers `StillWork`."""
    if len(people) > MOST_SLIPS:
        raise Refused(_("That would be %(count)s slips at once. Choose a group or a unit.", count=len(people)))
    ways = _settled_ways_in(organiser, people)
    reached = [person for person in people if ways[person.member_id] is not Way.ELSEWHERE]
    reached = _without_held(reached, ways, again)
    tokens = issue_password_links(
        [person.member_id for person in reached if ways[person.member_id] is Way.LINK], SLIP_LASTS
    )
    return Slips(
        made=[slip_of(person, tokens.get(person.member_id)) for person in in_order(reached)],
        not_made=[person.member.name for person in people if ways[person.member_id] is Way.ELSEWHERE],
    )


def _without_held(people: list[Enrolment], ways: dict[int, Way], again: str) -> list[Enrolment]:
    """Who gets a slip, by the answer to `StillWork`, which is raised while there is none."""
    linked = [person for person in people if ways[person.member_id] is Way.LINK]
    held = working_links([person.member_id for person in linked], clock.now())
    rest = [person for person in linked if person.member_id not in held]
    if again != WITHOUT:
        _require_seen(held, len(rest), again)
        return people
    if not rest:
        raise Refused(_("All of them have a slip already."))
    return rest


def _require_seen(held: dict[int, tuple[int, datetime]], without: int, again: str) -> None:
    if not held:
        return
    newest, days = max(link for link, _made in held.values()), [made for _link, made in held.values()]
    if again != str(newest):
        raise StillWork(Held(len(held), without, min(days), max(days), newest))


def make_slip(organiser: Member, person: Enrolment, again: str = "") -> Slips:
    """A new link for one person. An administrator may also make one for somebody who forgot the password."""
    if person.member.closed_at is not None:
        raise Refused(_("This account has been closed."))
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
    _require_seen(working_links([person.member_id], clock.now()), 0, again)
    return Slips([slip_of(person, issue_password_links([person.member_id], SLIP_LASTS)[person.member_id])], [])


def slip_of(person: Enrolment, token: str | None) -> Slip:
    member = person.member
    return Slip(
        member_id=member.id,
        name=member.name,
        position=member.position,
        group=person.group.name if person.group else "",
        unit=person.unit.path if person.unit else "",
        login=member.phone or member.email or "",
        phone=member.phone or "",
        token=token,
        valid_until=clock.now() + SLIP_LASTS if token else None,
    )

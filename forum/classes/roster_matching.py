"""Who the rows of a roster are: members found by phone number or e-mail address, else by name and unit within the
class, so that a roster that is imported again adds nobody twice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from forum.classes import queries
from forum.classes.accounts import is_of_class_alone
from forum.classes.models import Enrolment, TrainingClass
from forum.classes.roster_rows import Fault, RosterRow
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.members.queries import members_by_contact


@dataclass(slots=True)
class Match:
    """Without a member the row is somebody new. `is_ours`: the account was made by a roster of this class and nobody
    has used it yet, so the class's roster may still correct what it says."""

    row: RosterRow
    member: Member | None = None
    enrolment: Enrolment | None = None
    is_ours: bool = False


@dataclass(slots=True)
class Matching:
    matches: list[Match] = field(default_factory=list)
    bad: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def refuse(self, row: RosterRow, reason: str) -> None:
        self.bad.append(Fault(row.number, reason, row.name))


def match_rows(training_class: TrainingClass, rows: Sequence[RosterRow]) -> Matching:
    found = Matching()
    rows = _without_repeats(rows, found)
    people = _People(training_class)
    owners = _owners(
        members_by_contact({row.phone for row in rows if row.phone}, {row.email for row in rows if row.email})
    )
    for row in rows:
        of_phone, of_email = owners.get(row.phone), owners.get(row.email)
        if of_phone and of_email and of_phone is not of_email:
            reason = _("The phone number is that of one account, the e-mail address that of another.")
            found.refuse(row, reason)
        elif member := of_phone or of_email:
            if member.id not in people.enrolments and name_key(member.name) != name_key(row.name):
                reason = _(
                    "There is an account with this phone number or e-mail address, in another name. If it is the same "
                    "person, add them by hand."
                )
                found.refuse(row, reason)
            else:
                people.take(row, member, found)
    for row in _unsettled(rows, people, found):
        _match_by_name(row, people, found)
    _match_corrected(_unsettled(rows, people, found), people, found)
    bad = {fault.row for fault in found.bad}
    found.matches = [people.match(row) for row in rows if row.number not in bad]
    return found


def name_key(name: str) -> str:
    """Two spellings of one name have the same."""
    return "".join(name.split()).casefold()


def _without_repeats(rows: Sequence[RosterRow], found: Matching) -> list[RosterRow]:
    """Without those that cannot be told from another row of the file."""
    first: dict[tuple[str, ...], RosterRow] = {}
    with_contact = {_name_and_unit(row): row for row in reversed(rows) if row.phone or row.email}
    kept = []
    for row in rows:
        if row.phone and (same := first.get(("phone", row.phone))):
            found.refuse(row, _("Row %(row)s has the same phone number.", row=same.number))
        elif row.email and (same := first.get(("email", row.email))):
            found.refuse(row, _("Row %(row)s has the same e-mail address.", row=same.number))
        elif not (row.phone or row.email) and (
            same := with_contact.get(_name_and_unit(row)) or first.get(("name", *_name_and_unit(row)))
        ):
            reason = _(
                "Row %(row)s has the same name and unit. For two people, add phone numbers or e-mail addresses.",
                row=same.number,
            )
            found.refuse(row, reason)
        else:
            kept.append(row)
            if row.phone:
                first[("phone", row.phone)] = row
            if row.email:
                first[("email", row.email)] = row
            first.setdefault(("name", *_name_and_unit(row)), row)
    return kept


def _name_and_unit(row: RosterRow) -> tuple[str, str]:
    return name_key(row.name), row.unit or ""


def _owners(members: Iterable[Member]) -> dict[str | None, Member]:
    """By phone number and by address: none of the one looks like any of the other."""
    owners = {contact: member for member in members for contact in (member.phone, member.email)}
    owners.pop(None, None)
    return owners


class _People:
    """Who is or was enrolled, and who of them and of other members a row has been found to be."""

    def __init__(self, training_class: TrainingClass) -> None:
        self.enrolments = {each.member_id: each for each in queries.enrolments_in(training_class)}
        self.elsewhere = queries.enrolled_elsewhere(training_class, self.enrolments.keys())
        self.members: dict[int, Member] = {}
        self._taken: dict[int, RosterRow] = {}
        self._by_name: dict[str, list[Enrolment]] = {}
        for each in self.enrolments.values():
            self._by_name.setdefault(name_key(each.member.name), []).append(each)

    def take(self, row: RosterRow, member: Member, found: Matching) -> None:
        """One member is one row."""
        if same := self._taken.get(member.id):
            found.refuse(row, _("Row %(row)s is the same person's account.", row=same.number))
        else:
            self._taken[member.id], self.members[row.number] = row, member

    def match(self, row: RosterRow) -> Match:
        member = self.members.get(row.number)
        if member is None:
            return Match(row)
        return Match(row, member, self.enrolments.get(member.id), self._is_ours(member))

    def namesakes(self, row: RosterRow) -> list[Enrolment]:
        """Those who are no other row of the file."""
        return [each for each in self._by_name.get(name_key(row.name), ()) if each.member_id not in self._taken]

    def candidates(self, row: RosterRow) -> list[Enrolment]:
        """Whom nothing in the row contradicts; of them, those of exactly its unit where there are such. An account in
        use is not somebody's whose number it does not have, unless the unit is the same."""
        strict = bool(row.phone or row.email)
        exact, possible = [], []
        for each in filter(lambda each: _agrees(row, each), self.namesakes(row)):
            if _path(each) == row.unit:
                exact.append(each)
            elif not strict or self._is_ours(each.member):
                possible.append(each)
        if strict and row.unit is None:
            exact = [each for each in exact if self._is_ours(each.member)]
        return exact or possible

    def corrected(self, row: RosterRow) -> Enrolment | None:
        """The one whom the row gives another phone number: the same name and the same unit or group, in an account
        that nobody has used."""
        found = [each for each in self.namesakes(row) if self._is_ours(each.member) and _has_other_phone(row, each)]
        return found[0] if len(found) == 1 else None

    def _is_ours(self, member: Member) -> bool:
        return member.id in self.enrolments and is_of_class_alone(member, member.id in self.elsewhere)


def _unsettled(rows: Sequence[RosterRow], people: _People, found: Matching) -> list[RosterRow]:
    settled = people.members.keys() | {fault.row for fault in found.bad}
    return [row for row in rows if row.number not in settled]


def _match_by_name(row: RosterRow, people: _People, found: Matching) -> None:
    candidates = people.candidates(row)
    if len(candidates) > 1:
        reason = _(
            "There are several people called “%(name)s” in this class: add the phone number or e-mail address that "
            "tells who is meant.",
            name=row.name,
        )
        found.refuse(row, reason)
    elif candidates:
        people.take(row, candidates[0].member, found)


def _match_corrected(rows: Sequence[RosterRow], people: _People, found: Matching) -> None:
    """A wrong number was put right, unless two rows could be the one person. Who is somebody else is said."""
    meant = {row.number: each for row in rows if (each := people.corrected(row))}
    claims = Counter(each.member_id for each in meant.values())
    for row in rows:
        each = meant.get(row.number)
        if each and claims[each.member_id] == 1:
            people.take(row, each.member, found)
            reason = _(
                "Taken as the “%(name)s” who is in the class with another phone number, which is corrected. Somebody "
                "else of this name is added by hand.",
                name=row.name,
            )
            found.warnings.append(Fault(row.number, reason, row.name))
    for row in rows:
        if row.number not in people.members:
            _warn_of_namesakes(row, people, found)


def _warn_of_namesakes(row: RosterRow, people: _People, found: Matching) -> None:
    if any(row.unit in (None, _path(each)) for each in people.namesakes(row)):
        reason = _(
            "There is already a “%(name)s” in the class whose phone number or e-mail address this is not; it is taken "
            "as somebody else.",
            name=row.name,
        )
        found.warnings.append(Fault(row.number, reason, row.name))


def _path(enrolment: Enrolment) -> str | None:
    return enrolment.unit.path if enrolment.unit else None


def _agrees(row: RosterRow, enrolment: Enrolment) -> bool:
    member = enrolment.member
    pairs = ((row.unit, _path(enrolment)), (row.phone, member.phone), (row.email, member.email))
    return all(told is None or kept is None or told == kept for told, kept in pairs)


def _has_other_phone(row: RosterRow, enrolment: Enrolment) -> bool:
    """And contradicts nothing else; a unit or a group that both name is the same."""
    unit, group = _path(enrolment), enrolment.group.name if enrolment.group else None
    is_near = (row.unit is not None and row.unit == unit) or (row.group is not None and row.group == group)
    is_other = row.phone is not None and enrolment.member.phone not in (None, row.phone)
    return enrolment.is_active and is_near and is_other and _agrees(replace(row, phone=None), enrolment)

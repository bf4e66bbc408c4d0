"""Changing who is in a class, one person at a time, by hand."""

from dataclasses import dataclass

from forum.classes import operations as classes
from forum.classes import queries
from forum.classes.accounts import is_correctable
from forum.classes.models import Enrolment, Group, Role, TrainingClass
from forum.classes.revisions import touch_roster
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.members.models import Member
from forum.members.operations import add_member, require_contact, void_password_links, write_account
from forum.members.queries import lock_members, member_by_email, member_by_login, normalise_phone
from forum.units.models import Unit, unit_path
from forum.units.operations import ensure_unit


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is in a class; `unit` is a path, made where it is new, or empty."""

    role: Role
    organises: bool
    group: Group | None
    unit: str

    @property
    def unit_path(self) -> str:
        """As it will be kept."""
        return unit_path(self.unit)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """As typed. `is_known`: whoever types has been told that the account bears another name, and means it."""

    name: str
    phone: str
    email: str
    position: str
    is_known: bool = False


class AnotherName(Refused):
    """The phone number or address belongs to an account with another name than the one typed."""


def correct_enrolment(organiser: Member, enrolment: Enrolment, wanted: Place) -> None:
    queries.lock_class(enrolment.training_class)
    if enrolment.is_active and not wanted.organises:
        _require_another_organiser(organiser, enrolment)
    classes.correct_enrolment(enrolment, wanted.role, _unit(wanted), wanted.group, wanted.organises)


def correct_account(enrolment: Enrolment, person: NewPerson) -> None:
    """As long as nobody has used it: afterwards it is its owner's alone."""
    queries.lock_class(enrolment.training_class)
    lock_members([enrolment.member_id])
    member = enrolment.member
    if not is_correctable(enrolment):
        raise Refused(
            _("The account of %(name)s is in use, or in another class too: it stays as it is.", name=member.name)
        )
    write_account(member, person.name, person.phone, person.email, person.position)
    touch_roster(enrolment.class_id)


def withdraw_enrolment(organiser: Member, enrolment: Enrolment) -> None:
    queries.lock_class(enrolment.training_class)
    if not enrolment.is_active:
        raise Refused(_("%(name)s has been withdrawn already.", name=enrolment.member.name))
    _require_another_organiser(organiser, enrolment)
    classes.withdraw_enrolment(enrolment)


def restore_enrolment(organiser: Member, enrolment: Enrolment) -> None:
    queries.lock_class(enrolment.training_class)
    if enrolment.is_active:
        raise Refused(_("%(name)s is in the class already.", name=enrolment.member.name))
    classes.restore_enrolment(enrolment)
    void_password_links([enrolment.member_id])


def enrol_person(
    organiser: Member, training_class: TrainingClass, person: NewPerson, place: Place
) -> tuple[Enrolment, bool]:
    """The enrolment, and whether the account was there before. Of an account that was, nothing is changed."""
    queries.lock_class(training_class)
    account = _account_of(person)
    if account is not None and account.is_administrator and not organiser.is_administrator:
        raise Refused(_("That account administers the forum and sees every class. An administrator enrols it."))
    unit = _unit(place)
    if account is not None:
        _require_not_enrolled(training_class, account)
        void_password_links([account.id])
    member = account or add_member(person.name, person.email, person.phone, unit, " ".join(person.position.split()))
    enrolment = classes.enrol_member(training_class, member, place.role, place.organises, place.group, unit)
    return enrolment, account is not None


def _require_another_organiser(organiser: Member, enrolment: Enrolment) -> None:
    """A class is not left without an organiser; an administrator, who organises every class, may."""
    if enrolment.organises and not organiser.is_administrator and queries.count_other_organisers(enrolment) == 0:
        raise Refused(
            _("%(name)s is the only organiser. Mark somebody else as organiser first.", name=enrolment.member.name)
        )


def _account_of(person: NewPerson) -> Member | None:
    """By phone number and e-mail address: one of them is what the person will sign in with."""
    if not person.phone and not person.email:
        raise Refused(_("Please give a phone number or an e-mail address: it is what the person signs in with."))
    require_contact(person.phone, person.email)
    by_phone = member_by_login(normalise_phone(person.phone) or "") if person.phone else None
    by_email = member_by_email(person.email) if person.email else None
    if by_phone and by_email and by_phone.id != by_email.id:
        raise Refused(_("The phone number and the e-mail address belong to two different accounts. Leave one empty."))
    account = by_phone or by_email
    if account is not None and not person.is_known and _plain(account.name) != _plain(person.name):
        raise AnotherName(
            _("There is an account with this phone number or e-mail address, but under another name. Check both.")
        )
    return account


def _require_not_enrolled(training_class: TrainingClass, account: Member) -> None:
    enrolment = queries.person_of(training_class, account.id)
    if enrolment is None:
        return
    if enrolment.is_active:
        raise Refused(_("%(name)s is in the class already.", name=account.name))
    sentence = _("%(name)s was withdrawn from the class. Bring them back from the list of people.", name=account.name)
    raise Refused(sentence)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _unit(place: Place) -> Unit | None:
    return ensure_unit(place.unit_path) if place.unit_path else None

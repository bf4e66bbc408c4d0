"""Shape and length of what the pages of one person are sent."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, ValidationError

from forum.classes.models import Group, Role
from forum.forms import Form
from forum.members.operations import LONGEST_EMAIL, LONGEST_NAME, LONGEST_POSITION
from forum.organising.operations import NewPerson, Place
from forum.units.models import LONGEST_PATH

_too_long = _l("Please use at most %(max)d characters.")
_ROLES = {Role.TRAINEE: _l("Trainee"), Role.INSTRUCTOR: _l("Instructor"), Role.OBSERVER: _l("Observer")}


def _listed(_form: Any, field: Any) -> None:
    """In our words: WTForms says it in English only."""
    if field.data not in [choice.value for choice in field.choices]:
        raise ValidationError(_l("Please choose one of the list."))


class PlaceForm(Form):
    role = SelectField(
        _l("Role"),
        [_listed],
        choices=[SelectChoice(role.value, words) for role, words in _ROLES.items()],
        validate_choice=False,
    )
    organises = BooleanField(_l("Organises the class"))
    group = SelectField(_l("Group"), [_listed], validate_choice=False)
    unit = StringField(_l("Unit"), [Length(max=LONGEST_PATH, message=_too_long)])

    def __init__(self, groups: Sequence[Group], **options: Any) -> None:
        super().__init__(**options)
        self._groups = {str(group.id): group for group in groups}
        self.group.choices = [
            SelectChoice("", _l("No group")),
            *(SelectChoice(str(group.id), group.name) for group in groups),
        ]

    @property
    def place(self) -> Place:
        group = self._groups.get(self.group.data or "")
        return Place(Role(self.role.data), bool(self.organises.data), group, self.unit.data or "")


class AccountForm(Form):
    name = StringField(
        _l("Name"), [DataRequired(_l("Please enter the name.")), Length(max=LONGEST_NAME, message=_too_long)]
    )
    phone = StringField(_l("Phone number"), [Length(max=40, message=_too_long)])
    email = StringField(_l("E-mail address"), [Length(max=LONGEST_EMAIL, message=_too_long)])
    position = StringField(_l("Position"), [Length(max=LONGEST_POSITION, message=_too_long)])

    @property
    def person(self) -> NewPerson:
        name, phone, email, position = (
            (field.data or "").strip() for field in (self.name, self.phone, self.email, self.position)
        )
        return NewPerson(name, phone, email, position)


class PersonForm(AccountForm, PlaceForm):
    is_known = BooleanField(_l("It is the same person. Enrol that account."))

    @property
    def person(self) -> NewPerson:
        return replace(super().person, is_known=bool(self.is_known.data))

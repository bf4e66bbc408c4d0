"""Shape and length of what the area's pages are sent."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from forum.audit.models import Verb
from forum.errors import Refused
from forum.forms import ChoiceField, DayField, Form, at_most, choices, not_blank, plain
from forum.members.operations import LONGEST_EMAIL, LONGEST_NAME, LONGEST_POSITION
from forum.units import models as units
from forum.units.operations import require_unit_path


def _names_a_unit(_form: Any, field: Any) -> None:
    """Or is left empty."""
    try:
        if field.data and not field.errors:
            require_unit_path(field.data)
    except Refused as refused:
        raise ValidationError(refused.reason) from None


class MemberForm(Form):
    name = StringField(filters=[plain], validators=[not_blank, at_most(LONGEST_NAME)])
    phone = StringField(filters=[plain], validators=[at_most(40)])
    email = StringField(filters=[plain], validators=[at_most(LONGEST_EMAIL)])
    position = StringField(filters=[plain], validators=[at_most(LONGEST_POSITION)])
    unit = StringField(filters=[plain], validators=[at_most(units.LONGEST_PATH), _names_a_unit])

    @property
    def said(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("name", "phone", "email", "position", "unit")}


class UnitForm(Form):
    """A name for a new unit or an old one, or the path of another."""

    name = StringField(filters=[plain], validators=[not_blank, at_most(units.LONGEST_NAME)])


class PathForm(Form):
    path = StringField(filters=[plain], validators=[at_most(units.LONGEST_PATH)])


VERBS = {
    Verb.SIGNED_IN: _l("Signed in"),
    Verb.SIGN_IN_FAILED: _l("Sign-in failed"),
    Verb.SIGNED_OUT_EVERYWHERE: _l("Signed out everywhere"),
    Verb.PASSWORD_SET: _l("Password set"),
    Verb.SECOND_STEP_BEGUN: _l("Two-step sign-in turned on"),
    Verb.SECOND_STEP_ENDED: _l("Two-step sign-in turned off"),
    Verb.LINK_ISSUED: _l("One-time link made"),
    Verb.MEMBER_ADDED: _l("Account added"),
    Verb.MEMBER_CHANGED: _l("Account changed"),
    Verb.MEMBER_RETIRED: _l("Member retired"),
    Verb.ACCOUNT_CLOSED: _l("Account closed"),
    Verb.ACCOUNT_REOPENED: _l("Account opened again"),
    Verb.ADMINISTRATOR_GIVEN: _l("Made administrator"),
    Verb.ADMINISTRATOR_TAKEN: _l("No longer administrator"),
    Verb.ENROLLED: _l("Put into a class"),
    Verb.ENROLMENT_CHANGED: _l("Enrolment corrected"),
    Verb.WITHDRAWN: _l("Withdrawn"),
    Verb.BROUGHT_BACK: _l("Brought back into the class"),
    Verb.ROSTER_IMPORTED: _l("Roster imported"),
    Verb.THREADS_IMPORTED: _l("Threads imported"),
    Verb.CLASS_CREATED: _l("Class created"),
    Verb.CLASS_CHANGED: _l("Class changed"),
    Verb.CLASS_ARCHIVED: _l("Class archived"),
    Verb.CLASS_UNARCHIVED: _l("Class opened again"),
    Verb.DISCUSSION_ADDED: _l("Discussion added"),
    Verb.DISCUSSION_CHANGED: _l("Discussion changed"),
    Verb.DISCUSSION_OPENED: _l("Discussion opened"),
    Verb.DISCUSSION_CLOSED: _l("Discussion closed"),
    Verb.DISCUSSION_EXTENDED: _l("Discussion extended"),
    Verb.DISCUSSION_DELETED: _l("Discussion deleted"),
    Verb.ANNOUNCEMENT_CHANGED: _l("Announcement changed"),
    Verb.ANNOUNCEMENT_WITHDRAWN: _l("Announcement withdrawn"),
    Verb.POST_HIDDEN: _l("Post hidden"),
    Verb.POST_RESTORED: _l("Post restored"),
    Verb.FILE_REMOVED: _l("File of a post removed"),
    Verb.UNIT_CHANGED: _l("Unit changed"),
    Verb.SETTINGS_CHANGED: _l("Settings changed"),
    Verb.FILE_TAKEN: _l("File with names taken"),
    Verb.TOKEN_MADE: _l("API token made"),
    Verb.TOKEN_REVOKED: _l("API token revoked"),
}


class AuditForm(Form):
    """What the audit log is narrowed by; read from the address."""

    class Meta(Form.Meta):
        csrf = False

    person = StringField(filters=[plain], validators=[at_most(LONGEST_EMAIL)])
    verb = ChoiceField(
        choices=choices([("", _l("Everything")), *((verb.value, words) for verb, words in VERBS.items())]), default=""
    )
    slug = StringField(filters=[plain], validators=[at_most(80)])
    day = DayField()

"""What somebody wants to be told, as it is filled in."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from forum import clock
from forum.classes.zones import zone_called
from forum.forms import ChoiceField, Form, at_most, choices, plain
from forum.notifications.models import Kind

NEVER = "never"
KIND_WORDS = {
    Kind.REPLY: _l("Replies to me"),
    Kind.COMMENT: _l("Comments on my posts"),
    Kind.FEATURED: _l("A post of mine is featured"),
    Kind.OPENING: _l("A discussion opens"),
    Kind.CLOSING: _l("A discussion closes soon and I have not spoken"),
    Kind.REMINDER: _l("Reminders by organisers and instructors"),
}
_HOURS = [(NEVER, _l("No mail")), *((str(hour), f"{hour:02}:00") for hour in range(24))]


class SettingsForm(Form):
    reply = BooleanField()
    comment = BooleanField()
    featured = BooleanField()
    opening = BooleanField()
    closing = BooleanField()
    reminder = BooleanField()
    mail_hour = ChoiceField(choices=choices(_HOURS))
    timezone = StringField(filters=[plain, zone_called], validators=[at_most(64)])

    def validate_timezone(self, field: StringField) -> None:
        try:
            clock.zone(field.data or "")
        except ValueError:
            words = _l("There is no such time zone. Choose one of the list, like Asia/Shanghai.")
            raise ValidationError(words) from None

    @property
    def wanted(self) -> set[Kind]:
        return {kind for kind in Kind if self[kind.value].data}

    @property
    def hour(self) -> int | None:
        return None if self.mail_hour.data == NEVER else int(self.mail_hour.data)

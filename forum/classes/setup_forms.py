"""Shape and length of what organisers fill in about their class."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from forum import clock
from forum.classes import announcements, groups, operations, programme
from forum.classes.models import ActivityKind, Kind
from forum.classes.zones import zone_called
from forum.errors import Refused
from forum.forms import ChoiceField, DayField, Form, MomentField, ZonedForm, at_most, choices, not_blank, plain, source

_CLASS_KINDS = [
    (Kind.CLASS.value, _l("Training class")),
    (Kind.SALON.value, _l("Online salon")),
    (Kind.COHORT.value, _l("New members’ class")),
]
_ACTIVITY_KINDS = [
    (ActivityKind.LECTURE.value, _l("Lecture")),
    (ActivityKind.TOPIC_FORUM.value, _l("Topic forum")),
    (ActivityKind.PLENARY_EXCHANGE.value, _l("Plenary exchange")),
    (ActivityKind.VISIT.value, _l("Visit")),
    (ActivityKind.TALK.value, _l("Talk")),
]
EMPTY_LINKS, MOST_LINKS = 3, 40


_a_day = InputRequired(_l("Please choose a day."))


class ClassForm(Form):
    title = StringField(filters=[plain], validators=[not_blank, at_most(operations.LONGEST_TITLE)])
    kind = ChoiceField(choices=choices(_CLASS_KINDS))
    starts_on = DayField(validators=[_a_day])
    ends_on = DayField(validators=[_a_day])
    timezone = StringField(filters=[plain, zone_called], validators=[at_most(64)])
    description = TextAreaField(filters=[source], validators=[at_most(operations.LONGEST_DESCRIPTION)])

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("The last day is before the first day."))

    def validate_timezone(self, field: Any) -> None:
        try:
            clock.zone(field.data)
        except ValueError:
            words = _l("There is no such time zone. Choose one of the list, like Asia/Shanghai.")
            raise ValidationError(words) from None

    @property
    def said(self) -> dict[str, Any]:
        names = ("title", "starts_on", "ends_on", "timezone", "description")
        return {name: self[name].data for name in names} | {"kind": Kind(self.kind.data)}


class SettingsForm(ClassForm):
    """`shown`: the settings that the page began with."""

    shown = HiddenField()


class NewClassForm(ClassForm):
    slug = StringField(filters=[lambda typed: plain(typed).lower()], validators=[at_most(operations.LONGEST_SLUG)])
    takes_part = BooleanField()

    def validate_slug(self, field: Any) -> None:
        if field.data and not field.errors:
            try:
                operations.require_free_slug(field.data)
            except Refused as refused:
                raise ValidationError(refused.reason) from None


class LinkForm(Form):
    """Both lines empty: no link."""

    class Meta(Form.Meta):
        csrf = False

    title = StringField(filters=[plain], validators=[at_most(programme.LONGEST_TITLE)])
    url = StringField(filters=[plain], validators=[at_most(programme.LONGEST_URL)])

    def validate_url(self, field: Any) -> None:
        if field.data and not programme.is_web_address(field.data):
            raise ValidationError(_l("Please give a full address, beginning with https:// or http://."))
        if self.title.data and not field.data:
            raise ValidationError(_l("Please give the address, too, or empty both lines to remove the link."))


class ActivityForm(ZonedForm):
    kind = ChoiceField(choices=choices(_ACTIVITY_KINDS))
    title = StringField(filters=[plain], validators=[not_blank, at_most(programme.LONGEST_TITLE)])
    speaker = StringField(filters=[plain], validators=[at_most(programme.LONGEST_TITLE)])
    place = StringField(filters=[plain], validators=[at_most(programme.LONGEST_TITLE)])
    starts_at = MomentField()
    ends_at = MomentField()
    description = TextAreaField(filters=[source], validators=[at_most(programme.LONGEST_DESCRIPTION)])
    materials = FieldList(FormField(LinkForm), max_entries=MOST_LINKS)

    def validate_ends_at(self, field: Any) -> None:
        if field.data and not self.starts_at.data and not self.starts_at.errors:
            raise ValidationError(_l("Please say when it starts, too."))
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_l("It would end before it starts."))

    def add_empty_links(self) -> None:
        """Some lines to write another link on, below those there are."""
        empty = sum(1 for entry in self.materials if not (entry.form.title.data or entry.form.url.data))
        for _number in range(min(EMPTY_LINKS - empty, MOST_LINKS - len(self.materials))):
            self.materials.append_entry()

    @property
    def said(self) -> dict[str, Any]:
        names = ("title", "speaker", "place", "starts_at", "ends_at", "description")
        lines = [entry.form for entry in self.materials]
        links = [programme.Link(line.title.data or "", line.url.data) for line in lines if line.url.data]
        return {name: self[name].data for name in names} | {
            "kind": ActivityKind(self.kind.data),
            "materials": links,
        }


class GroupForm(Form):
    name = StringField(filters=[plain], validators=[not_blank, at_most(groups.LONGEST_NAME)])


class AnnouncementForm(Form):
    title = StringField(filters=[plain], validators=[not_blank, at_most(announcements.LONGEST_TITLE)])
    body = TextAreaField(filters=[source], validators=[not_blank, at_most(announcements.LONGEST_BODY)])

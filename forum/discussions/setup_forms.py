"""Shape and length of what organisers fill in about a discussion."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from forum import clock
from forum.classes.models import Activity, Group, TrainingClass
from forum.discussions import setup
from forum.discussions.models import Audience, Discussion, Stage
from forum.forms import ChoiceField, MomentField, ZonedForm, at_most, choices, not_blank, plain, source
from forum.i18n import language

_STAGES = [
    (Stage.BEFORE.value, _l("Before class")),
    (Stage.DURING.value, _l("During class")),
    (Stage.AFTER.value, _l("After class")),
]
_AUDIENCES = [
    (Audience.CLASS.value, _l("The whole class")),
    (Audience.GROUPS.value, _l("Chosen groups")),
]
# In minutes, as the buttons are called.
EXTENSIONS = (15, 30, 60, 24 * 60)


class DiscussionForm(ZonedForm):
    """The prompt is sent as `body`, like every text that must not get lost on its way. Each group has a tick of its
    own, `group_7`, so that nothing is sent twice under one name. `asked`: the ticks about which the page has asked
    already whether the whole class is meant all the same; `shown`: the settings that the page began with."""

    title = StringField(filters=[plain], validators=[not_blank, at_most(setup.LONGEST_TITLE)])
    body = TextAreaField(filters=[source], validators=[at_most(setup.LONGEST_PROMPT)])
    stage = ChoiceField(choices=choices(_STAGES), default=Stage.DURING.value)
    activity_id = ChoiceField()
    audience = ChoiceField(choices=choices(_AUDIENCES), default=Audience.CLASS.value)
    opens_at = MomentField()
    closes_at = MomentField()
    post_first = BooleanField()
    confirmed = BooleanField()
    asked = HiddenField()
    shown = HiddenField()

    groups: list[Group]
    activities: dict[str, Activity]

    def validate_audience(self, field: Any) -> None:
        if field.data == Audience.GROUPS and not self.chosen_groups:
            raise ValidationError(_l("Please tick at least one group."))
        if field.data == Audience.CLASS:
            self._ask_about_ticks()

    def validate_closes_at(self, field: Any) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_l("It would close before it opens."))
        if field.data and field.data != field.object_data and field.data <= clock.now():
            raise ValidationError(_l("The closing time has passed already."))

    def _ask_about_ticks(self) -> None:
        """Once about the same ticks, and not about those that the discussion had: they are there to be left behind."""
        ticked = [(group, tick) for group, tick in self.ticks if tick.data]
        ticks = " ".join(str(group.id) for group, _tick in ticked)
        if all(tick.object_data for _group, tick in ticked) or ticks == self.asked.data:
            return
        self.asked.data = ticks
        names = format_list([group.name for group, _tick in ticked], locale=language())
        words = _(
            "Which is meant? Groups are ticked (%(names)s), but “The whole class” is chosen. "
            "Saved again like this, it is for the whole class.",
            names=names,
        )
        raise ValidationError(words)

    @property
    def ticks(self) -> list[tuple[Group, BooleanField]]:
        return [(group, self[f"group_{group.id}"]) for group in self.groups]

    @property
    def chosen_groups(self) -> list[Group]:
        if self.audience.data != Audience.GROUPS:
            return []
        return [group for group, tick in self.ticks if tick.data]

    @property
    def said(self) -> dict[str, Any]:
        names = ("title", "opens_at", "closes_at", "post_first")
        return {name: self[name].data for name in names} | {
            "prompt": self.body.data,
            "stage": Stage(self.stage.data),
            "activity": self.activities.get(self.activity_id.data or ""),
            "groups": self.chosen_groups,
        }


def discussion_form(
    training_class: TrainingClass,
    groups: list[Group],
    activities: Collection[Activity],
    discussion: Discussion | None = None,
    **proposed: Any,
) -> DiscussionForm:
    """With a tick for each group of the class, filled in as the discussion is."""

    class WithGroups(DiscussionForm):
        pass

    for group in groups:
        setattr(WithGroups, f"group_{group.id}", BooleanField())
    ticked = {f"group_{group.id}": True for group in discussion.groups} if discussion else {}
    known = {"body": discussion.prompt, "shown": setup.dated(discussion)} if discussion else {}
    form = WithGroups(obj=discussion, zone=training_class.zone, **ticked, **known, **proposed)
    form.groups = groups
    form.activities = {str(activity.id): activity for activity in activities}
    form.activity_id.choices = choices(
        [("", _l("No item of the programme"))] + [(key, entry.title) for key, entry in form.activities.items()]
    )
    return form


class WindowForm(ZonedForm):
    """Until when: a moment, or for `minutes` more."""

    closes_at = MomentField()
    minutes = StringField()

    @property
    def by(self) -> timedelta | None:
        return next((timedelta(minutes=one) for one in EXTENSIONS if self.minutes.data == str(one)), None)

"""What every form has in common: typed text only, without NUL, which no database takes; days, and moments of a zone."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectChoice, SelectField  # type: ignore[attr-defined]
from wtforms.validators import Length, ValidationError
from wtforms.widgets import DateInput, DateTimeLocalInput

from forum import clock
from forum.text import clean_source, is_blank, one_line

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", re.A)
_LONGEST_NAME = 60
# A year with a digit too few or too many is a slip.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def at_most(count: int) -> Length:
    return Length(max=count, message=_l("Please write at most %(max)d characters."))


def not_blank(_form: Any, field: Any) -> None:
    if is_blank(field.data or ""):
        raise ValidationError(_l("Please fill this in."))


def plain(typed: str | None) -> str:
    """A line, as it will be kept."""
    return one_line(typed or "")


def source(typed: str | None) -> str:
    """A text, as it will be kept: browsers send two characters for each line end."""
    return clean_source(typed or "")


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> MultiDict[str, str] | None:
            """A file sent under the name of a field, or a number in JSON, is as good as nothing sent."""
            try:
                sent = super().wrap_formdata(form, formdata)
            except (TypeError, ValueError):
                return None
            if sent is None:
                return None
            # Nor do the lists of fields number their lines otherwise than in a few plain digits.
            typed = [
                (name, value)
                for name, value in sent.items(multi=True)
                if isinstance(value, str) and name.isascii() and len(name) <= _LONGEST_NAME
            ]
            return MultiDict((name, value.replace("\x00", "")) for name, value in typed)


class ZonedForm(Form):
    """A form whose moments are those of a class's clock."""

    def __init__(self, *arguments: Any, zone: tzinfo, **options: Any) -> None:
        self.zone = zone
        super().__init__(*arguments, **options)


def choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Of values and their words."""
    return [SelectChoice(value, words) for value, words in pairs]


class ChoiceField(SelectField):
    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("Please choose one of the list.")) from None


class DayField(Field):
    widget = DateInput()

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = _parsed_day(text) if text else None


class MomentField(Field):
    """A moment as the clocks of the form's zone show it, or None. Left as it was shown, it stays the stored moment to
    the second, also in the hour that the clocks show twice."""

    widget = DateTimeLocalInput()

    def __init__(self, label: Any = None, _form: ZonedForm | None = None, **options: Any) -> None:
        self._zone, self._shown = (_form.zone if _form else UTC), ""
        super().__init__(label, _form=_form, **options)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self._shown

    def process_data(self, value: datetime | None) -> None:
        self.data = self._stored = value
        self._shown = value.astimezone(self._zone).strftime("%Y-%m-%dT%H:%M") if value else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if text and text == self._shown:
            self.data = self._stored
        else:
            self.data = _parsed_moment(text, self._zone) if text else None


def _parsed_day(text: str) -> date:
    words = _("Please give a day like 2026-03-02.")
    if not _DAY.fullmatch(text):
        raise ValueError(words)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(words) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(words)
    return day


def _parsed_moment(text: str, zone: tzinfo) -> datetime:
    words = _("Please give a day and a time like 2026-03-02 14:30.")
    if not _MOMENT.fullmatch(text):
        raise ValueError(words)
    try:
        shown = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(words) from None
    if not _FIRST_YEAR <= shown.year <= _LAST_YEAR:
        raise ValueError(words)
    try:
        return clock.moment_at(shown, zone)
    except ValueError:
        words = _("On that day the clocks are put forward and never show this time. Please choose another.")
        raise ValueError(words) from None

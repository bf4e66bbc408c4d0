"""The settings that may change while the forum runs, as a person types them; what they give is what the environment
would say."""

from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField
from wtforms.validators import ValidationError

from forum import clock
from forum.classes.zones import zone_called
from forum.config import CHANGEABLE, Settings
from forum.forms import ChoiceField, Form, at_most, choices, plain

LANGUAGES = {"zh": "中文", "en": "English"}
PERIODS = {
    "second": _l("per second"),
    "minute": _l("per minute"),
    "hour": _l("per hour"),
    "day": _l("per day"),
}
RATES = {
    "second": _l("%(count)s per second"),
    "minute": _l("%(count)s per minute"),
    "hour": _l("%(count)s per hour"),
    "day": _l("%(count)s per day"),
}
MOST_OF_A_RATE = 100_000


class WholeField(Field):
    """A whole number, kept as it was typed; nothing stands for what is delivered."""

    def __init__(self, low: int, high: int, **options: Any) -> None:
        self.low, self.high = low, high
        super().__init__(**options)

    def _value(self) -> str:
        return str(self.data or "")

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = plain(valuelist[0] if valuelist else "")
        if self.data:
            self.data = _whole(self.data, self.low, self.high)


class RateField(Field):
    """So many in a time, in two inputs of one name; kept as "60/minute"."""

    count, period = "", "minute"

    def process_data(self, value: Any) -> None:
        self.data = value or ""
        if value:
            self.count, self.period = value.split("/")

    def process_formdata(self, valuelist: list[str]) -> None:
        count, period = [*map(plain, valuelist), "", ""][:2]
        self.count, self.data = count, ""
        if period not in PERIODS:
            raise ValueError(_("Please choose one of the list."))
        self.period = period
        if count:
            self.data = f"{_whole(count, 1, MOST_OF_A_RATE)}/{period}"


def _whole(typed: str, low: int, high: int) -> str:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 8 and low <= int(typed) <= high):
        raise ValueError(
            _(
                "Please give a whole number from %(low)s to %(high)s.",
                low=format_decimal(low),
                high=format_decimal(high),
            )
        )
    return str(int(typed))


class SettingsForm(Form):
    """`shown`: what the page began with. What the environment says has no field."""

    shown = HiddenField()
    default_locale = ChoiceField(choices=choices(LANGUAGES.items()))
    default_timezone = StringField(filters=[plain, zone_called], validators=[at_most(64)])
    upload_mb = WholeField(1, 1000)
    upload_post_mb = WholeField(1, 1000)
    upload_day_mb = WholeField(1, 1000)
    post_limit = RateField()
    upload_limit = RateField()
    search_limit = RateField()
    takeaway_limit = RateField()
    api_limit = RateField()
    # Nobody's texts go because of a slip.
    draft_days = WholeField(30, 9999)
    backup_hour = WholeField(0, 23)
    slow_query_ms = WholeField(1, 99_999)

    def __init__(self, settings: Settings, **options: Any) -> None:
        self._settings = settings
        super().__init__(obj=settings, **options)
        for name in settings.fixed & self._fields.keys():
            del self[name]

    def validate_default_timezone(self, field: Any) -> None:
        try:
            clock.zone(field.data or self._settings.default_timezone)
        except ValueError:
            words = _l("There is no such time zone. Choose one of the list, like Asia/Shanghai.")
            raise ValidationError(words) from None

    def validate_upload_post_mb(self, field: Any) -> None:
        self._require_room(
            field, "upload_mb", _l("One file may have %(megabytes)s MB: all together, at least as many.")
        )

    def validate_upload_day_mb(self, field: Any) -> None:
        words = _l("The files of one post may have %(megabytes)s MB: those of a day, at least as many.")
        self._require_room(field, "upload_post_mb", words)

    def _require_room(self, field: Any, inner: str, words: Any) -> None:
        if field.errors or (inner in self and self[inner].errors):
            return
        if self._megabytes(field.name) < (least := self._megabytes(inner)):
            raise ValidationError(str(words) % {"megabytes": least})

    def _megabytes(self, name: str) -> int:
        """As it would be after this."""
        if name in self:
            usual: Any = CHANGEABLE[name].default
            return int(self[name].data or usual)
        return int(getattr(self._settings, name))

    @property
    def said(self) -> dict[str, str]:
        return {field.name: field.data for field in self if field.name not in ("shown", "csrf_token")}

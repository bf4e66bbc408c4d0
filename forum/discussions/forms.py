"""Shape and length of what the discussion pages are sent; whether it may be posted now is the operation's to say."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Regexp, ValidationError

from forum.discussions.models import LONGEST_BODY
from forum.discussions.operations import LONGEST_REASON, CannotAnswer
from forum.errors import Refused
from forum.forms import Form
from forum.text import clean_source, is_blank

_too_long = Length(max=LONGEST_BODY, message=_l("This text is longer than a post can be. Please send it in parts."))


def _with_plain_line_ends(typed: str | None) -> str | None:
    """As it will be kept: browsers send two characters for each line end."""
    return None if typed is None else clean_source(typed)


def require_valid(form: Form) -> None:
    if not form.validate():
        field, errors = next(iter(form.errors.items()))
        raise (CannotAnswer if field == "parent" else Refused)(str(errors[0]))


def new_token() -> str:
    return secrets.token_urlsafe(16)


class PostForm(Form):
    """`parent` is a post's number or empty; `token` makes sure that what is sent twice is posted once."""

    body = TextAreaField(_l("Your text"), [_too_long], filters=[_with_plain_line_ends])
    parent = HiddenField(
        validators=[Regexp(r"[0-9]{0,9}\Z", message=_l("The post you are answering could not be identified."))]
    )
    token = HiddenField(validators=[Length(max=64)])

    @property
    def parent_number(self) -> int | None:
        number = self.parent.data or ""
        return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None

    def validate_body(self, field: Any) -> None:
        if is_blank(field.data or ""):
            raise ValidationError(_l("Please write something first."))


class EditForm(Form):
    body = TextAreaField(_l("Your text"), [_too_long], filters=[_with_plain_line_ends])

    @property
    def text(self) -> str:
        return self.body.data or ""


class ReasonForm(Form):
    reason = StringField(
        _l("Reason, for the author to read"),
        [Length(max=LONGEST_REASON, message=_l("Please give the reason in at most %(max)d characters."))],
    )

    @property
    def text(self) -> str:
        return self.reason.data or ""

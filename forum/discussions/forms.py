"""Shape and length of what the discussion pages are sent; whether it may be posted now is the operation's to say."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Regexp, ValidationError

from forum.discussions.operations import LONGEST_BODY


def new_token() -> str:
    return secrets.token_urlsafe(16)


class PostForm(FlaskForm):
    """`parent` is a post's number or empty; `token` makes sure that what is sent twice is posted once."""

    body = TextAreaField(
        _l("Your text"),
        [Length(max=LONGEST_BODY, message=_l("This text is longer than a post can be. Please send it in parts."))],
    )
    parent = HiddenField(
        validators=[Regexp(r"^\d{0,9}$", message=_l("The post you are answering could not be identified."))]
    )
    token = HiddenField(validators=[Length(max=64)])

    @property
    def parent_number(self) -> int | None:
        number = self.parent.data or ""
        return int(number) if number.isdecimal() and len(number) < 10 else None

    def validate_body(self, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_l("Please write something first."))


class EditForm(FlaskForm):
    body = TextAreaField(_l("Your text"), [Length(max=LONGEST_BODY)])


class ReasonForm(FlaskForm):
    reason = StringField(_l("Reason, for the author to read"), [Length(max=500)])

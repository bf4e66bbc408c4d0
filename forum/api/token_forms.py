"""What the page of tokens is sent."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from forum.api.models import LONGEST_NAME, Scope
from forum.forms import Form, at_most, choices, not_blank, plain


class TokenForm(Form):
    name = StringField(_l("What it is for"), [not_blank, at_most(LONGEST_NAME)], filters=[plain])
    scope = RadioField(
        _l("What it may do"),
        choices=choices([("read", _l("Read what I can read")), ("write", _l("Read, and post in my name"))]),
        default=Scope.READ.value,
    )

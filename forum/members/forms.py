"""Shape and length of what the sign-in pages are sent."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from forum.forms import Form
from forum.members.operations import MINIMUM_LENGTH


class SignInForm(Form):
    email = StringField(
        _l("E-mail or phone number"),
        [InputRequired(_l("Please enter your e-mail address or phone number.")), Length(max=254)],
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Please enter your password.")), Length(max=1000)])
    remember = BooleanField(_l("Stay signed in on this device"))


class CodeForm(Form):
    code = StringField(_l("Code"), [Length(max=40)])


class StepForm(CodeForm):
    """To turn the second step on, or off. Its password is named apart from the new one, which stands in another form of
    the page."""

    password = PasswordField(_l("Present password"), [Length(max=1000)], id="step-password")
    code = StringField(_l("Code"), [Length(max=40)], id="step-code")


class ResetForm(Form):
    login = StringField(
        _l("E-mail or phone number"),
        [InputRequired(_l("Please enter your e-mail address or phone number.")), Length(max=254)],
    )


class ChosenPassword(Form):
    password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Please choose a password.")),
            Length(min=MINIMUM_LENGTH, max=1000, message=_l("Please choose at least %(min)d characters.")),
        ],
    )
    again = PasswordField(
        _l("Repeat the password"), [EqualTo("password", _l("The two passwords differ. Please type both again."))]
    )


class SetPasswordForm(ChosenPassword):
    """`login` is asked of somebody who has no phone number or address yet."""

    login = StringField(_l("Your phone number or e-mail address"), [Length(max=254)])


class NewPasswordForm(ChosenPassword):
    current = PasswordField(_l("Present password"), [Length(max=1000)])

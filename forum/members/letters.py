"""The mail with a one-time link."""

from email.message import EmailMessage

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from forum import clock
from forum.i18n import gettext as _
from forum.mail import addressed
from forum.members.models import Member


def link_letter(member: Member, token: str) -> EmailMessage:
    """In the member's language."""
    settings = current_app.extensions["settings"]
    language = member.locale or settings.default_locale
    with current_app.test_request_context(base_url=settings.base_url), force_locale(language):
        made = addressed(settings, _("A new password"), (member.name, member.email or ""), clock.now())
        address = url_for("members.set_password", token=token, _external=True)
        made.set_content(render_template("email/password_link.txt", name=member.name, address=address))
    return made

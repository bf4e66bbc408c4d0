"""What is typed or imported, as the HTML that is kept."""

from forum.discussions.models import LONGEST_BODY, BodyFormat
from forum.errors import Refused
from forum.i18n import gettext as _
from forum.text import html_to_html, markdown_to_html, text_to_html

# Ten times what a post may hold: nobody's own words, but what tables or quotations within quotations make of a few.
LONGEST_HTML = 10 * LONGEST_BODY

_TO_HTML = {
    BodyFormat.MARKDOWN: markdown_to_html,
    BodyFormat.HTML: html_to_html,
    BodyFormat.TEXT: text_to_html,
}


def render_body(body: str, body_format: BodyFormat) -> str:
    return _TO_HTML[body_format](body)


def render_typed(body: str, body_format: BodyFormat = BodyFormat.MARKDOWN) -> str:
    """What somebody has just typed."""
    html = render_body(body, body_format)
    if len(html) > LONGEST_HTML:
        raise Refused(_("This text has more tables or quotations than a post can show. Please make it simpler."))
    return html

"""An address as a QR code: SVG that stands in a page, without style attributes, which the page's policy forbids."""

import segno
from markupsafe import Markup


def qr_svg(address: str) -> Markup:
    """As wide as its place; black on white in any theme, with the quiet zone that cameras need."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    drawn = code.svg_inline(omitsize=True, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - paths and numbers only: the address is in the drawing, not in the markup

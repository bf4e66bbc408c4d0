"""Is this HTML harmless? Stricter than a browser: whatever is not plainly an allowed tag is a fault."""

import html
import re
from collections.abc import Iterator

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
EMPTY = {"br", "hr"}

TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>')
ATTRIBUTE = re.compile(r' ([a-z]+)="([^"<>]*)"')


def faults(markup: str) -> Iterator[str]:
    """Every angle bracket belongs to an allowed tag with allowed attributes; every element is closed in its turn."""
    rest, opened = TAG.sub("", markup), []
    if "<" in rest:
        yield f"a bracket outside of a plain tag: {rest[rest.index('<') :][:80]!r}"
    for closing, tag, attributes in TAG.findall(markup):
        if tag not in TAGS:
            yield f"<{tag}>"
        for name, value in ATTRIBUTE.findall(attributes):
            if name not in ATTRIBUTES.get(tag, set()):
                yield f"<{tag} {name}>"
            if name == "href" and not is_harmless_address(value):
                yield f"an address: {value!r}"
        if closing:
            if not opened or opened.pop() != tag:
                yield f"</{tag}> out of its turn"
                return
        elif tag not in EMPTY:
            opened.append(tag)
    if opened:
        yield f"never closed: {opened}"


def is_harmless_address(value: str) -> bool:
    # Browsers drop white space and control characters before they look for the scheme.
    address = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]", "", html.unescape(value)).lower()
    scheme = re.match(r"([a-z][a-z0-9+.\-]*):", address)
    return scheme is None or scheme[1] in SCHEMES


def text_of(markup: str) -> str:
    return html.unescape(TAG.sub("", markup))

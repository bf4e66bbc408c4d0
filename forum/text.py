"""What people write: to safe HTML once, counted by the product's definition, sorted by pinyin.

The Markdown profile keeps plain typing: Enter is a line break, four spaces are no code, emphasis works beside Chinese
punctuation, typed HTML is shown as typed, "3~5" and "5*3*2" stay as they are.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from html.parser import HTMLParser

import comrak
import nh3
from pypinyin import Style, lazy_pinyin

from forum.tables import Tables

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
# Of any element none: left unsaid, nh3 would admit lang and title.
_NO_MORE: dict[str, set[str]] = {"*": set()}
_ALIASES = {"b": "strong", "i": "em", "strike": "del", "s": "del"}
# What HTML opens anew in every block until it is closed: three of a kind at most, unless attributes tell them apart.
_REOPENED = re.compile(r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/][^>]*>", re.I)


def _comrak_options() -> tuple[comrak.ExtensionOptions, comrak.ParseOptions, comrak.RenderOptions]:
    extension, parse, render = comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions()
    extension.table = True
    extension.cjk_friendly_emphasis = True
    parse.ignore_setext = True
    render.hardbreaks = True
    render.escape = True
    render.full_info_string = True
    return extension, parse, render


_EXTENSION, _PARSE, _RENDER = _comrak_options()
_FENCE = re.compile(r" {0,3}(```+(?!.*`)|~~~+)")
# What begins so would be taken for the address of a link elsewhere in the text, and vanish.
_DEFINITION = re.compile(
    r"^((?:[^\S\n]|>|[-+*][^\S\n]|\d{1,9}[.)][^\S\n])*)\[(?=(?:[^\\\]]|\\.){0,1000}\]:)", re.M | re.S
)
# What stands in brackets before "(" is the text of a link only where an address follows: "[注](1)" is none.
_NO_LINK = re.compile(r"\]\((?!\s*<?(?:https?://|mailto:|tel:|/|#))", re.I)
_ENTITY = re.compile(r"(?<!\\)&(?=#?\w+;)")
# Stands for that bracket while Markdown reads: no character, so nobody types it.
_BRACKET = "\ufdd0"
_CODE_WITH_WORDS = re.compile(r"<pre><code ([^>]*)>")
_LIST_ITEM = re.compile(r"\s*([-+*]|\d{1,9}[.)])\s")
_DEEP_QUOTE = re.compile(r"((?:>[ \t]{0,3}){50})(?:>[ \t]{0,3})+")
_INDENT = re.compile(r"[ \t]{4,}|\t[ \t]*")
_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_BLANK_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
_BLANK_LETTERS = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"} | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
# At the start of a line it would make a block of HTML, whose lines lose their breaks.
_HTML_BLOCK = re.compile(r"^((?:\s|>|[-+*]\s|\d{1,9}[.)]\s)*)<(?=[A-Za-z/!?])(?!https?:|mailto:)")
_BARE_URL = re.compile(
    r"(?<!\]\()(?<![<\[\"'=/A-Za-z0-9])https?://[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]*[A-Za-z0-9\-_~/#=&%+]"
)


def one_line(typed: str) -> str:
    """A title or a name as it is kept: single spaces, none at the ends, no marks that turn the direction of writing."""
    return " ".join(_DIRECTIONS.sub("", typed).split())


def is_blank(source: str) -> bool:
    """Nothing of it would be seen: spaces, and characters without width."""
    return all(
        character in _BLANK_LETTERS or unicodedata.category(character) in _BLANK_CATEGORIES for character in source
    )


def clean_source(source: str) -> str:
    """The text as it is kept: without NUL and with plain line ends."""
    return source.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def markdown_to_html(source: str) -> str:
    typed = _DEFINITION.sub(rf"\1{_BRACKET}", _plain_typing(source))
    markup = comrak.render_markdown(typed, _EXTENSION, _PARSE, _RENDER)
    return sanitised(_CODE_WITH_WORDS.sub(_with_words_of_fence, markup)).replace(_BRACKET, "[")


def text_to_html(source: str) -> str:
    """Plain text: paragraphs at blank lines, line breaks kept, addresses linked."""
    paragraphs = re.split(r"\n[^\S\n]*(?:\n[^\S\n]*)+", clean_source(source).strip("\n"))
    return sanitised("".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip()))


def html_to_html(source: str) -> str:
    """Foreign HTML (a forum export, a paste from Word) made safe and readable."""
    source = re.sub(r"<[a-z][^<>]*>", _with_whole_quotes, clean_source(source), flags=re.I)
    source = re.sub(r"<(/?)(div|section|article|dd|dt|center)\b[^<>]*>", r"<\1p>", source, flags=re.I)
    cleaned = sanitised(source)
    cleaned = re.sub(r"<(p|h[3-6]|li|strong|em)>(?:\s|&nbsp;|\xa0|<br>)*</\1>", "", cleaned)
    if not re.search(r"<(p|ul|ol|li|table|blockquote|pre|h[3-6]|hr)\b", cleaned):
        cleaned = text_lines_to_paragraphs(cleaned)
    # Once more: without what stood between them, elements may stand in one another that must not.
    return sanitised(cleaned).strip()


def _with_whole_quotes(tag: re.Match[str]) -> str:
    """Exports through CSV leave href=\\"…\\" and, where the first quote got lost, href=\\…\\"."""
    return re.sub(r"=\s*\\\"?", '="', tag[0]).replace('\\"', '"')


def text_lines_to_paragraphs(inline: str) -> str:
    parts = re.split(r"\n\s*\n|(?:<br>\s*){2,}", inline.strip())
    return "".join(f"<p>{part.strip()}</p>" for part in parts if part.strip())


def sanitised(markup: str) -> str:
    """Only harmless elements; headings below those of the page; images, which would call home, become links."""
    markup = re.sub(r"<(/?)h([12])\b", r"<\1h3", markup, flags=re.I)
    markup = re.sub(r"<(/?)(b|i|s|strike)(?=[\s>/])", lambda m: f"<{m[1]}{_ALIASES[m[2].lower()]}", markup, flags=re.I)
    if re.search(r"<img\b", markup, re.I):
        markup = re.sub(r"<img\b[^<>]*>", _image_as_link, markup, flags=re.I)
    markup = _REOPENED.sub(r"<\1>", markup)
    cleaned = nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ATTRIBUTES | _NO_MORE,
        attribute_filter=_no_more_than_there_was(markup),
        clean_content_tags={"script", "style", "title", "xml", "template", "noscript", "iframe"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
        strip_comments=True,
    )
    return re.sub(r'<a(?: href="")? rel="[^"]*">(.*?)</a>', r"\1", cleaned, flags=re.S)


def _no_more_than_there_was(markup: str) -> Callable[[str, str, str], str | None]:
    """A link left open is opened anew in every block, with its whole address: thousands of times a long one."""
    left = 4 * len(markup)

    def keep(_tag: str, name: str, value: str) -> str | None:
        nonlocal left
        left -= len(value) if name != "rel" else 0
        return value if left >= 0 or name == "rel" else None

    return keep


def _plain_typing(source: str) -> str:
    """Take out of typed text what Markdown would misread."""
    lines, fence, in_list, blank = [], "", False, True
    tables = Tables()
    for line in clean_source(source).split("\n"):
        marker = _FENCE.match(line)
        if fence:
            fence = "" if marker and marker[1].startswith(fence) and not line.strip(" \t`~") else fence
        elif marker:
            fence = marker[1]
        else:
            # Thousands of nested quotations would keep the sanitiser busy for minutes.
            line = _DEEP_QUOTE.sub(r"\1", line)
            is_item = _LIST_ITEM.match(line) is not None
            if is_item:
                in_list = True
            elif blank and line.strip() and not line[0].isspace():
                in_list = False
            if not in_list:
                line = _INDENT.sub("", line, count=1) if line[:1] in " \t" and _INDENT.match(line) else line
            line = _HTML_BLOCK.sub(r"\1\\<", line)
            if "`" not in line:
                line = _ENTITY.sub(r"\\&", _NO_LINK.sub(r"]\\(", line))
                line = re.sub(r"(?<=\d)\*(?=\d)", r"\\*", line)
                line = _BARE_URL.sub(r"<\g<0>>", line)
        blank = not line.strip()
        lines += tables.take(line, in_code=bool(fence or marker))
    return "\n".join(lines)


def _with_words_of_fence(code: re.Match[str]) -> str:
    """What stands behind ``` is the name of a language to programmers only; others have begun to write."""
    given = dict(re.findall(r'(class|data-meta)="(?:language-)?([^"]*)"', code[1]))
    return f"<pre><code>{given.get('class', '')} {given.get('data-meta', '')}".rstrip() + "\n"


def _linked(text: str) -> str:
    escaped = html.escape(text, quote=False)
    return re.sub(
        r"https?://[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]*[A-Za-z0-9\-_~/#=&%+]",
        lambda match: f'<a href="{match[0].replace(chr(34), "%22")}">{match[0]}</a>',
        escaped,
    ).replace("\n", "<br>")


def _image_as_link(match: re.Match[str]) -> str:
    attributes = dict(re.findall(r"(src|alt)\s*=\s*\\?[\"']([^\"']*)[\"']", match[0], re.I))
    source = attributes.get("src", "")
    if not source.lower().startswith(("http://", "https://")):
        return attributes.get("alt", "")
    return f'<a href="{source}">{attributes.get("alt") or source}</a>'


class _VisibleText(HTMLParser):
    """Collects the text of sanitised HTML, leaving out quotations."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.quoted += tag == "blockquote"
        if tag not in {"em", "strong", "a", "code", "del", "sub", "sup"}:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.quoted -= tag == "blockquote"
        if tag in {"p", "li", "td", "th", "h3", "h4", "h5", "h6", "blockquote", "pre"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.quoted:
            self.parts.append(data)


@lru_cache(maxsize=4)
def visible_text(markup: str) -> str:
    """The text of sanitised HTML without its quotations. Of what is written, characters and words are counted next."""
    if "<blockquote" not in markup and "&" not in markup:
        return re.sub(r"<[^>]*>", "\n", re.sub(r"</?(?:em|strong|a|code|del|sub|sup)\b[^>]*>", "", markup))
    parser = _VisibleText()
    parser.feed(markup)
    parser.close()
    return "".join(parser.parts)


# Han with its extensions, the iteration mark 々, 〇, kana, Hangul.
ONE_EACH = (
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u3040-\u309f\u30a0-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
)
_COUNTED = re.compile(
    rf"[{ONE_EACH}]|(?:(?![{ONE_EACH}])[^\W_][\u0300-\u036f]*)+(?:['’\-](?:(?![{ONE_EACH}])[^\W_][\u0300-\u036f]*)+)*"
)


def quotation(markup: str) -> str:
    """The typed form in which a post's own words are quoted, ready to be answered below."""
    lines = (line.strip() for line in visible_text(markup).splitlines())
    return "\n".join(f"> {line}" for line in lines if line) + "\n\n"


def count_characters(markup: str) -> int:
    """字数 of a post's HTML: Han, kana and Hangul one each; else one per run of letters and digits, an inner
    apostrophe or hyphen joining; punctuation and emoji none; quotations left out (the product's glossary)."""
    return sum(1 for _ in _COUNTED.finditer(visible_text(markup)))


# Family names that are read otherwise than the character commonly is.
_FAMILY_NAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "盖": "ge", "朴": "piao", "曾": "zeng",
    "翟": "zhai", "覃": "qin", "洗": "xian", "员": "yun", "秘": "bi", "缪": "miao", "繁": "po", "黑": "he",
    "折": "she", "种": "chong", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "令狐": "ling hu",
}  # fmt: skip


@lru_cache(maxsize=4096)
def defused(text: str) -> str:
    """So that a spreadsheet reads a text as text and never as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") else text


def sort_key(name: str) -> str:
    """By pinyin for Han, by small letters for the rest; the name itself breaks ties."""
    family = next((name[:length] for length in (2, 1) if name[:length] in _FAMILY_NAMES), "")
    spoken = [_FAMILY_NAMES[family]] if family else []
    spoken += lazy_pinyin(name[len(family) :], style=Style.NORMAL)
    return f"{' '.join(spoken).lower()}\t{name}"[:500]


def slug_of(title: str, longest: int) -> str:
    """Small letters and digits of a title, Han as pinyin, joined by hyphens; as many whole words as fit."""
    plain = unicodedata.normalize("NFKD", " ".join(lazy_pinyin(title, style=Style.NORMAL)))
    # NFKD leaves the marks of accented letters standing behind them.
    letters = "".join(character for character in plain.lower() if not unicodedata.combining(character))
    slug = ""
    for word in re.findall(r"[a-z0-9]+", letters):
        if len(slug) + len(word) >= longest:
            return slug or word[:longest]
        slug = f"{slug}-{word}".removeprefix("-")
    return slug

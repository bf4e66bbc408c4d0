"""What holds for whatever is typed, or comes in as foreign HTML: tried on texts that nobody thought of."""

import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.text import html_to_html, markdown_to_html, sanitised, text_to_html
from tests.markup import faults, text_of

RENDERERS = (markdown_to_html, html_to_html, text_to_html)

# Typed without a thought of Markdown: no mark among it, wherever it stands. (A digit before a stop begins a list.)
PLAIN = st.text(
    st.sampled_from("abcXYZ019学习讨论龘𠮷한あ，。、；：？！“”‘’（）《》…—·,;:?!'\"%@$^=/{} 　\t\n"), max_size=120
)
# And with marks: those that begin a line, those that come in pairs.
MARKED = st.text(st.sampled_from("abcgtl01学习，。！?.,:;&()[]'\"=*_~`#>-+! \n"), max_size=120)
# What a list, a quotation or a title begins with, as it stands at the start of a line.
BEGINNING = re.compile(r"(?:\s|>|[-+*](?=\s|$)|\d{1,9}[.)](?=\s|$)|#{1,6}(?=\s|$))*")
RULE = re.compile(r"(?:[\s>*+-]|\d+[.)])*?(?:([-*_])\s*){3,}\s*")
FENCE = re.compile(r"(?m)^[\s>*+\-\d.)]*(?:```|~~~)")
ALWAYS_SHOWN = re.compile(r"[^\W_]|[，。！?.,:;&()\[\]'\"=]|(?<=[^\W_])[-+>](?![-+>])|(?<=[^\W_])#(?!#)")


def seen(markup: str) -> str:
    return "".join(text_of(markup).split())


def is_within(some: Iterable[str], all_of_them: Iterable[str]) -> bool:
    """Whether all of the first are among the others, in their order."""
    rest = iter(all_of_them)
    return all(one in rest for one in some)


@given(PLAIN)
@settings(max_examples=200)
@example("他说：“3：1”。\n\n　　下一段\t——完")
def test_plain_typing_is_seen_as_typed(typed: str) -> None:
    for render in (markdown_to_html, text_to_html):
        assert seen(render(typed)) == "".join(typed.split())


@given(PLAIN.map(lambda typed: re.sub(r"[　\t]", "", typed).strip()))
@settings(max_examples=100)
def test_every_line_break_is_one(typed: str) -> None:
    """And an empty line makes a paragraph."""
    paragraphs = [part for part in re.split(r"\n *(?:\n *)+", typed) if part]
    for render in (markdown_to_html, text_to_html):
        shown = render(typed)
        assert shown.count("<p>") == len(paragraphs)
        assert shown.count("<br>") == sum(part.count("\n") for part in paragraphs)


@given(MARKED.filter(lambda typed: not FENCE.search(typed) and "](#" not in typed))
@settings(max_examples=400)
@example("3-5 天，2*3*4，C#，a_b_c，1>0")
@example("[注](1)&lt;见[附件](下)；![图](2)，[a]: b")
@example("1. 甲\n2. 乙\n\n> 引\n- 条")
def test_only_marks_where_they_are_marks_are_not_seen(typed: str) -> None:
    shown = seen(markdown_to_html(typed))
    assert is_within(shown, "".join(typed.split())), "something was shown that nobody typed"
    kept = []
    for line in typed.split("\n"):
        rest = "" if RULE.fullmatch(line) else line[BEGINNING.match(line).end() :]  # type: ignore[union-attr]
        kept += ALWAYS_SHOWN.findall(rest)
    assert is_within(kept, shown), "something typed is not to be seen"


@pytest.mark.parametrize(
    "address", ["https://example.org/a", "mailto:a@example.org", "tel:123", "/classes/a", "#post-3"]
)
def test_words_in_brackets_with_an_address_are_a_link(address: str) -> None:
    assert f'<a href="{address}"' in markdown_to_html(f"See [there]({address}).")


TAGS = ["a", "b", "big", "blockquote", "br", "center", "code", "div", "em", "font", "h1", "h3", "hr", "i", "li", "ol"]
TAGS += ["p", "pre", "script", "span", "strong", "style", "sub", "svg", "table", "td", "tr", "u", "ul", "x"]
NAMES = ["href", "title", "onclick", "style", "class", "src", "alt", "start", "colspan", "lang", "x"]
VALUES = ["x", "http://x.org/?a=1&b=2", "javascript:x", "JaVa&#9;script:x", "data:text/html,x", '"', "'", "<b>", "a@b"]
REST = [
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&lt;",
    "&amp;lt;",
    "&nbsp;",
    "&",
    "<",
    ">",
    "\n\n",
    "学习",
    " ",
    "\x00",
    '\\"',
]


def any_of(*parts: list[str]) -> st.SearchStrategy[str]:
    return st.tuples(*map(st.sampled_from, parts)).map("".join)


ATTRIBUTES = st.lists(any_of([" ", "/", "\n", "\t"], NAMES, ["=", "", " = ", '="', "='", '=\\"'], VALUES), max_size=2)
OPENING = st.tuples(any_of(["<"], TAGS), ATTRIBUTES.map("".join), any_of(["", "/", '"'], [">"])).map("".join)
PIECES = st.one_of(OPENING, any_of(["</"], TAGS, [">"]), any_of(REST), any_of(["a", "\n", "\ufdd0"]))
FOREIGN = st.lists(PIECES, max_size=25).map("".join)


@given(FOREIGN)
@settings(max_examples=300)
@example("<p><b 1><b 2><b 3><b 4><b 5><p>x<p>y")
@example('<p><a href="x">one<p>two<p>three')
def test_what_comes_of_foreign_html_is_harmless_and_needs_no_second_cleaning(markup: str) -> None:
    for render in RENDERERS:
        shown = render(markup)
        assert list(faults(shown)) == []
        assert "".join(sanitised(shown).split()) == "".join(shown.split())
        assert len(shown) <= 60 * len(markup) + 100


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" + "".join(f"<b x={n}>" for n in range(3000)) + "<p>x" * 5000,
        "<p>" + "".join(f"<b<font > x={n}>" for n in range(3000)) + "<p>x" * 5000,
        f'<p><a href="http://{"a" * 20_000}">' + "<p>x" * 5000,
        f'<p><a href="x" title="{"a" * 20_000}">' + "<p>x" * 5000,
        "<span>" * 5000 + f"<a href={'a' * 20_000}>" + "</span>x" * 5000,
    ],
    ids=["emphasis", "hidden emphasis", "address", "title", "spans"],
)  # fmt: skip
def test_what_html_opens_anew_in_every_block_does_not_grow_with_their_number(markup: str) -> None:
    assert len(html_to_html(markup)) < 60 * len(markup)

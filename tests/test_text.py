"""What people write: kept as typed, made safe, counted, sorted."""

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.text import clean_source, count_characters, html_to_html, is_blank, markdown_to_html, sort_key, text_to_html
from tests.markup import faults, text_of

RENDERERS = (markdown_to_html, html_to_html, text_to_html)
every_renderer = pytest.mark.parametrize("render", RENDERERS, ids=lambda render: render.__name__)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("First line\nsecond line", "<p>First line<br>\nsecond line</p>"),
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("**注意：**我们", "<p><strong>注意：</strong>我们</p>"),
        ("他说**“开始”**了", "<p>他说<strong>“开始”</strong>了</p>"),
        ("    four spaces are no code", "<p>four spaces are no code</p>"),
        ("　　两个全角空格", "<p>　　两个全角空格</p>"),
        ("3~5 days and 8~9 nights", "<p>3~5 days and 8~9 nights</p>"),
        ("5*3*2=30", "<p>5*3*2=30</p>"),
        ("a < b && c > d", "<p>a &lt; b &amp;&amp; c &gt; d</p>"),
        ("<b>typed</b>", "<p>&lt;b&gt;typed&lt;/b&gt;</p>"),
        ("so <!-- typed -->", "<p>so &lt;!-- typed --&gt;</p>"),
        ("A title\n---", None),
        ("*emphasis* and `code`", "<p><em>emphasis</em> and <code>code</code></p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("C:\\Users", "<p>C:\\Users</p>"),
        ("见[附件](第二页)", "<p>见[附件](第二页)</p>"),
        ("[x](javascript:x)", "<p>[x](javascript:x)</p>"),
        ("AT&T, &lt; and &copy;", "<p>AT&amp;T, &amp;lt; and &amp;copy;</p>"),
    ],
)
def test_plain_typing_survives(typed: str, shown: str | None) -> None:
    rendered = markdown_to_html(typed).strip()
    if shown is None:
        assert "<h" not in rendered.replace("<hr", ""), "a line of hyphens makes no heading of the line above"
    else:
        assert rendered == shown


def test_headings_stay_below_those_of_the_page() -> None:
    assert "<h3>" in markdown_to_html("# A title")
    assert "<h1" not in html_to_html("<h1>A title</h1>") + markdown_to_html("# A title")


def test_a_typed_address_becomes_a_link_without_the_stop_after_it() -> None:
    for render in (markdown_to_html, text_to_html):
        assert 'href="https://example.org/a?b=1"' in render("See https://example.org/a?b=1。再看")


def test_an_image_becomes_a_link_since_it_would_call_home() -> None:
    assert html_to_html('<img src="https://example.org/a.png" alt="The hall">').count("<img") == 0
    assert 'href="https://example.org/a.png"' in html_to_html('<img src="https://example.org/a.png" alt="The hall">')
    assert "<img" not in markdown_to_html("![The hall](https://example.org/a.png)")


def test_text_from_a_file_keeps_its_lines_and_paragraphs() -> None:
    assert text_to_html("One\ntwo\n\nthree <b>") == "<p>One<br>two</p><p>three &lt;b&gt;</p>"


def test_foreign_html_loses_its_clothes_but_not_its_words() -> None:
    pasted = (
        '<div style="color:red" onclick="x()"><span class="a">Red</span> <b>bold</b><o:p></o:p></div><script>x</script>'
    )
    assert html_to_html(pasted) == "<p>Red <strong>bold</strong></p>"


def test_a_quoted_attribute_of_an_export_through_csv_is_mended() -> None:
    assert 'href="https://example.org/"' in html_to_html('<a href=\\"https://example.org/\\">there</a>')


def test_line_ends_and_nul_are_put_right_before_a_text_is_kept() -> None:
    assert clean_source("one\r\ntwo\rthree\x00") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("markup", "characters"),
    [
        ("<p>今天学习</p>", 4),
        ("<p>ひらがなカタカナー</p>", 9),
        ("<p>한국어</p>", 3),
        ("<p>\U00020000\U0002a6d6</p>", 2),
        ("<p>人々〇</p>", 3),
        ("<p>Good morning</p>", 2),
        ("<p>don't won’t</p>", 2),
        ("<p>state-of-the-art</p>", 1),
        ("<p>'quoted' -dash-</p>", 2),
        ("<p>A4纸, 2026年</p>", 4),
        ("<p>3.5</p>", 2),
        ("<p>Привет, мир!</p>", 2),
        ("<p>👍🏽 🎉 ！？。，、；：“”‘’（）《》……—</p>", 0),
        ("<p>今天<strong>学习</strong>了</p>", 5),
        ("<p>un<em>believ</em>able</p>", 1),
        ("<p>one<br>two</p>", 2),
        ("<p>one</p><p>two</p>", 2),
        ("<ul><li>one</li><li>two</li></ul>", 2),
        ("<blockquote><p>他的话</p></blockquote><p>我的话</p>", 3),
        ("<blockquote><p>a</p><blockquote><p>b</p></blockquote><p>c</p></blockquote><p>mine</p>", 1),
        ("<p>Tom &amp; Tina</p>", 2),
        ('<p><a href="https://example.org/long" title="not seen">link</a></p>', 1),
        ("", 0),
    ],
)
def test_characters_are_counted_by_the_definition(markup: str, characters: int) -> None:
    assert count_characters(markup) == characters


@pytest.mark.parametrize("plain", ["今天 Good-morning 3 人", "una don't 学习"])
def test_an_entity_changes_nothing_in_the_count(plain: str) -> None:
    """Texts with and without entities go through two different readers."""
    assert count_characters(f"<p>{plain}<strong>对</strong></p>") == count_characters(
        f"<p>{plain}<strong>对</strong> &amp;</p>"
    )


def test_names_sort_by_pinyin_and_family_names_as_they_are_spoken() -> None:
    names = ["Zhou", "赵敏", "单丽", "解放", "陈明", "安娜", "Bob", "曾强"]
    assert sorted(names, key=sort_key) == ["安娜", "Bob", "陈明", "单丽", "解放", "曾强", "赵敏", "Zhou"]


def test_names_that_sound_alike_keep_one_order() -> None:
    assert sort_key("李明") != sort_key("李鸣")
    assert sort_key("x" * 600) == sort_key("x" * 600)
    assert len(sort_key("龙" * 600)) <= 500


# No brackets, back-quotes, dots or bars: they make links, code fences, numbered lists, tables, which take letters in.
TYPED = st.text(st.sampled_from("abcXYZ019 学习讨论，。“”：！？*_~>#-+=\n\t'"), max_size=200)


@given(TYPED)
@example("**注意：**我们_a_b")
@example("a\n    b\n\tc")
def test_no_typed_letter_is_ever_lost(typed: str) -> None:
    def letters(text: str) -> str:
        return "".join(character for character in text if character.isalnum())

    assert letters(text_of(markdown_to_html(typed))) == letters(typed)


LINE_STARTS = st.sampled_from(
    ["", "> ", ">> ", "- ", "* ", "+ ", "1. ", "2) ", "# ", "    ", "\t", "  - ", "> - ", "```", "~~~", "````", "> ```",
     "- ~~~", "[", "[z", "> [", "- [", "1. [", "|", "-|-", ":-", "--", "---", "|-|-|", "> -|-", "  -|-|-"]
)  # fmt: skip
LINE_ENDS = st.text(st.sampled_from("abc学习 |-:[]\\`~>#*.!\t"), max_size=12)


@given(
    st.lists(st.tuples(LINE_STARTS, LINE_ENDS).map("".join), max_size=8).map("\n".join).filter(lambda t: "](" not in t)
)
@settings(max_examples=400)
@example("[感悟]:今天的报告让我深受启发。")
@example("> - [感悟\n二]: 今天")
@example("[z|:-\n[y]: |")
@example("```今天 学习\n[a]: b")
@example("a|b\n-|-\nc|d|学习\n学习")
@example("a\n-\nb|学习")
def test_no_typed_letter_is_lost_whatever_its_line_begins_with(typed: str) -> None:
    shown = text_of(markdown_to_html(typed))
    assert [one for one in shown if one.isalpha()] == [one for one in typed if one.isalpha()]


def test_a_table_is_a_table_and_the_words_after_it_are_none_of_its() -> None:
    rendered = markdown_to_html("| a | b |\n|---|---|\n| 1 | 2 |\nafter")
    assert rendered.count("<tr>") == 2
    assert rendered.rstrip().endswith("</table>\n<p>after</p>")
    assert "[a]: b" in markdown_to_html("```\n[a]: b\n```"), "no backslash in code"


def rows(columns: int, lines: str) -> str:
    return "|".join("a" * columns) + "\n" + "|".join("-" * columns) + "\n" + lines


@pytest.mark.parametrize(
    "typed",
    [rows(300, "a\n" * 40_000), rows(300, "|\n" * 40_000), rows(50, "|\n" * 40_000), rows(40, "|\n" * 400 + "\n") * 50,
     "> " + rows(50, "> |\n" * 30_000).replace("\n-", "\n> -", 1), "- a\n  ```\n" + rows(50, "a\n" * 40_000),
     "- " + rows(50, "  |\n" * 30_000).replace("\n-", "\n  -", 1)],
    ids=["wide, empty", "wide", "long", "many", "quoted", "behind code", "in a list"],
)  # fmt: skip
def test_a_table_cannot_fill_a_page_many_times_over(typed: str) -> None:
    started = time.perf_counter()
    rendered = markdown_to_html(typed)
    assert time.perf_counter() - started < 4
    assert len(rendered) < 1_000_000


@pytest.mark.parametrize("nothing", ["", " \t\n　", "\u200b", "\ufeff\u200d\u2060", "\u3164\ufe0f", "\u2800\u00ad"])
def test_what_nobody_can_see_is_blank(nothing: str) -> None:
    assert is_blank(nothing)
    assert not is_blank(f"{nothing}。")


@given(st.text(max_size=300) | st.text(st.sampled_from("<>&\"'=/ abhref:javscipt[]()!`*_\n"), max_size=200))
@settings(max_examples=150)
def test_whatever_is_typed_gives_harmless_html(typed: str) -> None:
    for render in RENDERERS:
        assert list(faults(render(typed))) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        '![x](x"onerror=alert(1))',
        '<img src=x onerror="alert(1)">',
        "<img src='http://x\"onmouseover=alert(1)//' alt='<script>'>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext></p><style><img src=x onerror=alert(1)></style></math>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        '<p style="background:url(javascript:x)">x</p>',
        '<form action="https://evil.example"><input name="password"></form>',
        "<iframe srcdoc='<script>x</script>'></iframe>",
        '<a id="csrf_token" name="csrf_token" href="/x" target="_top" onclick="x()">x</a>',
        'http://x"onmouseover=alert(1)',
        '<https://x"onmouseover=alert(1)>',
    ],
)
@every_renderer
def test_hostile_text_becomes_harmless(render: Callable[[str], str], hostile: str) -> None:
    assert list(faults(render(hostile))) == []


def test_the_judge_of_markup_knows_harm_when_it_sees_it() -> None:
    for harmful in (
        "<script>x</script>",
        '<p onclick="x">x</p>',
        '<a href="javascript:x">x</a>',
        '<a href="java&#9;script:x">x</a>',
        "<p>never closed",
        "<p><em>crossed</p></em>",
        "<img src=x>",
        "<p",
        '<a href="x" style="y">z</a>',
    ):
        assert list(faults(harmful)), harmful
    assert list(faults('<p>a<br>b <a href="https://x.org/?a=1&amp;b=2" rel="nofollow">c</a></p>')) == []


@pytest.mark.parametrize("hostile", [">" * 20000, "[" * 20000, "*a " * 10000, "- " * 5000, "<a " * 20000, "`" * 20000])
@every_renderer
def test_no_text_keeps_the_server_busy(render: Callable[[str], str], hostile: str) -> None:
    started = time.perf_counter()
    render(hostile)
    assert time.perf_counter() - started < 2


def test_typed_tags_at_the_start_of_a_line_keep_the_line_breaks() -> None:
    shown = markdown_to_html("<div>\nfirst\nsecond").replace("\n", "")
    assert shown == "<p>&lt;div&gt;<br>first<br>second</p>"


def test_an_accent_written_apart_does_not_split_a_word() -> None:
    assert count_characters("<p>cafe\u0301 e\u0301tude</p>") == 2

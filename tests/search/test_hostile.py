"""Whatever is typed, the engines never take it for one of their operators."""

from __future__ import annotations

import pytest

from tests.cast import World
from tests.search.finding import found
from tests.test_limits import allow

TYPED = [
    "经济 AND", "OR OR", "NOT 经济", "经济 NEAR/2 市场", "NEAR(经济 市场)", '"', '""', '"""经济', "经济*", "*", "^经济",
    "words:经济", "{words} : 经济", "post_index", "-经济", "+经济", "(经济", "经济)", "((((", "经济 | 市场 & !别的",
    "经济:*", "'经济'", "经济 <-> 市场", "<2>", "\\", "'; DROP TABLE posts; --", "%", "_", "%经济%", "/%", "§1",
    "§1 经济",
    "\x00", "经\x00济", "\ufffd", "\u200b", "……！？", "🎉", "a" * 10_000, "经" * 10_000, "经 济 " * 5_000, '"' * 10_000,
    "\u202e经济", "<script>alert(1)</script>", "é" * 300, "ﷺ" * 200, "İ", "ß", "{{ 7*7 }}", "%s %(a)s",
]  # fmt: skip


@pytest.fixture
def discussion(world: World) -> int:
    discussion = world.discussion("经济 100%", prompt="50_000")
    world.publish(world.cast.tina, discussion, "市场经济 <b>x</b> & more")
    return discussion


@pytest.mark.parametrize("kind", ["posts", "people", "discussions"])
def test_nothing_typed_is_an_operator(
    world: World, discussion: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(world.app, monkeypatch, search_limit="1000/minute")
    tom = world.client_of(world.cast.tom)
    for typed in TYPED:
        for order in ("newest", "best"):
            asked = {"q": typed, "kind": kind, "order": order}
            page = tom.get("/search", query_string=asked)
            assert page.status == 200, typed[:40]
            assert "<script>alert" not in page.source
            assert "49" not in page.words or "{{" not in typed


@pytest.mark.one_database
@pytest.mark.parametrize(
    "arguments",
    [
        "after=0", "after=-1", "after=x", "after=99999999999", "page=0", "page=999999", "page=x", "order=x", "kind=x",
        "kind=people&page=50", "order=best&page=50", "class=", "q=2&q=3", "page=2&after=1",
    ],
)  # fmt: skip
def test_arguments_that_make_no_sense_count_as_not_said(world: World, discussion: int, arguments: str) -> None:
    assert world.client_of(world.cast.tom).get(f"/search?q=经济&{arguments}").status == 200


def test_signs_of_like_are_taken_as_they_are(world: World, discussion: int) -> None:
    world.discussion("经济 1000", prompt="50x000")
    tom = world.client_of(world.cast.tom)

    def titles(typed: str) -> list[str]:
        page = tom.get("/search", query_string={"q": typed, "kind": "discussions"})
        return [link.words for link in page.all("p", class_="answer-who")]

    assert titles("50_000") == ["经济 100%"]
    assert titles("0%") == ["经济 1000", "经济 100%"]


def test_what_a_post_says_is_shown_as_text(world: World, discussion: int) -> None:
    page = world.client_of(world.cast.tom).get("/search?q=市场")
    assert found(page) == ["[市场]经济 <b>x</b> & more"]


@pytest.mark.parametrize("text", ["字" * 99_000, "x" * 99_000, "ﷺ" * 99_000, "9 " * 49_000])
def test_the_longest_posts_can_be_written_and_found(world: World, text: str) -> None:
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion, text)
    page = world.client_of(world.cast.tom).get("/search", query_string={"q": text[:20]})
    assert page.status == 200
    assert len(found(page)) == (0 if text[0] == "9" else 1)


def test_a_hundred_thousand_different_characters_can_be_posted(world: World) -> None:
    text = "".join(chr(0x4E00 + (step * 7919) % 20_900) for step in range(99_000))
    discussion = world.discussion()
    world.publish(world.cast.tina, discussion, text)
    page = world.client_of(world.cast.tom).get("/search", query_string={"q": text[5:7]})
    assert len(found(page)) == 1

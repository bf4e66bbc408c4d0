"""The words of posts: written with them, checked, and written anew."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from forum.db import commit, db
from forum.discussions.models import Discussion, Post, PostWords
from forum.discussions.operations import publish_post
from forum.search.operations import forget_words, index_some
from forum.statistics.checking import faults
from forum.words import phrases_of, words_of
from tests.cast import World
from tests.search.finding import counts


def lines(world: World) -> list[str]:
    with world.app.app_context():
        return list(faults())


def hits(world: World, typed: str) -> str:
    return counts(world.client_of(world.cast.tom).get("/search", query_string={"q": typed}))[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("研修班", ["研修", "修班", "班"]),
        ("用 5G网络", ["用", "5g", "网络", "络"]),
        ("Ｆｕｌｌ－width, don't", ["full", "width", "don", "t"]),
        ("a_b", ["a", "b"]),
        ("", []),
        ("x" * 100, ["x" * 64]),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_no_word_holds_a_sign_that_an_engine_would_read_as_its_own() -> None:
    every = [chr(code) for code in [*range(0xD800), *range(0xE000, 0x30000)]]
    texts = ["".join(every[start : start + 1000]) for start in range(0, len(every), 1000)]
    words = [word for text in texts for word in words_of(text)]
    words += [word for text in texts for phrase in phrases_of(text) for word in phrase.words]
    assert len(words) > 100_000
    assert [word for word in words if re.search(r"[\x00-/:-@\[-`{-\x7f]", word)] == []


def test_words_that_are_missing_or_left_are_told_and_written_anew(world: World) -> None:
    discussion = world.discussion()
    numbers = [world.publish(world.cast.tina, discussion, f"第{step}次经济") for step in range(3)]
    assert lines(world) == []
    with world.inside():
        db.session.execute(sa.delete(PostWords).where(PostWords.post_id == world.post(discussion, numbers[0]).id))
        hidden = world.post(discussion, numbers[1])
        db.session.execute(sa.update(Post).where(Post.id == hidden.id).values(deleted_at=world.clock.now))
    told = [line for line in lines(world) if "reindex" in line]
    assert told == [
        f"discussion {discussion}: search does not find 1 of its posts; run `forum reindex`",
        f"discussion {discussion}: search keeps words of 1 posts that are gone; run `forum reindex`",
    ]
    with world.inside():
        assert forget_words() == 2
        assert index_some(0) == (2, world.post(discussion, numbers[2]).id)
    assert [line for line in lines(world) if "reindex" in line] == []
    assert hits(world, "经济") == "2"


def test_an_entry_of_sqlite_is_never_given_again(world: World) -> None:
    """What it once said would be found under the post that has it now."""
    discussion = world.discussion()
    first = world.publish(world.cast.tina, discussion, "起初的农业")
    world.change("delete", world.cast.tina, discussion, first)
    world.publish(world.cast.tina, discussion, "后来的工业")
    assert (hits(world, "农业"), hits(world, "工业")) == ("0", "1")


def test_what_is_undone_is_not_found(world: World) -> None:
    discussion = world.discussion()
    with world.app.app_context():
        member = world.member(world.cast.tina)
        publish_post(member, db.session.get_one(Discussion, discussion), "没有发出的经济", None, "undone")
        db.session.rollback()
        commit()
    assert hits(world, "经济") == "0"

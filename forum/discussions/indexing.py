"""The words by which posts are found, written together with them: pages of search read them (forum/search).

It stands here and not with search because a post and its words are one change: operations and imports call it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from forum.db import built_once, db, insert_into
from forum.discussions.models import Post, PostWords
from forum.text import visible_text
from forum.words import words_of

_LAST_ENTRY = sa.text("SELECT rowid FROM post_index ORDER BY rowid DESC LIMIT 1")
_NEW_ENTRY = sa.text("INSERT INTO post_index (rowid, words) VALUES (:entry, :words)")


class Written(NamedTuple):
    """What of a post matters here."""

    id: int
    class_id: int
    discussion_id: int
    created_at: datetime
    html: str


def index_anew(post: Post) -> None:
    """As it stands now."""
    unindex_post(post.id)
    index_post(post)


def index_post(post: Post) -> None:
    """One that has no words yet."""
    index_posts([Written(post.id, post.class_id, post.discussion_id, post.created_at, post.html)])


def unindex_post(post_id: int) -> None:
    """On SQLite the entry itself stays where nothing leads to it any more, until the next `forum reindex`."""
    db.session.execute(sa.delete(PostWords).where(PostWords.post_id == post_id))


def erase_entries(posts: Sequence[Written]) -> None:
    """Unindex them and leave nothing of their words behind: SQLite takes those away that it is told once more."""
    if db.engine.dialect.name == "sqlite" and posts:
        erase = "INSERT INTO post_index (post_index, rowid, words) SELECT 'delete', words, :words FROM post_words"
        said = [{"id": post.id, "words": " ".join(_words_of(post))} for post in posts]
        db.session.execute(sa.text(f"{erase} WHERE post_id = :id"), said)
    db.session.execute(sa.delete(PostWords).where(PostWords.post_id.in_([post.id for post in posts])))


def index_posts(posts: Iterable[Written]) -> None:
    """Posts that have no words yet."""
    rows = [
        {"post_id": post.id, "discussion_id": post.discussion_id, "created_at": post.created_at}
        | {"words": _words_of(post)}
        for post in posts
    ]
    write = _write_vectors if db.engine.dialect.name == "postgresql" else _write_entries
    if rows:
        write(rows)


def forget_words() -> None:
    """All of them."""
    db.session.execute(sa.delete(PostWords))
    if db.engine.dialect.name == "sqlite":
        db.session.execute(sa.text("INSERT INTO post_index(post_index) VALUES ('delete-all')"))


def class_word(class_id: int) -> str:
    """Narrows a search to a class within the index; nobody can type it, since no word has such a sign."""
    return f"§{class_id}"


def _words_of(post: Written) -> list[str]:
    return [*words_of(visible_text(post.html)), class_word(post.class_id)]


def _write_entries(rows: list[dict[str, Any]]) -> None:
    last = db.session.scalar(_LAST_ENTRY) or 0
    entries = [{"entry": last + place, "words": " ".join(row["words"])} for place, row in enumerate(rows, 1)]
    db.session.execute(_NEW_ENTRY, entries)
    db.session.execute(_adding_words(), [row | {"words": last + place} for place, row in enumerate(rows, 1)])


def _write_vectors(rows: list[dict[str, Any]]) -> None:
    db.session.execute(_adding_words(), [row | {"words": _vector(row["words"])} for row in rows])


@built_once
def _adding_words() -> Any:
    """Those whom somebody has edited meanwhile have words already when `forum reindex` comes to them."""
    return insert_into(PostWords).on_conflict_do_nothing()


def _vector(words: list[str]) -> str:
    """In PostgreSQL's notation: 'word':1,7 with the places at which it stands. There is no quote in a word."""
    places: dict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(words, 1):
        places[word].append(str(place))
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())

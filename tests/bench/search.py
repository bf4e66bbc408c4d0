"""Search over 200,000 posts against the truth (`LIKE`), and its first page against a page of a discussion of 1,000, in
interleaved rounds of one run: `python -m tests.bench.search [--posts N] [--rounds N] [--postgresql]`.

Sentences come from the demonstration, and from FORUM_TEST_CORPUS (texts of threads/jsonl) where that is set. Who asks
is a trainee: of a class of half of the posts, and of one of 2,000. The bar: recall at least 0.99 for every word, the
newest within 3 times a discussion page that has a new post.
"""

import argparse
import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import insert

from forum import clock
from forum.classes.models import Role
from forum.classes.operations import enrol_member
from forum.db import commit, db
from forum.discussions.indexing import Written, index_posts
from forum.discussions.models import Discussion, Post, Stage
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from forum.members.operations import hash_password, set_password
from forum.search.queries import Wanted, post_ids
from forum.text import count_characters, text_to_html
from forum.words import phrases_of
from tests.bench.classroom import PASSWORD, add_people, empty_databases, kind_of, scratch_app, signed_in_client

RECALL, BAR = 0.99, 3.0
IN_A_DISCUSSION, IN_A_CLASS = 1000, 2000
HAN = re.compile(r"[\u4e00-\u9fff]{2,}")


def sentences() -> list[str]:
    texts = [file.read_text(encoding="utf-8") for file in Path("forum/demo").glob("*.toml")]
    for file in Path(os.environ.get("FORUM_TEST_CORPUS", "nowhere")).glob("threads/jsonl/icourse*.jsonl"):
        lines = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
        texts += [re.sub(r"<[^>]*>|&\w+;", " ", line["body"]) for line in lines if line["type"] == "post"]
    found = (part.strip() for text in texts for part in re.split(r"(?<=[。！？\n])", text))
    return [part for part in found if 8 < len(part) < 200 and HAN.search(part)]


def wanted(known: list[str]) -> list[str]:
    """Frequent words of two to four characters, as people would type them: every pair counts, also within words."""
    counted: Counter[str] = Counter()
    for text in known:
        for run in HAN.findall(text):
            counted.update(run[at : at + size] for size in (2, 3, 4) for at in range(len(run) - size + 1))
    some = [word for word, _ in counted.most_common(1500)]
    return ["经济", "学习", *some[10:1500:31]]


def build(app: Flask, posts: int, known: list[str]) -> dict[str, str]:
    """The class of half of them, and many small ones; the discussion page that is compared. E-mails by name."""
    drawn = random.Random(7)
    with app.app_context():
        large, learning, _ = add_people("measured", trainees=40)
        fill(large, learning, posts // 2, known, drawn)
        for number in range(posts // 2 // IN_A_CLASS):
            small, people, _ = add_people(f"small-{number}", trainees=40)
            fill(small, people, IN_A_CLASS, known, drawn)
        visitor = people[0]
        visitor.email = "trainee-small@example.org"
        set_password(visitor, hash_password(PASSWORD))
        last = db.session.query(Discussion).order_by(Discussion.id.desc()).first()
        assert last
        enrol_member(last.training_class, learning[0], Role.TRAINEE)
        commit()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        return {"discussion": f"/discussions/{last.id}"}


def fill(training_class: Any, people: list[Member], posts: int, known: list[str], drawn: random.Random) -> None:
    for part in range(0, posts, IN_A_DISCUSSION):
        discussion = add_discussion(training_class, f"Discussion {part}", Stage.DURING)
        rows = []
        for number in range(1, IN_A_DISCUSSION + 1):
            body = "".join(drawn.choices(known, k=drawn.choice((1, 2, 3, 5, 8))))
            html = text_to_html(body)
            rows.append(
                {
                    "class_id": training_class.id, "discussion_id": discussion.id, "number": number,
                    "author_id": people[number % len(people)].id, "role": Role.TRAINEE, "format": "text", "body": body,
                    "html": html, "characters": count_characters(html), "revision": number, "late": False,
                    "created_at": clock.now(), "depth": 0,
                }
            )  # fmt: skip
        ids = db.session.scalars(insert(Post).returning(Post.id, sort_by_parameter_order=True), rows)
        index_posts(
            Written(one, row["class_id"], row["discussion_id"], row["created_at"], row["html"])
            for one, row in zip(ids, rows, strict=True)
        )
        discussion.last_number = discussion.revision = len(rows)
        commit()


def recall(app: Flask, words: list[str]) -> float:
    """Of all the words together, and the least of any; printed. Truth is what stands in the text as typed."""
    found, rates, true = 0, {}, 0
    with app.app_context():
        ada = Member(id=0, name="Ada", is_administrator=True)
        for word in words:
            truth = set(db.session.scalars(sa.select(Post.id).where(Post.body.contains(word))))
            hits = set(post_ids(Wanted(ada, phrases_of(word), None)))
            rates[word] = len(truth & hits) / len(truth)
            found, true = found + len(truth & hits), true + len(truth)
    worst = min(rates, key=lambda word: rates[word])
    print(f"{kind_of(app)}: recall {found / true:.4f} of {true:,} by {len(words)} words, least {rates[worst]:.4f}")
    return min(rates.values())


def sizes(app: Flask) -> Iterator[str]:
    with app.app_context(), db.engine.connect() as connection:
        if kind_of(app) == "postgresql":
            for table in ("posts", "post_words"):
                size = connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table}')").scalar_one()
                yield f"{table} {size / 1e6:.0f} MB"
        else:
            size = connection.exec_driver_sql("SELECT sum(length(block)) FROM post_index_data").scalar_one()
            yield f"post_index {size / 1e6:.0f} MB"
            pages = connection.exec_driver_sql("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            yield f"the whole database {pages.scalar_one() / 1e6:.0f} MB"


def clients(app: Flask) -> dict[str, Any]:
    large = signed_in_client(app)
    app.extensions["settings"] = replace(app.extensions["settings"], search_limit="1000000/minute")
    app.config["WTF_CSRF_ENABLED"] = False
    small = app.test_client()
    answer = small.post("/sign-in", data={"email": "trainee-small@example.org", "password": PASSWORD})
    assert answer.status_code == 302, answer.status
    app.config["WTF_CSRF_ENABLED"] = True
    return {"class of half": large, "class of 2,000": small}


def measured(app: Flask, path: str, words: list[str], rounds: int) -> bool:
    """Each page beside the discussion page, in turns: as it is after a new post, and as it is kept until the next."""
    fine = True
    for who, client in clients(app).items():
        for order in ("newest", "best"):
            anew, kept, mine = [], [], []
            for turn in range(-2, rounds):
                app.extensions["fragments"].clear()
                taken = [
                    timed(client, path),
                    timed(client, path),
                    timed(client, f"/search?q={words[turn % len(words)]}&order={order}"),
                ]
                if turn >= 0:
                    for times, seconds in zip((anew, kept, mine), taken, strict=True):
                        times.append(seconds * 1000)
            print(
                f"  {who}, {order}: {median(mine):.1f} ms (slowest {max(mine):.0f}); a discussion page with a new post "
                f"{median(anew):.1f} ms, kept {median(kept):.1f} ms: {median(mine) / median(anew):.2f} of it, "
                f"{median(mine) / median(kept):.2f}",
                flush=True,
            )
            fine &= order == "best" or median(mine) <= BAR * median(anew)
    return fine


def timed(client: Any, path: str) -> float:
    started = time.perf_counter()
    assert client.get(path).status_code == 200
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    known = sentences()
    words = wanted(known)
    with ExitStack() as stack:
        app = stack.enter_context(scratch_app(empty_databases(stack, chosen.postgresql, 1)[0]))
        started = time.perf_counter()
        paths = build(app, chosen.posts, known)
        print(
            f"{kind_of(app)}: {chosen.posts:,} posts of {len(known):,} sentences, {time.perf_counter() - started:.0f} s"
        )
        print("  " + ", ".join(sizes(app)))
        fine = recall(app, words) >= RECALL
        fine &= measured(app, paths["discussion"], words, chosen.rounds)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())

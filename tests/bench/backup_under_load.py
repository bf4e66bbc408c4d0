"""A backup while eight people write, brought back into both databases:
`python -m tests.bench.backup_under_load [--seconds S] [--posts N]`.

From either database: every post that was accepted before the backup began is in it, numbers have no gaps, figures and
texts of both restored forums are the same, `forum check` finds nothing. And they are those of one moment: whatever was
written after it is taken out of the forum that went on, whose texts and figures are then the same as well. Prints rows
a second.
"""

import argparse
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from forum.backups import operations
from forum.backups.archive import opened
from forum.classes.models import TrainingClass
from forum.db import commit, db
from forum.discussions.counting import recount_discussions
from forum.discussions.models import Discussion, Post, Stage
from forum.discussions.setup import add_discussion
from forum.statistics.checking import faults
from forum.statistics.figures import class_figures
from tests.bench.classroom import add_people, add_posts_in_bulk, scratch_app
from tests.bench.room import Room, room
from tests.databases import PostgreSQLServer

PEOPLE, WRITERS = 24, 8


def write(served: Room, person: int, over: threading.Event, accepted: list[int]) -> None:
    turn = 0
    while not over.is_set():
        turn += 1
        _status, number = served.send(person, served.discussion, f"第 {turn} 条，{person}。", f"{person}-{turn}")
        if number:
            accepted.append(number)


def state_of(app: Flask) -> tuple[Any, ...]:
    """Texts, figures, and what is wrong."""
    with app.app_context():
        posts = db.session.execute(sa.select(Post.discussion_id, Post.number, Post.body).order_by(Post.id)).all()
        figures = [class_figures(one, "trainee") for one in db.session.query(TrainingClass)]
        numbers = {one.id: one.last_number for one in db.session.query(Discussion)}
        gaps = [key for key, last in numbers.items() if sum(post[0] == key for post in posts) != last]
        return posts, figures, gaps, list(faults())


def state_without_later(app: Flask, kept: list[Any]) -> tuple[Any, ...]:
    """Texts and figures of the forum that went on, once all that is not among the kept posts is taken out of it."""
    with app.app_context():
        there = {(discussion_id, number) for discussion_id, number, _body in kept}
        later = [post for post in db.session.query(Post) if (post.discussion_id, post.number) not in there]
        for post in later:
            assert post.number > max(number for discussion_id, number in there if discussion_id == post.discussion_id)
            db.session.delete(post)
        db.session.flush()
        recount_discussions({post.discussion_id for post in later})
        commit()
    return state_of(app)[:2]


def restored(file: Path, opened_here: ExitStack, kind: str, server: PostgreSQLServer) -> tuple[Any, ...]:
    app = opened_here.enter_context(scratch_app(server.new(migrated=False) if kind == "postgresql" else None))
    with app.app_context(), opened(file) as archive:
        begun = time.monotonic()
        operations.restore_backup(archive, file)
        commit()
        print(f"  into {kind}: {archive.manifest.rows / (time.monotonic() - begun):,.0f} rows/s")
    return state_of(app)


def try_out(kind: str, seconds: float, posts: int) -> bool:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forum-backup-")))
        server = PostgreSQLServer(folder / "pg")
        stack.callback(server.stop)
        served = stack.enter_context(room(PEOPLE, 2 if kind == "postgresql" else 1, 1, kind))
        if posts:
            with served.app.app_context():
                training_class, learning, _teaching = add_people("other")
                add_posts_in_bulk(add_discussion(training_class, "Long", Stage.DURING), learning, posts)
                commit()
        over, accepted = threading.Event(), list[int]()
        writers = [threading.Thread(target=write, args=(served, one, over, accepted)) for one in range(WRITERS)]
        for one in writers:
            one.start()
        time.sleep(seconds / 2)
        before, begun, file = set(accepted), time.monotonic(), folder / "forum.zip"
        with served.app.app_context():
            manifest = operations.take_backup(file)
        took = time.monotonic() - begun
        meanwhile = len(accepted) - len(before)
        over.set()
        for one in writers:
            one.join()
        print(f"{kind}: {manifest.rows:,} rows, {manifest.rows / took:,.0f} rows/s; {meanwhile} posts taken meanwhile")
        states = [restored(file, stack, target, server) for target in ("sqlite", "postgresql")]
        rows, _figures, gaps, wrong = states[0]
        went_on = state_without_later(served.app, rows)
        missing = before - {number for discussion, number, _ in rows if discussion == served.discussion}
        same = states[0] == states[1]
        of_that_moment = went_on == states[0][:2]
        print(f"  of {len(before)} accepted before {len(missing)} are missing; gaps {gaps or 'none'}; "
              f"check {wrong or 'clean'}; both {'are' if same else 'are NOT'} the same, "
              f"{'as' if of_that_moment else 'NOT as'} at the moment of the backup")  # fmt: skip
        return same and of_that_moment and not missing and not gaps and not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--posts", type=int, default=0, help="so many more, in other classes")
    chosen = parser.parse_args()
    fine = [try_out(kind, chosen.seconds, chosen.posts) for kind in ("sqlite", "postgresql")]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())

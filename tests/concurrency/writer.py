"""A writer in a process of its own: `python -m tests.concurrency.writer URL DISCUSSION NAME COUNT` waits for a line."""

import sys
import tempfile
from pathlib import Path

from forum.db import commit, db
from forum.discussions.models import Discussion
from forum.discussions.operations import publish_post
from forum.members.models import Member
from tests.databases import test_app as make_app


def write(url: str, discussion_id: int, name: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(url, Path(folder))
        with app.app_context():
            db.engine.connect().close()
            print("ready", flush=True)
            sys.stdin.readline()
        for turn in range(count):
            with app.app_context():
                author = db.session.query(Member).filter_by(name=name).one()
                discussion = db.session.get_one(Discussion, discussion_id)
                publish_post(author, discussion, f"{name} {turn}.", 1 if turn % 2 else None, f"{name}-{turn}")
                commit()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))

"""A backup is one moment, however many write while it is taken."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from forum.backups.operations import take_backup
from forum.db import commit, db
from forum.discussions.models import Discussion, Post
from forum.discussions.operations import publish_post
from forum.members.models import Member
from forum.statistics.checking import faults
from tests.backups.conftest import Place, settle_class


def test_what_is_written_meanwhile_is_not_in_it_at_all(
    database_kind: str, new_place: Callable[[str], Place], tmp_path: Path
) -> None:
    place, target = new_place(database_kind), new_place("sqlite")
    discussion_id, written = settle_class(place), []

    def write(author: str) -> None:
        with app.app_context():
            member = db.session.query(Member).filter_by(name=author).one()
            discussion = db.session.get_one(Discussion, discussion_id)
            written.append(publish_post(member, discussion, "Meanwhile.", None, f"{author}-{len(written)}").number)
            commit()

    with place.inside() as app, ThreadPoolExecutor(1) as pool:
        take_backup(
            tmp_path / "forum.zip", lambda *_: [pool.submit(write, name).result() for name in ("Tina", "Tom", "Ivan")]
        )
    target.restore(tmp_path / "forum.zip")

    assert len(written) > 20, "somebody wrote between any two tables"
    with target.inside():
        discussion = db.session.get_one(Discussion, discussion_id)
        assert [number for (number,) in db.session.query(Post.number).order_by(Post.number)] == [1, 2]
        assert discussion.last_number == discussion.revision == 2
        assert list(faults()) == []

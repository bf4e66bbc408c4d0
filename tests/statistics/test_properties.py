"""What holds of the figures whatever is written: by random classes."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.classes.operations import create_class
from forum.db import db
from forum.discussions.models import Post
from forum.discussions.operations import edit_post
from forum.interop.threads import import_threads
from forum.statistics.figures import Scope, figures_of
from tests.cast import World
from tests.statistics.test_rows import compare

# Properties of the definitions; that both databases give the same figures is shown with the figures.
pytestmark = pytest.mark.one_database

ADDING_UP = ("posts", "reflections", "replies", "participants", "person_times", "trainees", "units", "characters")
UNITS = [None, "A", "A / B", "A / B / C", "A / D", "E / F", "E"]
PEOPLE = st.lists(
    st.tuples(st.sampled_from(UNITS), st.sampled_from(["trainee"] * 4 + ["instructor"])), min_size=1, max_size=7
)
POSTS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 2), st.one_of(st.none(), st.integers(0, 20)), st.integers(0, 24 * 40)),
    max_size=20,
)


def file_of(people: Any, posts: Any) -> list[bytes]:
    """Threads to import: posts by person, discussion, the post they answer, and hours since 1 March."""
    lines: list[dict[str, Any]] = [{"type": "discussion", "id": f"d{n}", "title": f"D{n}", "stage": stage}
                                   for n, stage in enumerate(("before", "during", "after"))]  # fmt: skip
    for number, (unit, role) in enumerate(people):
        lines.append({"type": "member", "id": f"u{number}", "name": f"Person {number}", "role": role, "unit": unit})
    for number, (author, discussion, parent, hours) in enumerate(posts):
        of_its_own = parent is None or parent >= number or posts[parent][1] != discussion
        lines.append(
            {
                "type": "post", "id": f"p{number}", "discussion": f"d{discussion}",
                "author": f"u{author % len(people)}",
                "parent": None if of_its_own else f"p{parent}", "body": f"话 {number}", "format": "text",
                "at": f"2026-03-{1 + hours // 24 % 28:02}T{hours % 24:02}:00:00+08:00",
            }
        )  # fmt: skip
    return [json.dumps(line, ensure_ascii=False).encode() for line in lines]


@given(PEOPLE, POSTS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_a_random_class(world: World, people: Any, posts: Any) -> None:
    world.clock.now = datetime(2026, 4, 1, tzinfo=UTC)  # after everything that is brought
    with world.app.app_context():
        training_class = create_class("random", "Random", date(2026, 3, 1), date(2026, 3, 31), "Asia/Shanghai")
        lines = file_of(people, posts)
        assert import_threads(training_class, lines).errors == []
        scope = Scope(training_class)
        totals = figures_of(scope).totals
        assert totals.participants <= totals.person_times <= totals.posts == totals.reflections + totals.replies
        assert totals.participants + totals.silent == totals.trainees
        for level in (None, 0, 1, 2):
            rows = figures_of(Scope(training_class, level=level), "unit").rows
            for name in ADDING_UP:
                assert sum(getattr(row, name) for row in rows) == getattr(totals, name), (level, name)
        compare(scope, totals, "totals")
        import_threads(training_class, lines)
        assert figures_of(scope).totals == totals, "the same file again adds nothing"
        for post in db.session.query(Post).filter_by(class_id=training_class.id):
            edit_post(post.author, post, f"改 {post.number}")
        assert figures_of(scope).totals == totals, "an edit moves nothing"
        db.session.rollback()

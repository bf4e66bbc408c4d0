"""Who is answered what: the same as on the pages, for every kind of person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.conftest import PATHS, Program
from tests.cast import World

ProgramOf = Callable[..., Program]
POST_FIELDS = [
    "number", "parent", "depth", "author", "body", "html", "created_at", "edited_at", "late", "featured", "hidden",
    "deleted",
]  # fmt: skip


def test_the_text_of_a_hidden_post_is_for_its_author_and_the_staff_that_of_a_deleted_one_for_nobody(
    world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    world.publish(world.cast.tom, discussion_id, "Deleted words")
    world.change("hide", world.cast.ivan, discussion_id, 1, "off the subject")
    world.change("delete", world.cast.tom, discussion_id, 5)
    for name, reads in (("tina", True), ("ivan", True), ("olga", True), ("ada", True), ("tom", False), ("omar", False)):
        program = program_of(getattr(world.cast, name))
        posts = program.get(f"/discussions/{discussion_id}/posts").json["posts"]
        hidden, deleted = posts[0], posts[4]
        assert (hidden["hidden"], hidden["deleted"]) == (True, False)
        assert (hidden["body"] is not None, hidden["html"] is not None) == (reads, reads), name
        assert (deleted["deleted"], deleted["body"], deleted["html"]) == (True, None, None), name
        assert list(hidden) == POST_FIELDS


def test_who_has_to_post_first_reads_nothing_before(world: World, program_of: ProgramOf) -> None:
    discussion_id = world.discussion(post_first=True)
    world.publish(world.cast.tina, discussion_id, "Words of Tina")
    tom = program_of(world.cast.tom)
    for path in ("posts", "posts?since=0", "posts/1"):
        answer = tom.get(f"/discussions/{discussion_id}/{path}", If_None_Match="*")
        assert answer.status_code == 403, path
        assert "after posting your own" in answer.json["detail"]
    assert tom.get(f"/discussions/{discussion_id}").status_code == 200
    assert program_of(world.cast.omar).get(f"/discussions/{discussion_id}/posts").status_code == 200
    assert tom.publish(discussion_id, "Words of Tom").status_code == 201
    assert len(tom.get(f"/discussions/{discussion_id}/posts").json["posts"]) == 2


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["stella", "wendy"])
def test_for_a_stranger_and_for_who_withdrew_nothing_is_there(
    name: str, world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    program = program_of(getattr(world.cast, name))
    missing = program.get("/discussions/999999/posts").json
    for path in PATHS:
        answer = program.get(path.format(id=discussion_id))
        assert (answer.status_code, answer.json) == (404, missing), path
    assert program.publish(discussion_id, "Words").status_code == 404
    assert world.totals().posts == 3


@pytest.mark.one_database
def test_figures_that_name_the_silent_are_not_for_trainees(
    world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    allowed = {
        name: program_of(getattr(world.cast, name)).get("/classes/spring/figures").status_code
        for name in ("tina", "ivan", "olga", "omar", "ada")
    }
    assert allowed == {"tina": 403, "ivan": 200, "olga": 200, "omar": 200, "ada": 200}


@pytest.mark.one_database
def test_an_archived_class_can_be_read(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    world.archive()
    ivan = program_of(world.cast.ivan)
    assert all(ivan.get(path.format(id=discussion_id)).status_code == 200 for path in PATHS)
    assert ivan.get("/classes/spring").json["archived"] is True
    assert ivan.get(f"/discussions/{discussion_id}").json["state"] == "closed"

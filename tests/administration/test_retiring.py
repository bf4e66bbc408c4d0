"""Retiring a person: the name gone everywhere, no figure moved."""

import pytest

from forum.administration.retiring import OWN, retire_member
from forum.db import db
from forum.discussions.models import Draft, Post, PostVersion
from forum.discussions.operations import edit_post
from forum.members.models import Member
from forum.statistics.checking import faults
from tests.cast import Browser, World


@pytest.fixture
def discussion_id(world: World) -> int:
    """Tina has written, edited, and been answered."""
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "Private words before")
    with world.inside():
        tina = world.member(world.cast.tina)
        edit_post(tina, world.post(discussion_id, 1), "Private words")
        draft = {"body": "half", "version": 1, "kept_at": world.clock.now}
        db.session.add(Draft(member_id=tina.id, discussion_id=discussion_id, parent=0, **draft))
    world.publish(world.cast.tom, discussion_id, "An answer", parent=1)
    return discussion_id


def figures(world: World) -> list[object]:
    return [(row.key, row.posts, row.characters) for by in ("trainee", "unit") for row in world.figures(by=by).rows] + [
        world.totals()
    ]


@pytest.mark.parametrize("erases", [False, True])
def test_the_name_goes_and_no_figure_moves(world: World, discussion_id: int, erases: bool) -> None:
    before = figures(world)
    ivan = world.client_of(world.cast.ivan)
    assert "Tina" in ivan.discussion(discussion_id).source
    with world.inside():
        retire_member(world.member(world.cast.tina), erases)
    assert sorted(map(str, figures(world))) == sorted(map(str, before))
    for path in (f"/discussions/{discussion_id}", "/classes/spring/members", "/classes/spring/figures?by=trainee"):
        page = ivan.get(path)
        assert page.status == 200
        assert "Tina" not in page.source, path
        assert "Former member" in page.words, path
    assert ("Private words" in ivan.discussion(discussion_id).source) is not erases
    assert bool(ivan.get("/search?q=private").all("mark")) is not erases
    with world.app.app_context():
        assert list(faults()) == []
        tina = db.session.get_one(Member, world.cast.tina.id)
        assert (tina.email, tina.phone, tina.password_hash, tina.unit_id) == (None, None, None, None)
        assert db.session.query(Draft).filter_by(member_id=tina.id).count() == 0
        assert db.session.query(PostVersion).count() == (0 if erases else 1)
        revisions = {post.revision for post in db.session.query(Post).filter_by(discussion_id=discussion_id)}
        assert len(revisions) == 1


@pytest.mark.one_database
def test_it_is_confirmed_by_the_name_and_read_in_one_s_language(world: World, discussion_id: int) -> None:
    ada, path = world.client_of(world.cast.ada), f"/admin/members/{world.cast.tina.id}/retire"
    assert ada.submit(ada.get(path), path, name="Tin").status == 422
    assert ada.submit(ada.get(path), path, name="Tina", texts="keep").status == 303
    assert ada.get(f"/admin/members/{world.cast.tina.id}").status == 200
    assert Browser(world.app).sign_in(world.cast.tina.email).status == 422
    refused = ada.get(f"/admin/members/{world.cast.ada.id}/retire")
    assert ada.submit(refused, f"/admin/members/{world.cast.ada.id}/retire", name="Ada").status == 422


def test_of_each_table_that_is_the_members_own_business_nothing_is_left() -> None:
    """Those that would go with the member's row."""
    own = {
        table.name
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "members" and key.ondelete == "CASCADE"
    }
    assert own == {model.__tablename__ for model in OWN}

"""Forms that say two things at once, that come from a page opened before, and discussions taken away again."""

from forum.classes.models import TrainingClass
from forum.db import db
from forum.discussions.models import Audience, Discussion
from forum.interop.models import ImportedRecord, RecordKind
from tests.cast import NOW, World
from tests.discussions.setting_up import GOOD, HOUR, LIST, NEW, edit, press, the_discussion, ticks, window

MEANWHILE = "Somebody has changed this meanwhile"
SAID = {"stage": "during", "activity_id": "", "audience": "class"}


def test_ticked_groups_of_a_discussion_for_the_whole_class_are_asked_about_once(world: World) -> None:
    olga = world.client_of(world.cast.olga)
    page = olga.submit(olga.get(NEW), NEW, **GOOD, **ticks(world, "first", "second"))
    assert page.status == 422
    assert "Which is meant? Groups are ticked (First group and Second group)" in page.one("main").words
    assert all("checked" in page.one("input", name=name).attributes for name in ticks(world, "first", "second"))
    assert page.one("fieldset", class_="ticks").has(class_="is-asked")
    assert page.form(NEW).fields["title"] == GOOD["title"]
    said = {"stage": "after", "activity_id": "", "audience": "class"}
    asked = olga.submit(page, NEW, **said, **ticks(world, "first"))
    assert asked.status == 422
    assert "(First group)" in asked.one("main").words
    assert olga.submit(asked, NEW, **said, **ticks(world, "first")).status == 303
    with world.app.app_context():
        assert (the_discussion().audience, the_discussion().groups) == (Audience.CLASS, [])


def test_a_discussion_of_groups_is_given_to_the_class_without_a_question(world: World) -> None:
    discussion_id = world.discussion(groups=["first"])
    assert edit(world, discussion_id, **ticks(world, "first", "second")).status == 422
    assert edit(world, discussion_id, **ticks(world, "first")).status == 303
    with world.app.app_context():
        assert the_discussion(discussion_id).audience is Audience.CLASS


def test_a_page_opened_before_somebody_changed_the_settings_is_asked_about_once(world: World) -> None:
    discussion_id = world.discussion("Before", closes_at=NOW + HOUR)
    path = f"/discussions/{discussion_id}/settings"
    olga, ada = world.client_of(world.cast.olga), world.client_of(world.cast.ada)
    page = olga.get(path)
    assert edit(world, discussion_id, ada, closes_at="2026-03-02T20:00").status == 303
    refused = olga.submit(page, path, title="Olga's", body="Her prompt", **SAID)
    assert refused.status == 422
    assert MEANWHILE in refused.refusal
    assert (refused.form(path).fields["title"], refused.form(path).fields["body"]) == ("Olga's", "Her prompt")
    assert refused.form(path).fields["closes_at"] == "2026-03-02T10:00"
    with world.app.app_context():
        assert the_discussion(discussion_id).title == "Before"
    assert olga.submit(refused, path, **SAID).status == 303
    with world.app.app_context():
        assert the_discussion(discussion_id).title == "Olga's"
    assert window(world, discussion_id)[1] == NOW + HOUR


def test_other_groups_are_a_change_too_and_posts_are_none(world: World) -> None:
    discussion_id = world.discussion(groups=["first"])
    path = f"/discussions/{discussion_id}/settings"
    olga, said = world.client_of(world.cast.olga), SAID | {"audience": "groups"} | ticks(world, "first", "second")
    page = olga.get(path)
    world.publish(world.cast.tina, discussion_id)
    assert olga.submit(page, path, title="Anew", **said).status == 303
    assert MEANWHILE in olga.submit(page, path, title="Once more", **said).refusal
    page = olga.get(path)
    assert olga.submit(page, path, **(said | ticks(world, "second"))).status == 303
    assert olga.submit(olga.get(path), path, **(SAID | {"audience": "groups"} | ticks(world, "first"))).status == 303
    assert MEANWHILE in olga.submit(page, path, **said).refusal


def test_extending_what_has_closed_meanwhile_is_refused(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    olga, path = world.client_of(world.cast.olga), f"/discussions/{discussion_id}/extend"
    page = olga.get(LIST)
    world.clock.advance(hours=5)
    for fields in ({"minutes": "30"}, {"closes_at": "2026-03-02T20:00"}):
        refused = olga.submit(page, path, **fields)
        assert refused.status == 422
        words = refused.one("li", id=f"discussion-{discussion_id}").words
        assert "The discussion has closed. Open it again if it shall go on." in words
        assert "Open again" in words
    assert window(world, discussion_id) == (None, NOW + HOUR, None)


def test_a_closed_discussion_is_opened_again_for_so_long_from_now_on(world: World) -> None:
    discussion_id = world.discussion(closes_at=NOW + HOUR)
    world.clock.advance(hours=5)
    assert press(world, "open", discussion_id, minutes="30").status == 303
    assert window(world, discussion_id)[1:] == (NOW + 5.5 * HOUR, NOW + HOUR)
    world.publish(world.cast.tina, discussion_id)
    with world.app.app_context():
        assert world.post(discussion_id, 1).late


def test_a_discussion_in_which_nobody_wrote_is_deleted(world: World) -> None:
    discussion_id = world.discussion("By mistake", groups=["first"])
    tina, olga = world.client_of(world.cast.tina), world.client_of(world.cast.olga)
    assert tina.discussion(discussion_id).status == 200
    path = f"/discussions/{discussion_id}/delete"
    page = olga.get(LIST)
    assert "nothing is lost but the question" in page.one("li", id=f"discussion-{discussion_id}").words
    done = olga.submit(page, path, follow=True)
    assert "“By mistake” is deleted." in done.words
    assert not done.all("li", id=f"discussion-{discussion_id}")
    assert tina.discussion(discussion_id).status == olga.post(path).status == 404
    # On SQLite the next discussion gets the same id: nothing kept of the other is shown for it.
    again = world.discussion("On purpose", groups=["first"])
    assert "By mistake" not in tina.discussion(again).words
    with world.app.app_context():
        assert db.session.query(Discussion).one().title == "On purpose"


def test_a_discussion_in_which_somebody_wrote_stays(world: World) -> None:
    discussion_id = world.discussion()
    olga, path = world.client_of(world.cast.olga), f"/discussions/{discussion_id}/delete"
    page = olga.get(LIST)
    number = world.publish(world.cast.tina, discussion_id)
    world.change("delete", world.cast.tina, discussion_id, number)
    refused = olga.submit(page, path)
    assert refused.status == 422
    assert "Somebody has written here, so the discussion stays." in refused.words
    assert path not in [form.action for form in olga.get(LIST).forms]


def test_who_does_not_organise_deletes_nothing(world: World) -> None:
    discussion_id = world.discussion()
    for name, status in (("tina", 403), ("ivan", 403), ("omar", 403), ("stella", 404), ("wendy", 404)):
        browser = world.client_of(getattr(world.cast, name))
        assert browser.post(f"/discussions/{discussion_id}/delete").status == status, name
    with world.app.app_context():
        assert the_discussion(discussion_id).title


def test_what_an_import_remembers_of_a_deleted_discussion_is_forgotten(world: World) -> None:
    discussion_id, other = world.discussion(), world.discussion("Another")
    with world.inside():
        class_id = db.session.get_one(TrainingClass, world.cast.spring.id).id
        for kind, local_id in (("discussion", discussion_id), ("discussion", other), ("post", discussion_id)):
            same = {"class_id": class_id, "kind": RecordKind(kind), "digest": "0" * 64}
            db.session.add(ImportedRecord(external_id=str(local_id), local_id=local_id, **same))
    assert press(world, "delete", discussion_id).status == 303
    with world.app.app_context():
        left = {(record.kind.value, record.local_id) for record in db.session.query(ImportedRecord)}
    assert left == {("discussion", other), ("post", discussion_id)}

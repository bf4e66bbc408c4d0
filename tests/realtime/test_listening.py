"""Who may listen to what: every role in every state, the stranger, wrong ids, floods; and who may no longer."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from forum import realtime
from forum.classes.models import Enrolment
from forum.classes.operations import withdraw_enrolment
from forum.db import commit, db
from forum.discussions.models import Discussion
from forum.discussions.setup import close_discussion
from tests.cast import NOW, StoppedClock, World, settle_cast
from tests.databases import KINDS, inside
from tests.realtime.listening import Ear, Listener, listening


def test_who_is_not_signed_in_is_not_connected(app: Flask) -> None:
    assert not app.extensions["socketio"].test_client(app).is_connected()


def test_nobody_holds_all_the_connections_there_are(world: World, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "MOST_SOCKETS_OF_ONE", 2)
    opened = [ear(world.cast.tina) for _ in range(3)]
    assert [one.socket.is_connected() for one in opened] == [True, True, False]
    assert ear(world.cast.tom).socket.is_connected()
    opened[0].socket.disconnect()
    assert ear(world.cast.tina).socket.is_connected()


EVERYBODY = ["olga", "ivan", "tina", "omar", "ada"]
STATES = {
    "open": {},
    "upcoming": {"opens_at": NOW + timedelta(hours=1)},
    "closed": {"opens_at": NOW - timedelta(hours=2), "closes_at": NOW + timedelta(hours=1)},
    "post first": {"post_first": True},
    "of the other group": {"groups": ["second"]},
}
# Who hears no post: Tina has not posted, and stands in the first group.
DEAF = {("tina", "post first"), ("tina", "of the other group")}


@pytest.mark.one_database
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", [*EVERYBODY, "stella", "wendy"])
def test_who_may_read_listens_in_every_state_and_nobody_else(world: World, ear: Ear, name: str, state: str) -> None:
    discussion_id = world.discussion(**STATES[state])
    if state != "upcoming":
        world.publish(world.cast.tom, discussion_id)
    if state == "closed":
        world.clock.advance(hours=1)
    listener = ear(getattr(world.cast, name))
    answer = listener.join(discussion=discussion_id, since=0)
    sees = name not in ("stella", "wendy") and (name, state) != ("tina", "of the other group")
    assert ("revision" in answer) == sees
    if state != "upcoming":
        listener.heard()
        world.change("feature", world.cast.olga, discussion_id, 1)
        assert ("post:changed" in listener.names()) == (sees and (name, state) not in DEAF)


def test_a_post_is_heard_with_its_html_in_the_language_of_who_listens(world: World, ear: Ear) -> None:
    discussion_id = world.discussion()
    english, chinese = ear(world.cast.ivan), world.client_of(world.cast.omar)
    chinese.post("/language", language="zh")
    listener = Listener(world.app, chinese)
    assert english.join(discussion=discussion_id, since=0)["state"] == "open"
    listener.join(discussion=discussion_id, since=0)
    number = world.publish(world.cast.tom, discussion_id, "Heard by all.")
    heard = dict(english.heard())["post:published"]
    assert (heard["number"], heard["revision"], heard["discussion"]) == (number, 1, discussion_id)
    assert "Heard by all." in heard["html"]
    assert ">Reply<" in heard["html"]
    assert ">回复<" in dict(listener.heard())["post:published"]["html"]
    listener.socket.disconnect()


def test_a_like_is_heard_with_its_count_by_everybody_who_reads(world: World, ear: Ear) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    listener = ear(world.cast.omar)
    listener.join(discussion=discussion_id, since=1)
    listener.heard()
    world.change("like", world.cast.tom, discussion_id, 1)
    heard = dict(listener.heard())["post:changed"]
    assert (heard["number"], heard["revision"]) == (1, 2)
    assert "Like <b>1</b>" in heard["html"]
    world.change("like", world.cast.tom, discussion_id, 1)
    assert "post:changed" not in listener.names(), "nothing has changed"


def test_the_html_is_the_same_whoever_writes(world: World, ear: Ear) -> None:
    """An author's own view of the post goes to nobody."""
    discussion_id = world.discussion()
    listener = ear(world.cast.omar)
    listener.join(discussion=discussion_id, since=0)
    world.client_of(world.cast.tom).publish(discussion_id, "Mine.")
    world.change("hide", world.cast.olga, discussion_id, 1, "Not nice.")
    published, hidden = [said["html"] for name, said in listener.heard() if name.startswith("post:")]
    assert "Mine." in published
    assert "Mine." not in hidden
    assert "Not nice." not in hidden
    assert "csrf" not in published


@pytest.mark.one_database
@pytest.mark.parametrize(
    "wanted",
    [{}, {"discussion": 0}, {"discussion": -1}, {"discussion": "1"}, {"discussion": None}, {"discussion": True},
     {"discussion": 2**40}, {"discussion": [1]}, {"discussion": 1.0}, {"discussion": 4711}, {"desk": 7},
     {"desk": "x" * 5000}, {"desk": ""}, {"desk": "autumn"}],
    ids=repr,
)  # fmt: skip
def test_wrong_ids_are_refused_in_a_sentence(world: World, ear: Ear, wanted: dict[str, Any]) -> None:
    listener = ear(world.cast.ivan)
    answer = listener.join(**wanted)
    assert list(answer) == ["refused"]
    assert answer["refused"].endswith(".")
    assert listener.socket.is_connected()


@pytest.mark.one_database
@pytest.mark.parametrize("said", [None, 5, "text", [], [[1]], {"discussion": {}}, {"parent": "x", "discussion": 1}])
@pytest.mark.parametrize("event", ["join", "leave", "typing"])
def test_whatever_is_said_breaks_nothing(world: World, ear: Ear, event: str, said: Any) -> None:
    listener = ear(world.cast.ivan)
    listener.socket.emit(event, said)
    listener.socket.emit(event)
    listener.socket.emit(event, said, said)
    assert listener.join(discussion=world.discussion(), since=0)["state"] == "open"


@pytest.mark.one_database
def test_a_flood_of_joins_is_refused_and_then_cut_off(world: World, ear: Ear) -> None:
    discussion_id = world.discussion()
    listener = ear(world.cast.tina)
    answers = [listener.join(discussion=discussion_id, since=0) for _ in range(30)]
    assert [name for answer in answers for name in answer].count("refused") == 10
    world.clock.advance(seconds=5)
    assert "revision" in listener.join(discussion=discussion_id, since=0)
    for _ in range(200):
        if listener.socket.is_connected():
            listener.socket.emit("join", {})
    assert not listener.socket.is_connected()


def test_who_is_withdrawn_hears_nothing_more_at_once(world: World, ear: Ear) -> None:
    discussion_id, listener = listening(world, ear, "tina")
    with world.inside():
        withdraw_enrolment(db.session.query(Enrolment).filter_by(member_id=world.cast.tina.id).one())
    world.publish(world.cast.tom, discussion_id, "Without Tina.")
    assert listener.names() == ["rejoin"]
    assert "refused" in listener.join(discussion=discussion_id, since=0)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_withdrawn_between_the_question_and_the_room_does_not_stay_in_it(
    kind: str, scratch_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(scratch_database(kind), tmp_path) as app:
        cast = settle_cast()
        commit()
    world, ask = World(app, cast, StoppedClock()), realtime.rooms_for
    discussion_id, listener = world.discussion(), Listener(app, world.client_of(cast.tina))

    def withdrawn_meanwhile(*who: Any) -> list[str]:
        allowed = ask(*who)
        with world.inside():
            withdraw_enrolment(db.session.query(Enrolment).filter_by(member_id=cast.tina.id).one())
        return allowed

    monkeypatch.setattr(realtime, "rooms_for", withdrawn_meanwhile)
    assert "refused" in listener.join(discussion=discussion_id, since=0)
    world.publish(cast.tom, discussion_id, "Without Tina.")
    assert "post:published" not in listener.names()
    listener.socket.disconnect()
    app.extensions.pop("soon", None)
    with world.inside():
        db.engine.dispose()


def test_when_the_class_is_archived_everybody_asks_again(world: World, ear: Ear) -> None:
    discussion_id, listener = listening(world, ear, "tina")
    world.archive()
    assert "rejoin" in listener.names()
    assert listener.join(discussion=discussion_id, since=0)["state"] == "closed"


def test_under_post_first_the_posts_are_heard_while_one_has_spoken(world: World, ear: Ear) -> None:
    discussion_id, listener = listening(world, ear, "tina", post_first=True)
    world.publish(world.cast.tom, discussion_id, "Secret.")
    assert listener.heard() == []
    own = world.publish(world.cast.tina, discussion_id)
    assert listener.names() == ["rejoin"]
    listener.join(discussion=discussion_id, since=0)
    world.publish(world.cast.tom, discussion_id, "Heard now.")
    assert "post:published" in listener.names()
    world.change("hide", world.cast.olga, discussion_id, own, "Not a reflection.")
    assert "rejoin" in listener.names()
    listener.join(discussion=discussion_id, since=0)
    world.publish(world.cast.tom, discussion_id, "Secret again.")
    assert listener.heard() == []


def test_closing_is_heard(world: World, ear: Ear) -> None:
    discussion_id, listener = listening(world, ear, "omar")
    with world.inside():
        close_discussion(db.session.get_one(Discussion, discussion_id))
    assert listener.heard() == [("discussion:changed", {"discussion": discussion_id, "revision": 1})]


def test_a_change_that_is_not_committed_is_not_heard(world: World, ear: Ear) -> None:
    discussion_id, listener = listening(world, ear, "omar")
    with world.app.app_context():
        close_discussion(db.session.get_one(Discussion, discussion_id))
        db.session.rollback()
    assert listener.heard() == []


@pytest.mark.one_database
def test_who_writes_is_named_to_the_others(world: World, ear: Ear) -> None:
    discussion_id, listener = listening(world, ear, "omar")
    ivan, stella = ear(world.cast.ivan), ear(world.cast.stella)
    for writer in (stella, ear(world.cast.omar), ivan):
        writer.join(discussion=discussion_id, since=0)
        writer.socket.emit("typing", {"discussion": discussion_id, "parent": None})
    said = {"discussion": discussion_id, "name": "Ivan", "parent": None}
    assert [news for name, news in listener.heard() if name == "typing"] == [said]
    assert "typing" not in ivan.names()


@pytest.mark.one_database
def test_the_desk_hears_of_posts_and_of_who_writes_on_which(world: World, ear: Ear) -> None:
    discussion_id = world.discussion()
    number = world.publish(world.cast.tina, discussion_id)
    desk, ivan = ear(world.cast.olga), ear(world.cast.ivan)
    assert "now" in desk.join(desk="spring")
    assert "refused" in ear(world.cast.tina).join(desk="spring")
    assert "refused" in ear(world.cast.omar).join(desk="spring")
    ivan.join(desk="spring")
    ivan.socket.emit("typing", {"discussion": discussion_id, "parent": number})
    world.publish(world.cast.tom, discussion_id)
    same = {"class": world.cast.spring.id, "discussion": discussion_id}
    writing = {**same, "number": number, "member": world.cast.ivan.id, "name": "Ivan"}
    assert desk.heard() == [("desk:writing", writing), ("desk:changed", {**same, "number": number + 1})]


@pytest.mark.one_database
def test_who_has_left_hears_nothing(world: World, ear: Ear) -> None:
    discussion_id, listener = listening(world, ear, "omar")
    listener.socket.emit("leave")
    world.publish(world.cast.tom, discussion_id)
    assert listener.heard() == []

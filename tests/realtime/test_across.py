"""What happens in one process is heard in another: an application here, a server there, Redis between them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forum import create_app
from forum.classes.models import Enrolment
from forum.classes.operations import withdraw_enrolment
from forum.db import commit, db
from forum.discussions import broadcasts
from forum.extensions import socketio
from forum.presence import presence
from tests.cast import Browser, StoppedClock, World, settle_cast
from tests.databases import KINDS, settings_for
from tests.realtime.conftest import stop
from tests.realtime.forum_server import ForumProcess, Page
from tests.realtime.process import Redis, eventually


@dataclass
class Both:
    world: World
    there: ForumProcess
    opened: ExitStack
    discussion_id: int

    def page_of(self, name: str, browser: Browser | None = None) -> Page:
        page = Page(self.there, browser or self.world.client_of(getattr(self.world.cast, name)))
        self.opened.callback(page.leave)
        assert "revision" in page.listen(self.discussion_id)
        return page

    def publish(self, text: str = "A thought.") -> int:
        return self.world.publish(self.world.cast.tom, self.discussion_id, text)

    def queue(self) -> Any:
        return self.there.ask("/readyz")


@pytest.fixture(params=KINDS)
def both(
    request: pytest.FixtureRequest, scratch_database: Callable[..., str], redis_server: Redis, tmp_path: Path
) -> Iterator[Both]:
    url = scratch_database(request.param)
    app = create_app(settings_for(url, tmp_path, redis_url=redis_server.url))
    app.testing = True
    with app.app_context():
        cast = settle_cast()
        commit()
    there, world = ForumProcess(url, tmp_path, redis_server.url), World(app, cast, StoppedClock())
    with ExitStack() as opened:
        # What is said before it listens to others, it asks for by itself; here it is to hear.
        eventually(lambda: "connected" in there.ask("/readyz"))
        yield Both(world, there, opened, world.discussion())
    stop([there])
    app.extensions.pop("soon", None)
    with app.app_context():
        socketio.server.manager._sender.close()
        db.engine.dispose()


def test_a_post_here_is_heard_there(both: Both) -> None:
    page = both.page_of("omar")
    number = both.publish("Heard there.")
    (said,) = page.hears("post:published")
    assert (said["number"], said["revision"]) == (number, 1)
    assert "Heard there." in said["html"]


def test_what_nobody_hears_anywhere_is_not_made(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    rendered = broadcasts._rendered
    monkeypatch.setattr(
        broadcasts,
        "_rendered",
        lambda language, *words, **more: made.append(language) or rendered(language, *words, **more),
    )
    both.publish("Nobody is there.")
    assert made == []
    page = both.page_of("omar")
    both.publish("Omar is.")
    assert "Omar is." in page.hears("post:published")[0]["html"]
    assert made == ["zh"]
    page.leave()
    both.publish("He may be back.")
    assert made == ["zh", "zh"]


def test_who_is_withdrawn_here_hears_nothing_more_there(both: Both) -> None:
    page, witness = both.page_of("tina"), both.page_of("omar")
    with both.world.inside():
        withdraw_enrolment(db.session.query(Enrolment).filter_by(member_id=both.world.cast.tina.id).one())
    both.publish("Without Tina.")
    page.hears("rejoin")
    witness.hears("rejoin")
    assert "refused" in page.listen(both.discussion_id)
    assert "revision" in witness.listen(both.discussion_id)
    both.publish("The last.")
    witness.hears("post:published")
    assert page.heard.empty()


def test_who_signs_out_here_is_disconnected_there(both: Both) -> None:
    browser = Browser(both.world.app)
    browser.sign_in("tina@example.org")
    page = both.page_of("tina", browser)
    browser.post("/sign-out")
    page.hears("disconnected")


def test_who_is_here_and_there_is_counted_once(both: Both) -> None:
    both.page_of("tina")
    both.page_of("tina")
    omar = both.page_of("omar")
    while omar.hears("presence")[0]["count"] < 2:
        pass
    with both.world.app.app_context():
        presence().enter("a page", both.discussion_id, both.world.cast.tom.id)
        presence().enter("another page", both.discussion_id, both.world.cast.tina.id)
        here = {getattr(both.world.cast, name).id for name in ("tina", "tom", "omar")}
        assert presence().members(both.discussion_id) == here


def test_without_redis_posting_works_and_afterwards_everybody_asks_again(both: Both, redis_server: Redis) -> None:
    page = both.page_of("omar")
    eventually(lambda: "connected" in both.queue())
    redis_server.stop()
    eventually(lambda: "lost" in both.queue())
    answer = both.world.client_of(both.world.cast.tom).publish(both.discussion_id, "While Redis was gone.")
    assert answer.status == 303
    ada, olga = (both.world.client_of(person).get("/").words for person in (both.world.cast.ada, both.world.cast.olga))
    assert "Redis does not answer" in ada
    assert "Redis does not answer" not in olga
    redis_server.start()
    page.hears("rejoin")
    assert page.listen(both.discussion_id)["revision"] == 1
    # Whoever found Redis gone leaves it alone for a second. That there was more than was heard may have been said
    # before the other listened again: then that one has asked by itself, as above.
    said = []
    eventually(lambda: said.append(both.publish("And again.")) or {"rejoin", "post:published"} & {*page.names()})
    assert page.listen(both.discussion_id)["revision"] == 1 + len(said)
    last = both.publish("Heard at once.")
    while page.hears("post:published")[0]["number"] != last:
        pass

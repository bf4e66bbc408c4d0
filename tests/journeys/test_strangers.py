"""Every address of the forum, tried by somebody who has no business there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.api.models import ApiToken, Scope
from forum.api.operations import add_token
from forum.attachments.content import Content
from forum.attachments.models import Attachment, FileType
from forum.attachments.operations import keep_file
from forum.attachments.storage import Folder
from forum.attendance.models import Speech
from forum.attendance.operations import add_speech
from forum.classes.announcements import publish_announcement
from forum.classes.models import Activity, ActivityKind, Announcement, TrainingClass
from forum.classes.programme import add_activity
from forum.db import db
from forum.discussions.models import Discussion
from forum.discussions.operations import publish_post
from forum.notifications.models import Notification
from tests.cast import NOW, Browser, World

# Open to everybody: the door, one-time links, the language, built files.
PUBLIC = {"members.sign_in", "members.set_password", "members.choose_language", "health.ready", "static"}
PUBLIC |= {"health.alive", "health.show_metrics"}
# The way out that a mail carries: its token says who asks.
PUBLIC |= {"notifications.ask_to_unsubscribe", "notifications.unsubscribe"}
PUBLIC |= {"codes.ask_code", "codes.enter_code", "reset.ask_for_link", "reset.send_link"}
PUBLIC |= {"api_document.show_document", "api_document.show_documentation"}
# One's own: no class stands behind them.
OWN = {"home.home", "search.search", "classes.enter", "members.sign_out", "inbox.show_notifications"}
OWN |= {"inbox.mark_all_read", "notifications.show_settings", "notifications.choose", "me.show_me"}
OWN |= {"tokens.show_tokens", "tokens.add_token"}
OWN |= {"account.show_account", "account.change_password", "account.sign_out_everywhere", "account.begin_second_step"}
OWN |= {"account.confirm_second_step", "account.end_second_step"}
OWN |= {"takeaway.show_ways", "takeaway.download_page", "takeaway.download_json"}
# A mail program presses the button of the mail: the token in the address is all that it knows.
MAILED = {"notifications.unsubscribe"}
# Opening it again, and judging what is still read: it may have to go, or be picked for the record.
WRITES_IN_AN_ARCHIVE = {"class_setup.unarchive_class", "announcements.withdraw", "discussions.hide_post"}
WRITES_IN_AN_ARCHIVE |= {"discussions.restore_post", "discussions.feature_post", "discussions.unfeature_post"}
WRITES_IN_AN_ARCHIVE |= {"files.remove_file"}
READERS_OWN = {"drafts", "read_marks", "notifications", "desk_marks"}
RECORDED = {"audit_entries"}
# Of no class yet: who organises none is told so.
NEW = {"class_setup.new_class"}


def addresses(world: World, discussion_id: int) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and path of every route, its arguments those of something that is there."""
    arguments = {"discussion_id": discussion_id, "number": 1, "slug": "spring", "token": "guess", "filename": "app.js"}
    arguments |= {"code": "guess", "member_id": world.cast.tina.id, "group_id": world.cast.spring.groups["first"]}
    with world.app.test_request_context():
        tina, of_class = world.member(world.cast.tina), {"class_id": world.cast.spring.id}
        arguments["unit_id"] = tina.unit_id
        arguments["token_id"] = db.session.query(ApiToken.id).filter_by(member_id=tina.id).scalar()
        arguments["activity_id"] = db.session.query(Activity).filter_by(**of_class).one().id
        arguments["announcement_id"] = db.session.query(Announcement).filter_by(**of_class).one().id
        arguments["notification_id"] = db.session.query(Notification).filter_by(member_id=tina.id).one().id
        arguments["speech_id"] = db.session.query(Speech).one().id
        files = {file.name: file.id for file in db.session.query(Attachment)}
        for rule in world.app.url_map.iter_rules():
            lies = "lecture" if rule.endpoint.startswith("programme.") else "post"
            arguments["file_id"] = files["waiting" if rule.endpoint == "files.show_waiting_file" else lies]
            unknown = set(rule.arguments) - set(arguments)
            assert not unknown, f"say here what {unknown} of {rule} may be"
            built = world.app.url_map.bind("localhost").build(
                rule.endpoint, {name: arguments[name] for name in rule.arguments}, method=next(iter(rule.methods or ()))
            )
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield rule.endpoint, method, built


@pytest.fixture
def discussion_id(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setitem(world.app.extensions, "storage", Folder(tmp_path / "uploads"))
    discussion_id, files = world.discussion("A private matter"), dict[str, int]()
    with world.inside():
        spring = db.session.get_one(TrainingClass, world.cast.spring.id)
        lecture = add_activity(spring, ActivityKind.LECTURE, "A private matter", starts_at=NOW)
        add_speech(world.member(world.cast.ivan), spring, lecture, world.cast.tina.id, "A private matter", 5)
        publish_announcement(world.member(world.cast.olga), spring, "A private matter", "Private words")
        add_token(world.member(world.cast.tina), "A script", Scope.READ)
        for name, activity in (("lecture", lecture.id), ("post", None), ("waiting", None)):
            words = Content(name, FileType.TXT, b"Private words")
            files[name] = keep_file(world.cast.tina.id, words, activity).id
        discussion = db.session.get_one(Discussion, discussion_id)
        publish_post(world.member(world.cast.tina), discussion, "Private words", None, "t", files=[files["post"]])
    world.publish(world.cast.tom, discussion_id, "Private words", 1)
    return discussion_id


def test_the_walk_reaches_every_kind_of_address(world: World, discussion_id: int) -> None:
    found = {(endpoint, method) for endpoint, method, _ in addresses(world, discussion_id)}
    assert ("discussions.publish_post", "POST") in found
    assert ("statistics.class_figures", "GET") in found
    assert len(found) > 20


# With a code, or which figure, that the walk does not have; other tests open them.
ELSEWHERE = {"check_in.show_check_in", "figures_rows.show_rows"}


def is_there(insider: Browser, path: str) -> bool:
    with insider.client.get(path) as answer:
        return answer.status_code in (200, 302, 303)


@pytest.mark.one_database
def test_whatever_a_stranger_is_tried_at_is_there_for_somebody(world: World, discussion_id: int) -> None:
    """Otherwise that a stranger finds nothing would say nothing."""
    insiders = [world.client_of(getattr(world.cast, name)) for name in ("olga", "tina", "ada")]
    # Not while the walk holds a request open: all would be whoever asked first.
    tried = [
        (endpoint, path)
        for endpoint, method, path in list(addresses(world, discussion_id))
        if method == "GET" and endpoint not in PUBLIC | OWN | ELSEWHERE and not endpoint.startswith("api.")
    ]
    missing = {endpoint: path for endpoint, path in tried if not any(is_there(insider, path) for insider in insiders)}
    assert not missing, missing


def test_who_has_not_signed_in_is_led_to_the_door_everywhere(
    world: World, discussion_id: int, browser: Browser
) -> None:
    token = browser.csrf_token()
    for endpoint, method, path in addresses(world, discussion_id):
        if endpoint in PUBLIC or endpoint == "members.sign_out":
            continue
        answer = browser.client.open(path, method=method, data={"csrf_token": token, "body": "x"})
        where, of_api = f"{method} {path}", endpoint.startswith("api.")
        assert answer.status_code == (302 if method == "GET" and not of_api else 401), where
        if method == "GET" and not of_api:
            assert answer.headers["Location"].startswith("/sign-in?next=/"), where
        text = answer.get_data(as_text=True)
        assert "Private words" not in text, where
        assert "A private matter" not in text, where


@pytest.mark.parametrize("name", ["stella", "wendy"])
def test_for_a_stranger_and_for_who_withdrew_nothing_of_the_class_is_there(
    world: World, discussion_id: int, name: str
) -> None:
    browser = world.client_of(getattr(world.cast, name))
    token, tried = browser.csrf_token(), 0
    for endpoint, method, path in addresses(world, discussion_id):
        if endpoint in PUBLIC | OWN:
            continue
        data = {"csrf_token": token, "body": "x", "reason": "x", "token": "t", "parent": ""}
        answer = browser.client.open(path, method=method, data=data if method != "GET" else None)
        # A session is nothing to the API, whoever's it is; tests/api tries it with tokens.
        expected = 401 if endpoint.startswith("api.") else 403 if endpoint in NEW else 404
        assert answer.status_code == expected, f"{method} {path}"
        text = answer.get_data(as_text=True)
        assert "Private" not in text
        assert "private matter" not in text
        tried += 1
    assert tried > 12
    home = browser.get("/")
    assert "Spring seminar" not in home.words
    with world.app.app_context():
        post = world.post(discussion_id, 1)
        assert (post.body, post.revision, post.hidden_at, post.featured_at) == ("Private words", 1, None, None)
    assert world.totals().posts == 2


def test_tom_loses_everything_when_he_withdraws(world: World, discussion_id: int) -> None:
    from forum.classes.operations import withdraw_enrolment
    from forum.classes.queries import get_enrolment

    tom = world.client_of(world.cast.tom)
    assert tom.discussion(discussion_id).status == 200
    with world.inside():
        enrolment = get_enrolment(world.member(world.cast.tom), world.cast.spring.id)
        assert enrolment is not None
        withdraw_enrolment(enrolment)
    for endpoint, method, path in addresses(world, discussion_id):
        if endpoint not in PUBLIC | OWN | NEW and method == "GET" and not endpoint.startswith("api."):
            assert tom.get(path).status == 404, path
    assert "Tom" not in world.client_of(world.cast.ivan).get("/classes/spring/members").one("main").words


def test_a_discussion_for_another_group_is_not_there_though_one_s_own_has_one(world: World) -> None:
    own, other = (
        world.discussion("For the first", groups=["first"]),
        world.discussion("For the second", groups=["second"]),
    )
    world.publish(world.cast.tom, other, "Among ourselves")
    tina = world.client_of(world.cast.tina)
    assert tina.discussion(own).status == 200
    for path in ("", "/posts", "/posts/1", "/print"):
        assert tina.get(f"/discussions/{other}{path}").status == 404, path
    assert tina.publish(own, "Mine").status == 303
    assert tina.post(f"/discussions/{other}/posts", body="x", token="t", parent="").status == 404
    for path in ("/", "/classes/spring"):
        assert "For the second" not in tina.get(path).source
    assert world.client_of(world.cast.ivan).discussion(other).status == 200


def test_what_is_not_there_and_what_one_may_not_see_look_alike(world: World, discussion_id: int) -> None:
    stella = world.client_of(world.cast.stella)
    hidden, missing = stella.discussion(discussion_id), stella.discussion(discussion_id + 1000)
    assert hidden.one("main").words == missing.one("main").words
    assert hidden.status == missing.status == 404


def test_trainees_do_not_see_the_figures_that_name_the_silent(world: World, discussion_id: int) -> None:
    for path in ("/classes/spring/figures", f"/discussions/{discussion_id}/figures"):
        assert world.client_of(world.cast.tina).get(path).status == 403, path
        for name in ("ivan", "olga", "omar", "ada"):
            assert world.client_of(getattr(world.cast, name)).get(path).status == 200, (name, path)


@pytest.mark.one_database
def test_without_a_form_of_ours_nothing_is_done_anywhere(world: World, discussion_id: int) -> None:
    """By who may do the most: another site's form carries the session, but not the token."""
    tried = 0
    for name in ("ada", "olga"):
        browser = world.client_of(getattr(world.cast, name))
        for endpoint, method, path in addresses(world, discussion_id):
            if method == "GET" or endpoint.startswith("api."):
                continue
            if endpoint in MAILED or endpoint.startswith("reset."):
                continue
            for token in ({}, {"csrf_token": "guess"}):
                answer = browser.client.open(path, method=method, data=token | {"body": "x", "confirm": "yes"})
                refused = 302 if endpoint == "members.set_password" else 422
                assert answer.status_code == refused, f"{method} {path}"
                tried += 1
        assert browser.get("/").status == 200
    assert tried > 100


@pytest.mark.one_database
def test_in_an_archived_class_nobody_writes(world: World, discussion_id: int) -> None:
    """What the class holds is the same after everything was tried by who organises it, but for what opens it again."""
    world.archive()
    olga = world.client_of(world.cast.olga)
    token = olga.csrf_token()
    fields = {
        "csrf_token": token, "body": "Changed", "title": "Changed", "name": "Changed", "token": "t", "parent": "",
        "reason": "Changed", "kind": "talk", "stage": "during", "audience": "class", "role": "trainee",
    }  # fmt: skip
    before = _contents(world)
    for endpoint, method, path in addresses(world, discussion_id):
        if method != "POST" or endpoint in PUBLIC | OWN | NEW | WRITES_IN_AN_ARCHIVE or endpoint.startswith("api."):
            continue
        answer = olga.client.post(path, data=fields)
        assert answer.status_code < 500, path
        assert _contents(world) == before, (endpoint, path)


def _contents(world: World) -> list[tuple[object, ...]]:
    """Every row of every table, but for what is each reader's own, and that a file was taken."""
    with world.app.app_context():
        return [
            (table.name, tuple(map(tuple, db.session.execute(table.select().order_by(*table.primary_key.columns)))))
            for table in db.metadata.sorted_tables
            if table.name not in READERS_OWN | RECORDED
        ]

"""One's own way in: the password, the devices, the second step."""

from __future__ import annotations

from dataclasses import replace

import pyotp
import pytest

from forum.audit.models import AuditEntry, Verb
from forum.db import db
from forum.errors import Refused
from forum.members import operations, second_step
from forum.members.models import RecoveryCode, SecondStep
from forum.members.passwords import require_unguessable
from forum.units.operations import ensure_unit
from tests.cast import PASSWORD, Browser, Person, World
from tests.pages import Page

pytestmark = pytest.mark.one_database

NEW = "four quiet lamps"


def change(browser: Browser, current: str = PASSWORD, password: str = NEW, again: str | None = None) -> Page:
    page = browser.get("/me/account")
    again = password if again is None else again
    return browser.submit(page, "/me/account/password", current=current, password=password, again=again)


def test_a_new_password_signs_out_all_devices_but_this_one(world: World) -> None:
    here, there, known = Browser(world.app), Browser(world.app), Browser(world.app)
    for browser in (here, there):
        browser.sign_in(world.cast.tina.email, remember="y")
    known.sign_in(world.cast.tina.email)
    assert change(here).status == 303
    assert [browser.get("/").status for browser in (here, there, known)] == [200, 302, 302]
    here.client.delete_cookie("session")
    assert here.get("/").status == 200, "still remembered on this device"
    assert Browser(world.app).sign_in(world.cast.tina.email, NEW).status == 302


@pytest.mark.parametrize(
    ("current", "password", "again", "words"),
    [
        ("not it", NEW, NEW, "Your present password is not right."),
        (PASSWORD, "short", "short", "at least 8 characters"),
        (PASSWORD, NEW, "another", "The two passwords differ"),
        (PASSWORD, "password1", "password1", "one of those that are tried first"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    world: World, current: str, password: str, again: str, words: str
) -> None:
    tina = Browser(world.app)
    tina.sign_in(world.cast.tina.email)
    page = change(tina, current, password, again)
    assert page.status == 422
    assert words in page.words
    assert Browser(world.app).sign_in(world.cast.tina.email).status == 302


def test_whoever_finds_a_session_open_cannot_guess_the_password_for_long(world: World) -> None:
    tina = Browser(world.app)
    tina.sign_in(world.cast.tina.email)
    assert [change(tina, "a guess").status for _ in range(11)] == [422] * 10 + [429]


def test_one_button_signs_out_all_other_devices(world: World) -> None:
    here, there = Browser(world.app), Browser(world.app)
    for browser in (here, there):
        browser.sign_in(world.cast.tina.email)
    assert here.submit(here.get("/me/account"), "/me/account/sign-out").status == 303
    assert [browser.get("/").status for browser in (here, there)] == [200, 302]


GUESSED = {
    "Digits alone": ["19800101", "138001389990", "１９８００１０１"],
    "your name": ["zhangwei123", "Zhangwei@1980", "zw19800101", "weizhang2026", "zhang8999", "lao.zhang88",
                  "张伟123456", "shixiehui2026", "yanxiuluntan1"],
    "tried first": ["abc123456", "qwertyuiop", "1qaz2wsx", "Passw0rd", "aaaaaaaaaaaa", "iloveyou", "张伟张伟张伟张伟"],
}  # fmt: skip
TAKEN = [NEW, "kX9$mQ2v", "春天来了花开了呀呀", "三盏安静的台灯灯", "x" * 5 + " lamps and a river " * 9]


@pytest.mark.parametrize("words", GUESSED)
def test_what_is_guessed_first_is_refused_and_says_why(world: World, words: str) -> None:
    with world.inside():
        unit = ensure_unit("市 / 市协会")
        member = operations.add_member("张伟", email="lao.zhang@example.org", phone="13800138999", unit=unit)
        for password in GUESSED[words]:
            with pytest.raises(Refused) as refused:
                require_unguessable(password, member)
            assert words in str(refused.value), password


@pytest.mark.parametrize("password", TAKEN)
def test_what_is_not_is_taken(world: World, password: str) -> None:
    with world.inside():
        require_unguessable(password, world.member(world.cast.tina))


def app_of(world: World, person: Person) -> pyotp.TOTP:
    with world.app.app_context():
        secret = second_step.app_secret(db.session.get_one(SecondStep, person.id))
    return pyotp.TOTP(secret.replace(" ", ""))


def code(world: World, app: pyotp.TOTP, later: int = 0) -> str:
    return app.generate_otp(int(world.clock.now.timestamp()) // 30 + later)


def turn_on(world: World, person: Person) -> tuple[Browser, pyotp.TOTP, list[str]]:
    browser = Browser(world.app)
    browser.sign_in(person.email)
    browser.submit(browser.get("/me/account"), "/me/account/second-step")
    app = app_of(world, person)
    page = browser.submit(browser.get("/me/account"), "/second-step/confirm", password=PASSWORD, code=code(world, app))
    assert page.status == 201, page.words
    assert page.headers["Cache-Control"] == "no-store"
    return browser, app, page.one(class_="token-secret").words.split()


def test_turning_it_on_takes_the_password_and_the_app_is_not_scanned_again(world: World) -> None:
    ivan = Browser(world.app)
    ivan.sign_in(world.cast.ivan.email)
    ivan.submit(ivan.get("/me/account"), "/me/account/second-step")
    app = app_of(world, world.cast.ivan)
    typed = code(world, app)
    refused = ivan.submit(ivan.get("/me/account"), "/second-step/confirm", password="a guess", code=typed)
    assert (refused.status, refused.refusal) == (422, "Your present password is not right.")
    assert refused.form("/second-step/confirm").fields["code"] == typed
    assert app.secret in refused.words.replace(" ", "")
    assert Browser(world.app).sign_in(world.cast.ivan.email).status == 302, "nothing but the password is asked for"
    wrong = ivan.submit(refused, "/second-step/confirm", password=PASSWORD, code="000000")
    assert (wrong.status, "This code is not right" in wrong.refusal) == (422, True)
    assert app_of(world, world.cast.ivan).secret == app.secret
    assert ivan.submit(wrong, "/second-step/confirm", password=PASSWORD, code=typed).status == 201
    tries = [ivan.post("/me/account/second-step/confirm", password="a guess", code=typed).status for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_with_two_steps_the_password_alone_opens_nothing(world: World) -> None:
    _first, app, _codes = turn_on(world, world.cast.ivan)
    world.clock.advance(minutes=5)
    browser = Browser(world.app)
    door = browser.sign_in(world.cast.ivan.email, next="/classes/spring")
    assert (door.status, browser.get("/").status) == (200, 302)
    wrong = browser.submit(door, "/sign-in/code", code="000000")
    assert (wrong.status, browser.get("/").status) == (422, 302)
    inside = browser.submit(wrong, "/sign-in/code", code=code(world, app))
    assert (inside.status, inside.headers["Location"], browser.get("/").status) == (302, "/classes/spring", 200)


def test_a_wrong_code_is_a_failed_sign_in_in_the_audit_log(world: World) -> None:
    turn_on(world, world.cast.ivan)
    browser = Browser(world.app)
    browser.submit(browser.sign_in(world.cast.ivan.email), "/sign-in/code", code="000000")
    with world.app.app_context():
        last = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert last is not None
        assert (last.verb, last.actor_id, last.member_id) == (Verb.SIGN_IN_FAILED, None, world.cast.ivan.id)
        assert (last.address, last.details) == ("127.0.0.1", {"at": "code"})


def test_a_code_is_good_once_and_a_phone_s_clock_may_be_half_a_minute_off(world: World) -> None:
    _first, app, _codes = turn_on(world, world.cast.ivan)

    def sign_in(typed: str) -> int:
        browser = Browser(world.app)
        return browser.submit(browser.sign_in(world.cast.ivan.email), "/sign-in/code", code=typed).status

    used = code(world, app)
    assert sign_in(used) == 422, "it confirmed the app already"
    world.clock.advance(minutes=2)
    assert sign_in(code(world, app, later=2)) == 422
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    assert sign_in(f" {code(world, app)[:3]} {code(world, app)[3:]}".translate(wide)) == 302
    assert sign_in(code(world, app, later=1)) == 302
    assert sign_in(code(world, app)) == 422, "older than the one used last"


def test_a_recovery_code_signs_in_once(world: World) -> None:
    _first, _app, codes = turn_on(world, world.cast.ivan)
    assert len(set(codes)) == 8
    with world.app.app_context():
        assert not {row.code_hash for row in db.session.query(RecoveryCode)} & set(codes), "only hashes are kept"
    for expected in (302, 422):
        browser = Browser(world.app)
        sent = browser.submit(browser.sign_in(world.cast.ivan.email), "/sign-in/code", code=codes[0].upper())
        assert sent.status == expected


def test_codes_cannot_be_guessed_nor_the_step_waited_out_or_gone_around(world: World) -> None:
    _first, app, _codes = turn_on(world, world.cast.ivan)
    world.clock.advance(minutes=5)
    thief = Browser(world.app)
    door = thief.sign_in(world.cast.ivan.email)
    tries = [thief.submit(door, "/sign-in/code", code=f"{step:06}").status for step in range(11)]
    assert tries == [422] * 10 + [429]
    late = Browser(world.app)
    door = late.sign_in(world.cast.ivan.email)
    world.clock.advance(minutes=11)
    page = late.submit(door, "/sign-in/code", code=code(world, app))
    assert (page.status, page.refusal) == (422, "That took too long. Please sign in again.")
    assert late.get("/sign-in/code").status == 302
    with world.inside():
        link = f"/password/{operations.issue_password_link(world.member(world.cast.ivan))}"
    by_link = Browser(world.app)
    page = by_link.submit(by_link.get(link), "", password=NEW, again=NEW)
    assert page.form("/sign-in/code")
    assert by_link.get("/").status == 302


def test_the_app_s_secret_is_kept_encrypted_and_another_key_does_not_open_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, app, codes = turn_on(world, world.cast.ivan)
    with world.app.app_context():
        step = db.session.get_one(SecondStep, world.cast.ivan.id)
        assert app.secret not in step.secret
        settings = replace(world.app.extensions["settings"], secret_key="another")
        monkeypatch.setitem(world.app.extensions, "settings", settings)
        assert second_step.app_secret(step) == ""
        assert not second_step.pass_second_step(step, code(world, app, later=1))
        assert second_step.pass_second_step(step, codes[0])
    assert browser.get("/me/account").status == 200


def test_the_text_that_came_along_waits_for_the_code(world: World) -> None:
    discussion_id = world.discussion()
    _first, app, _codes = turn_on(world, world.cast.ivan)
    world.clock.advance(minutes=5)
    browser = Browser(world.app)
    path = f"/discussions/{discussion_id}/posts"
    sent = {"csrf_token": browser.csrf_token(), "body": "My words", "token": "t"}
    page = Page(browser.client.post(path, data=sent))
    door = browser.submit(page, "/sign-in", email=world.cast.ivan.email, password=PASSWORD)
    resumed = browser.submit(door, "/sign-in/code", code=code(world, app))
    assert resumed.form(path).fields["body"] == "My words"


def test_turning_it_off_takes_password_and_code(world: World) -> None:
    ivan, app, _codes = turn_on(world, world.cast.ivan)
    world.clock.advance(minutes=5)

    def turn_off(password: str, typed: str) -> int:
        return ivan.submit(ivan.get("/me/account"), "/second-step/end", password=password, code=typed).status

    assert [turn_off("not it", code(world, app)), turn_off(PASSWORD, "000000")] == [422, 422]
    assert turn_off(PASSWORD, code(world, app)) == 303
    assert Browser(world.app).sign_in(world.cast.ivan.email).status == 302


def test_it_is_for_staff_and_an_administrator_ends_it_for_others(world: World) -> None:
    tina = world.client_of(world.cast.tina)
    assert "Two-step" not in tina.get("/me/account").words
    assert tina.post("/me/account/second-step").status == 403
    turn_on(world, world.cast.ivan)
    path = f"/members/{world.cast.ivan.id}/second-step/end"
    for person in (world.cast.tina, world.cast.olga, world.cast.stella, world.cast.wendy):
        assert world.client_of(person).post(path).status == 404
    assert Browser(world.app).post(path).status == 401
    ada, page = world.client_of(world.cast.ada), f"/classes/spring/members/{world.cast.ivan.id}"
    assert "Turn two-step sign-in off" not in world.client_of(world.cast.olga).get(page).words
    assert ada.submit(ada.get(page), path).headers["Location"] == page
    assert Browser(world.app).sign_in(world.cast.ivan.email).status == 302
    assert ada.post(f"/members/{world.cast.ada.id}/second-step/end").status == 403


def test_no_administrator_ends_it_for_another(world: World) -> None:
    turn_on(world, world.cast.ivan)
    ada, here = world.client_of(world.cast.ada), f"/admin/members/{world.cast.ivan.id}"
    page = ada.get(here)
    ada.submit(page, f"{here}/give")
    sent = ada.submit(page, f"/members/{world.cast.ivan.id}/second-step/end", follow=True)
    for shown in (sent, ada.get(here), ada.get(f"/classes/spring/members/{world.cast.ivan.id}")):
        assert "turned off on the server: forum member end-second-step" in shown.words
        assert not [form for form in shown.forms if form.action.endswith("second-step/end")]
    assert Browser(world.app).sign_in(world.cast.ivan.email).form("/sign-in/code")

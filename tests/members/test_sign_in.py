"""Signing in and out."""

import io
from typing import Any

import argon2
import pytest

from forum.members import operations
from tests.cast import PASSWORD, Browser, World

pytestmark = pytest.mark.one_database


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/").status == 200


def test_a_member_signs_in_with_an_address_and_a_password(browser: Browser, world: World) -> None:
    assert not is_signed_in(browser)
    page = browser.sign_in(world.cast.tina.email)
    assert (page.status, page.headers["Location"]) == (302, "/")
    assert "Tina" in browser.get("/").words


@pytest.mark.parametrize(
    "login", ["TINA@Example.org ", "13800138000", "138-0013-8000", "+86 138 0013 8000", "0086 13800138000"]
)
def test_the_login_may_be_typed_as_people_type_it(browser: Browser, world: World, login: str) -> None:
    assert browser.sign_in(login).status == 302
    assert "Tina" in browser.get("/").words


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(browser: Browser, world: World) -> None:
    wrong = browser.sign_in(world.cast.tina.email, "not it")
    unknown = browser.sign_in("nobody@example.org", "not it")
    phone = browser.sign_in("555", "not it")
    assert [wrong.status, unknown.status, phone.status] == [422, 422, 422]
    assert (
        wrong.refusal
        == unknown.refusal
        == phone.refusal
        == "The address or the password is not right. Please try again."
    )
    assert not is_signed_in(browser)


def test_an_unknown_account_takes_a_verification_as_long_as_a_known_one(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = []

    class Recorder:
        def verify(self, kept: str, password: str) -> bool:
            verified.append((kept, password))
            raise argon2.exceptions.VerifyMismatchError

    monkeypatch.setattr(operations, "_hasher", Recorder())
    browser.sign_in("nobody@example.org", "a guess")
    browser.sign_in(world.cast.tina.email, "a guess")
    assert [password for _, password in verified] == ["a guess", "a guess"]
    # At full cost: the cast's own hashes are cheap ones.
    assert "m=19456,t=2,p=1" in verified[0][0]


def test_a_member_without_a_password_cannot_sign_in(browser: Browser, world: World) -> None:
    with world.inside():
        operations.add_member("Newcomer", email="newcomer@example.org")
    for password in ("", "None", PASSWORD):
        assert browser.sign_in("newcomer@example.org", password).status == 422


@pytest.mark.parametrize(("email", "password"), [("", PASSWORD), ("tina@example.org", ""), ("x" * 300, PASSWORD)])
def test_a_form_filled_in_by_half_says_what_is_missing(browser: Browser, email: str, password: str) -> None:
    page = browser.sign_in(email, password)
    assert page.status == 422
    assert page.refusal


def test_a_file_or_a_nul_in_the_place_of_a_field_is_as_good_as_nothing(browser: Browser, world: World) -> None:
    token = browser.get("/sign-in").form("/sign-in").fields["csrf_token"]
    sent: list[dict[str, Any]] = [
        {"email": (io.BytesIO(b"x"), "x.txt"), "password": "x"}, {"email": "a\x00b@example.org", "password": "x"},
    ]  # fmt: skip
    for fields in sent:
        answer = browser.client.post("/sign-in", data={"csrf_token": token, **fields})
        assert answer.status_code == 422
    assert browser.sign_in(f"\x00{world.cast.tina.email}").status == 302


def test_the_password_is_never_sent_back(browser: Browser, world: World) -> None:
    assert "a wrong secret" not in browser.sign_in(world.cast.tina.email, "a wrong secret").source


def test_whoever_asks_to_be_remembered_stays_signed_in_when_the_browser_is_closed(
    browser: Browser, world: World
) -> None:
    browser.sign_in(world.cast.tina.email, remember="y")
    cookie = browser.client.get_cookie("remember_token")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.max_age is None or cookie.max_age > 80 * 86400
    browser.client.delete_cookie("session")
    assert is_signed_in(browser)


def test_whoever_does_not_ask_is_forgotten_with_the_session(browser: Browser, world: World) -> None:
    browser.sign_in(world.cast.tina.email)
    assert browser.client.get_cookie("remember_token") is None
    browser.client.delete_cookie("session")
    assert not is_signed_in(browser)


def test_on_a_shared_computer_the_one_before_is_not_remembered_any_more(browser: Browser, world: World) -> None:
    browser.sign_in(world.cast.tina.email, remember="y")
    browser.client.delete_cookie("session")
    door = browser.get("/password/none")
    fields = {
        "email": world.cast.tom.email,
        "password": PASSWORD,
        "csrf_token": door.form("/language").fields["csrf_token"],
    }
    assert browser.client.post("/sign-in", data=fields).status_code == 302
    assert "Tom" in browser.get("/").words
    browser.client.delete_cookie("session")
    assert not is_signed_in(browser), "else Tina would be signed in for whoever comes next"


def test_signing_out_ends_the_session_and_the_remembering(browser: Browser, world: World) -> None:
    browser.sign_in(world.cast.tina.email, remember="y")
    page = browser.submit(browser.get("/"), "/sign-out")
    assert page.headers["Location"] == "/sign-in"
    assert not is_signed_in(browser)


def test_signing_out_needs_a_form_of_ours(world: World) -> None:
    browser = world.client_of(world.cast.tina)
    assert browser.get("/sign-out").status == 405
    assert browser.client.post("/sign-out").status_code == 422
    assert is_signed_in(browser)


def test_after_signing_in_one_is_where_one_wanted_to_go(browser: Browser, world: World) -> None:
    asked = browser.get("/classes/spring/members?x=1")
    assert asked.status == 302
    page = browser.get(asked.headers["Location"])
    assert browser.submit(page, "/sign-in", email=world.cast.tina.email, password=PASSWORD).headers["Location"] == (
        "/classes/spring/members?x=1"
    )


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "https:evil.example", " //evil.example", "/\n/evil.example", "evil.example"],
)  # fmt: skip
def test_next_never_leads_to_another_site(browser: Browser, world: World, elsewhere: str) -> None:
    page = browser.sign_in(world.cast.tina.email, next=elsewhere)
    assert (page.status, page.headers["Location"]) == (302, "/")
    again = browser.get("/sign-in", query_string={"next": elsewhere})
    assert again.headers["Location"] == "/", "one who is signed in is led on as well"


def test_who_is_signed_in_is_not_asked_again(world: World) -> None:
    assert world.client_of(world.cast.tina).get("/sign-in").status == 302


def test_the_session_before_is_not_carried_over_into_the_new_one(browser: Browser, world: World) -> None:
    """Else somebody who planted a session would know the CSRF token afterwards."""
    before = browser.get("/sign-in").form("/sign-in").fields["csrf_token"]
    browser.sign_in(world.cast.tina.email)
    assert browser.client.post("/language", data={"language": "zh", "csrf_token": before}).status_code == 422


def test_the_session_cookie_is_out_of_reach_of_scripts(browser: Browser, world: World) -> None:
    browser.sign_in(world.cast.tina.email)
    cookie: Any = browser.client.get_cookie("session")
    assert cookie.http_only
    assert cookie.same_site == "Lax"

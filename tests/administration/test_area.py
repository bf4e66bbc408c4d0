"""The administrators' area: who is let in, what it changes, what the audit log says of it."""

import pytest

from forum.audit.models import AuditEntry, Verb
from forum.audit.operations import forget_before
from forum.db import db
from forum.members.models import Member
from forum.units.models import Unit
from forum.units.operations import ensure_unit
from tests.cast import PASSWORD, Browser, World

PATHS = ["", "/members", "/members?q=tin&show=waiting", "/members?after=3", "/members/new", "/units", "/units/1",
         "/classes", "/settings", "/audit",
         "/audit?person=1&verb=signed_in&slug=spring&day=2026-03-02", "/audit/audit.csv"]  # fmt: skip


def verbs(world: World) -> list[tuple[str, int | None, int | None]]:
    with world.app.app_context():
        rows = db.session.query(AuditEntry).order_by(AuditEntry.id)
        return [(row.verb, row.actor_id, row.member_id) for row in rows]


@pytest.fixture
def ada(world: World) -> Browser:
    return world.client_of(world.cast.ada)


@pytest.mark.parametrize("path", PATHS)
def test_administrators_see_the_area_and_nobody_else_does(world: World, ada: Browser, path: str) -> None:
    assert ada.get(f"/admin{path}").status == 200
    for name in ("olga", "ivan", "tina", "stella"):
        assert world.client_of(getattr(world.cast, name)).get(f"/admin{path}").status == 404, name


@pytest.mark.parametrize("typed", ["Tina", "13800138000", "tina@example.org"])
def test_a_member_is_found_among_all(ada: Browser, typed: str) -> None:
    page = ada.get(f"/admin/members?q={typed}")
    assert "Tina" in page.one("main").words
    assert "Tom" not in page.one("main").words


def test_a_closed_account_is_kept_out_until_it_is_opened_again(world: World, ada: Browser) -> None:
    tina, path = world.cast.tina, f"/admin/members/{world.cast.tina.id}"
    inside = Browser(world.app)
    inside.sign_in(tina.email)
    assert ada.submit(ada.get(path), f"{path}/close").status == 303
    assert inside.get("/").status == 302
    refused = Browser(world.app).sign_in(tina.email, PASSWORD)
    assert refused.status == 422
    assert "closed" in refused.refusal
    assert ada.submit(ada.get(path), f"{path}/reopen").status == 303
    assert Browser(world.app).sign_in(tina.email, PASSWORD).status == 302
    done = [verb for verb, actor, whom in verbs(world) if actor == world.cast.ada.id and whom == tina.id]
    assert done == [Verb.SIGNED_OUT_EVERYWHERE, Verb.ACCOUNT_CLOSED, Verb.ACCOUNT_REOPENED]


def test_the_only_administrator_stays_one(world: World, ada: Browser) -> None:
    own, other = f"/admin/members/{world.cast.ada.id}", f"/admin/members/{world.cast.olga.id}"
    refused = ada.submit(ada.get(own), f"{own}/take")
    assert refused.status == 422
    assert "only administrator" in refused.refusal
    assert ada.submit(ada.get(other), f"{other}/give").status == 303
    assert ada.submit(ada.get(own), f"{own}/take").status == 303
    assert ada.get("/admin").status in (302, 404)


def test_signing_in_and_failing_to_are_recorded_without_what_was_typed(world: World, browser: Browser) -> None:
    tom = world.cast.tom
    browser.sign_in(tom.email, "wrong")
    browser.sign_in("nobody@example.org", "wrong")
    browser.sign_in(tom.email)
    assert verbs(world)[-3:] == [
        (Verb.SIGN_IN_FAILED, None, tom.id),
        (Verb.SIGN_IN_FAILED, None, None),
        (Verb.SIGNED_IN, tom.id, tom.id),
    ]
    with world.app.app_context():
        entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        assert (entry.address, entry.details) == ("127.0.0.1", {})


def test_what_is_old_is_forgotten(world: World) -> None:
    with world.inside():
        assert db.session.query(AuditEntry).count() > 0
        forget_before(world.clock.advance(days=1))
        assert db.session.query(AuditEntry).count() == 0


def test_units_are_renamed_and_merged_and_the_figures_follow(world: World, ada: Browser) -> None:
    world.publish(world.cast.tina, world.discussion(), "A thought.")
    with world.app.app_context():
        east, city = (db.session.query(Unit).filter_by(path=path).one().id for path in ("City / East", "City"))
    page = ada.submit(ada.get(f"/admin/units/{city}"), f"/admin/units/{city}/rename", name="Town")
    assert page.status == 303
    assert {row.name for row in world.figures(by="unit").rows} >= {"Town / East", "Town / West"}
    page = ada.submit(ada.get(f"/admin/units/{east}"), f"/admin/units/{east}/merge", path="Town / West")
    assert page.status == 303
    rows = {row.name: row.posts for row in world.figures(by="unit").rows}
    assert rows["Town / West"] == 1
    assert "Town / East" not in rows
    with world.app.app_context():
        assert db.session.get(Unit, east) is None
        assert db.session.get_one(Member, world.cast.stella.id).unit.path == "Town / West"  # type: ignore[union-attr]


LONG = "n" * 121
UNITS = {"/": "A unit needs a name", f"City / {LONG}": "too long", " / ".join(["n" * 99] * 6): "at most 500 characters"}


@pytest.mark.parametrize("typed", UNITS)
def test_a_unit_that_cannot_be_is_refused_beside_the_field(world: World, ada: Browser, typed: str) -> None:
    for path in ("/admin/members/new", f"/admin/members/{world.cast.tina.id}"):
        page = ada.submit(ada.get(path), path, name="Nina", unit=typed)
        assert page.status == 422
        assert UNITS[typed] in page.one("p", id="unit-errors").words
        assert page.form(path).fields["unit"] == typed
    with world.app.app_context():
        assert db.session.query(Member).filter_by(name="Nina").count() == 0


def test_no_unit_has_a_path_that_is_too_long_for_it(world: World, ada: Browser) -> None:
    with world.inside():
        deep = ensure_unit(" / ".join(["n" * 100] * 4)).id
    here = f"/admin/units/{deep}"
    page = ada.submit(ada.get(here), here, name="m" * 110)
    assert page.status == 422
    assert "too long" in page.one("p", id="add_unit-errors").words
    assert page.form(here).fields["name"] == "m" * 110
    assert ada.submit(page, here, name="m" * 50).status == 303


def test_no_administrator_changes_the_way_into_the_account_of_another(world: World, ada: Browser) -> None:
    olga, path = world.cast.olga, f"/admin/members/{world.cast.olga.id}"
    before = ada.get(path)
    ada.submit(before, f"{path}/give")
    for fields in ({"email": "ada+olga@example.org"}, {"phone": "13900000009"}, {"email": ""}):
        page = ada.submit(before, path, **fields)
        assert (page.status, "only they change them" in page.refusal) == (422, True)
        assert page.form(path).fields.items() >= fields.items()
    shown = ada.get(path)
    assert all("readonly" in shown.one("input", id=field).attributes for field in ("phone", "email"))
    assert "readonly" not in before.one("input", id="email").attributes
    assert ada.submit(shown, path, position="Chair").status == 303
    own = f"/admin/members/{world.cast.ada.id}"
    assert ada.submit(ada.get(own), own, phone="13900000009").status == 303
    with world.app.app_context():
        member = db.session.get_one(Member, olga.id)
        assert (member.email, member.phone, member.position) == (olga.email, None, "Chair")

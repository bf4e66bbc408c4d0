"""What the reading calls answer: the promised names, the forum's own values, to whom it may be shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from forum.classes.models import Role, TrainingClass
from forum.classes.operations import archive_class, create_class, enrol_member
from forum.db import db
from forum.statistics.figures import FIGURES
from tests.api.conftest import PATHS, Program
from tests.cast import NOW, World
from tests.discussions.test_pages import statements

ProgramOf = Callable[..., Program]


@pytest.mark.one_database
def test_the_member(world: World, program_of: ProgramOf) -> None:
    assert program_of(world.cast.tina, "read").get("/me").json == {
        "id": world.cast.tina.id,
        "name": "Tina",
        "email": "tina@example.org",
        "position": "",
        "unit": "City / East",
        "administrator": False,
        "language": None,
        "token": {"name": "A script", "scope": "read"},
    }


@pytest.mark.one_database
def test_classes_are_one_s_own_with_one_s_role_in_them(world: World, program_of: ProgramOf) -> None:
    olga = program_of(world.cast.olga)
    spring = {
        "slug": "spring",
        "title": "Spring seminar",
        "kind": "class",
        "description": "",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-13",
        "timezone": "Asia/Shanghai",
        "archived": False,
        "role": "instructor",
        "organises": True,
    }
    assert olga.get("/classes").json == {"classes": [spring], "next": None}
    assert olga.get("/classes/spring").json == spring
    assert program_of(world.cast.wendy).get("/classes").json["classes"] == []
    everything = program_of(world.cast.ada).get("/classes").json["classes"]
    assert [(each["slug"], each["role"]) for each in everything] == [("autumn", None), ("spring", None)]


def test_classes_come_page_by_page_the_latest_first_archived_ones_last(world: World, program_of: ProgramOf) -> None:
    ada = program_of(world.cast.ada)
    with world.inside():
        for name in ("a", "b", "c"):
            create_class(name, name, date(2026, 3, 2), date(2026, 3, 3), "Asia/Shanghai")
        archive_class(db.session.query(TrainingClass).filter_by(slug="autumn").one())
        archive_class(db.session.query(TrainingClass).filter_by(slug="b").one())
    whole = [each["slug"] for each in ada.get("/classes").json["classes"]]
    assert whole == ["c", "a", "spring", "autumn", "b"]
    found, after = [], ""
    while after is not None:
        page = ada.get(f"/classes?limit=2&after={after}").json
        found += [each["slug"] for each in page["classes"]]
        after = page["next"]
    assert found == whole
    assert ada.get("/classes?after=nowhere").json["errors"] == {"after": "Send what the page before gave as “next”."}


def test_discussions_with_their_windows_and_figures(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    world.discussion("For the second group", groups=["second"])
    tina = program_of(world.cast.tina)
    listed = tina.get("/classes/spring/discussions").json["discussions"]
    assert [each["title"] for each in listed] == ["The first lecture"]
    assert (
        listed[0]
        == tina.get(f"/discussions/{discussion_id}").json
        == {
            "id": discussion_id,
            "class_slug": "spring",
            "title": "The first lecture",
            "prompt": "",
            "prompt_html": "",
            "stage": "during",
            "state": "open",
            "opens_at": None,
            "closes_at": "2026-03-02T17:00:00+08:00",
            "audience": "class",
            "post_first": False,
            "revision": 4,
            "figures": {
                "posts": 3,
                "reflections": 2,
                "replies": 1,
                "participants": 2,
                "trainees": 2,
                "participation_rate": 1.0,
                "comments": 1,
                "commented": 1,
                "comment_coverage": 0.5,
            },
        }
    )
    staff = program_of(world.cast.ivan).get("/classes/spring/discussions").json["discussions"]
    assert len(staff) == 2


@pytest.mark.one_database
@pytest.mark.parametrize(("hours", "state"), [(-1, "closed"), (0, "closed"), (1, "open")])
def test_a_discussion_says_what_it_is_now(hours: int, state: str, world: World, program_of: ProgramOf) -> None:
    discussion_id = world.discussion(opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(hours=3))
    world.clock.advance(hours=3 - hours)
    assert program_of(world.cast.tina).get(f"/discussions/{discussion_id}").json["state"] == state


@pytest.mark.one_database
def test_figures_are_those_of_the_class(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    ivan = program_of(world.cast.ivan)
    answer = ivan.get("/classes/spring/figures?by=trainee&from=&to=2026-03-02", Accept_Language="en").json
    totals = world.totals()
    assert answer["totals"] == {name: getattr(totals, name) for name in FIGURES}
    assert list(answer["rows"][0]) == ["key", "name", *FIGURES]
    assert [(row["name"], row["posts"]) for row in answer["rows"]] == [("Tina", 2), ("Tom", 1)]
    assert set(answer["definitions"]) == set(FIGURES)
    assert ivan.get("/classes/spring/figures").json["rows"] == []
    chinese = ivan.get("/classes/spring/figures", Accept_Language="zh-CN").json["definitions"]["posts"]
    assert chinese != answer["definitions"]["posts"]


def test_figures_of_a_part_of_the_class(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    ivan = program_of(world.cast.ivan)

    def posts(query: str) -> list[int]:
        answer = ivan.get(f"/classes/spring/figures?by=discussion&{query}").json
        return [answer["totals"]["posts"], *(row["posts"] for row in answer["rows"])]

    group = world.cast.spring.groups["second"]
    unit = next(row for row in ivan.get("/classes/spring/figures?by=unit").json["rows"] if row["name"] == "City / East")
    assert posts("") == posts(f"discussion={discussion_id}&stage=during") == [3, 3]
    assert posts(f"group={group}") == [1, 1]
    assert posts(f"unit={unit['key']}") == [2, 2]
    assert posts("stage=after")[0] == 0
    rows = ivan.get("/classes/spring/figures?by=unit&level=0").json["rows"]
    assert [(row["name"], row["posts"]) for row in rows if row["posts"]] == [("City", 3)]
    elsewhere = world.discussion(slug="autumn")
    wrong = ivan.get(f"/classes/spring/figures?discussion={elsewhere}&group=999&unit=999&stage=x&level=x")
    assert (wrong.status_code, set(wrong.json["errors"])) == (422, {"discussion", "group", "unit", "stage", "level"})


@pytest.mark.one_database
def test_what_cannot_be_understood_is_named(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    ivan = program_of(world.cast.ivan)
    answer = ivan.get("/classes/spring/figures?by=moon&from=2026-13-01&form=short")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"by", "from", "form"})
    assert ivan.get("/classes/spring/figures?from=2026-03-03&to=2026-03-02").json["errors"].keys() == {"to"}
    for query in ("limit=201", "limit=0", "after=-1", "after=x", "since=99999999999"):
        answer = ivan.get(f"/discussions/{discussion_id}/posts?{query}")
        assert (answer.status_code, list(answer.json["errors"])) == (422, [query.partition("=")[0]])


def test_posts_in_order_of_number_page_by_page(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    tom = program_of(world.cast.tom)
    answer = tom.get(f"/discussions/{discussion_id}/posts").json
    assert list(answer) == ["revision", "posts", "next"]
    assert (answer["revision"], answer["next"]) == (4, None)
    assert [(post["number"], post["parent"], post["depth"]) for post in answer["posts"]] == [
        (1, None, 0), (2, 1, 1), (3, None, 0), (4, 3, 1),
    ]  # fmt: skip
    assert answer["posts"][0] == {
        "number": 1,
        "parent": None,
        "depth": 0,
        "author": {"id": world.cast.tina.id, "name": "Tina", "role": "trainee", "unit": "City / East"},
        "body": "**Tina** says",
        "html": "<p><strong>Tina</strong> says</p>\n",
        "created_at": "2026-03-02T09:00:00+08:00",
        "edited_at": None,
        "late": False,
        "featured": False,
        "hidden": False,
        "deleted": False,
    }
    assert answer["posts"][1]["author"]["role"] == "instructor"
    first = tom.get(f"/discussions/{discussion_id}/posts?limit=3").json
    second = tom.get(f"/discussions/{discussion_id}/posts?limit=3&after={first['next']}").json
    assert (first["next"], second["next"]) == (3, None)
    assert first["posts"] + second["posts"] == answer["posts"]
    assert tom.get(f"/discussions/{discussion_id}/posts/4").json == answer["posts"][3]


def test_since_a_revision_come_new_and_changed_posts_alike(
    world: World, program_of: ProgramOf, discussion_id: int
) -> None:
    tom, path = program_of(world.cast.tom), f"/discussions/{discussion_id}/posts"
    before = tom.get(path).json["revision"]
    assert tom.get(f"{path}?since={before}").json == {"revision": before, "posts": [], "next": None}
    world.change("feature", world.cast.ivan, discussion_id, 1)
    world.change("edit", world.cast.tina, discussion_id, 4, "Another text")
    world.publish(world.cast.ivan, discussion_id, "New", 3)
    answer = tom.get(f"{path}?since={before}").json
    assert [(post["number"], post["featured"]) for post in answer["posts"]] == [(1, True), (4, False), (5, False)]
    assert answer["posts"][1]["edited_at"] == "2026-03-02T09:00:00+08:00"
    assert answer["revision"] == before + 3
    first = tom.get(f"{path}?since={before}&limit=2").json
    assert [post["number"] for post in tom.get(f"{path}?since={before}&after={first['next']}").json["posts"]] == [5]


@pytest.mark.one_database
def test_what_has_not_changed_is_not_sent_again(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    ivan = program_of(world.cast.ivan)
    for path in ["/me", "/classes", *PATHS]:
        path = path.format(id=discussion_id)
        first = ivan.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache"
        again = ivan.get(path, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.get_data()) == (304, b""), path
    posts = f"/discussions/{discussion_id}/posts"
    tag = ivan.get(posts).headers["ETag"]
    with statements() as asked:
        assert ivan.get(posts, If_None_Match=tag).status_code == 304
    assert not [statement for statement in asked if "posts.body" in statement]
    world.change("feature", world.cast.ivan, discussion_id, 1)
    assert ivan.get(posts, If_None_Match=tag).status_code == 200
    # The reader is part of it: to somebody else the same tag says nothing.
    assert program_of(world.cast.tom).get(posts, If_None_Match=ivan.get(posts).headers["ETag"]).status_code == 200


@pytest.mark.one_database
def test_much_takes_no_more_statements_than_little(world: World, program_of: ProgramOf, discussion_id: int) -> None:
    ivan = program_of(world.cast.ivan)
    paths = ["/classes", "/classes/spring/discussions", f"/discussions/{discussion_id}/posts?limit=200"]
    few, many = [asked(ivan, path) for path in paths], []
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 150)
    for number in range(10):
        world.discussion(f"Lecture {number}")
        with world.inside():
            created = create_class(f"c{number}", "Another", date(2026, 3, 2), date(2026, 3, 3), "Asia/Shanghai")
            enrol_member(created, world.member(world.cast.ivan), Role.INSTRUCTOR)
    many = [asked(ivan, path) for path in paths]
    assert many == few
    assert len(ivan.get(paths[2]).json["posts"]) == 154


def asked(program: Program, path: str) -> int:
    with statements() as counted:
        assert program.get(path).status_code == 200
    return len(counted)


def test_times_bear_the_offset_of_the_class(world: World, program_of: ProgramOf) -> None:
    with world.inside():
        created = create_class("far", "Far away", date(2026, 3, 2), date(2026, 3, 3), "-05:00")
        enrol_member(created, world.member(world.cast.tina), Role.TRAINEE)
    discussion_id = world.discussion(slug="far", opens_at=NOW - timedelta(days=1))
    world.publish(world.cast.tina, discussion_id)
    tina = program_of(world.cast.tina)
    at: Any = tina.get(f"/discussions/{discussion_id}/posts").json["posts"][0]["created_at"]
    assert (at, datetime.fromisoformat(at)) == ("2026-03-01T20:00:00-05:00", NOW)
